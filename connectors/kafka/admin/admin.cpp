// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/admin/admin.h"

#include <cassert>

#include "connectors/kafka/admin/admin_wait.h"
#include "connectors/kafka/admin/offsets.h"
#include "connectors/kafka/admin/time_search.h"
#include "connectors/kafka/observer.h"
#include "connectors/kafka/read/record_look.h"

namespace weir::kafka {
namespace {

constexpr std::size_t partitions_a_question = 2000;

ObservedCluster& inside_of(Cluster& cluster) {
    ObservedCluster* inside = observed(cluster);
    assert(inside);
    return *inside;
}

TopicInfo to_topic(const rd_kafka_metadata_topic_t& from, const std::string& connection) {
    TopicInfo topic;
    topic.name = from.topic;
    if (from.err != RD_KAFKA_RESP_ERR_NO_ERROR)
        topic.error = kafka_error(from.err, "topic " + topic.name + " cannot be seen", connection);
    for (int p = 0; p < from.partition_cnt; ++p) {
        const rd_kafka_metadata_partition_t& partition = from.partitions[p];
        PartitionInfo info;
        info.id = PartitionId(partition.id);
        info.leader = partition.leader;
        info.replicas.assign(partition.replicas, partition.replicas + partition.replica_cnt);
        info.in_sync.assign(partition.isrs, partition.isrs + partition.isr_cnt);
        topic.partitions.push_back(std::move(info));
    }
    std::sort(topic.partitions.begin(), topic.partitions.end(),
              [](const auto& a, const auto& b) { return a.id < b.id; });
    return topic;
}

/// Asks in slices, so that no request grows with the number of partitions, and patiently: the
/// partitions that do not answer get half of the time that is left.
std::vector<OffsetAnswer> ask_patiently(rd_kafka_t* client,
                                        const std::vector<TopicPartition>& partitions,
                                        std::int64_t time_ms,
                                        std::chrono::steady_clock::time_point deadline) {
    std::vector<OffsetAnswer> answers;
    for (std::size_t from = 0; from < partitions.size(); from += partitions_a_question) {
        const std::size_t to = std::min(partitions.size(), from + partitions_a_question);
        std::vector<OffsetQuestion> slice;
        for (std::size_t i = from; i < to; ++i)
            slice.push_back({partitions[i].topic, partitions[i].partition, time_ms});
        const auto enough = deadline_after(remaining(deadline) / 2);
        const auto some = ask_offsets_patiently(client, slice, deadline, enough);
        answers.insert(answers.end(), some.begin(), some.end());
    }
    return answers;
}

NextRecord::Seen seen_of(RecordLook::Seen seen) {
    switch (seen) {
    case RecordLook::Seen::Record:
        return NextRecord::Seen::Record;
    case RecordLook::Seen::Nothing:
        return NextRecord::Seen::Nothing;
    case RecordLook::Seen::PastEnd:
        return NextRecord::Seen::PastEnd;
    case RecordLook::Seen::NoTopic:
        return NextRecord::Seen::NoTopic;
    case RecordLook::Seen::Unanswered:
        break;
    }
    return NextRecord::Seen::Unanswered;
}

std::string name_of(const TopicPartition& at) {
    return at.topic + "/" + std::to_string(at.partition.value());
}

} // namespace

Admin::Admin(std::shared_ptr<Cluster> cluster)
    : m_cluster(std::move(cluster))
    , m_inside(inside_of(*m_cluster)) {}

Error Admin::failure(int code, const std::string& what) const {
    return m_inside.unanswered(static_cast<rd_kafka_resp_err_t>(code), what);
}

Result<std::string> Admin::cluster_id(Wait timeout) {
    return m_cluster->cluster_id(timeout);
}

Result<ClusterInfo> Admin::cluster_info(Wait timeout) {
    const auto found = ask_metadata(m_inside, nullptr, deadline_after(timeout));
    if (!found)
        return found.error();
    const MetadataHandle& metadata = *found;
    ClusterInfo info;
    for (int b = 0; b < metadata->broker_cnt; ++b) {
        const rd_kafka_metadata_broker_t& broker = metadata->brokers[b];
        info.brokers.push_back({broker.id, broker.host ? broker.host : "", broker.port});
    }
    for (int t = 0; t < metadata->topic_cnt; ++t)
        info.topics.push_back(to_topic(metadata->topics[t], m_cluster->options().name));
    std::sort(info.brokers.begin(), info.brokers.end(),
              [](const auto& a, const auto& b) { return a.id < b.id; });
    std::sort(info.topics.begin(), info.topics.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
    return info;
}

Result<TopicInfo> Admin::topic_info(const std::string& topic, Wait timeout) {
    const std::string& connection = m_cluster->options().name;
    auto metadata = ask_metadata(m_inside, topic.c_str(), deadline_after(timeout));
    if (!metadata)
        return metadata.error();
    for (int t = 0; t < (*metadata)->topic_cnt; ++t) {
        TopicInfo info = to_topic((*metadata)->topics[t], connection);
        if (info.name != topic)
            continue;
        if (info.error)
            return *info.error;
        return info;
    }
    return failure(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, "topic " + topic + " was not found");
}

std::vector<PartitionOffsets> Admin::offsets(const std::vector<TopicPartition>& partitions,
                                             Wait timeout) {
    const auto deadline = deadline_after(timeout);
    const auto begins = edges(partitions, Edge::Begin, timeout);
    const auto ends = edges(partitions, Edge::End, remaining(deadline));
    std::vector<PartitionOffsets> answers;
    answers.reserve(partitions.size());
    for (std::size_t i = 0; i < partitions.size(); ++i) {
        PartitionOffsets answer{partitions[i], begins[i].offset, ends[i].offset, begins[i].error};
        if (!answer.error)
            answer.error = ends[i].error;
        if (answer.error)
            answer.begin = answer.end = Offset(-1);
        answers.push_back(std::move(answer));
    }
    return answers;
}

std::vector<EdgeOffset> Admin::edges(const std::vector<TopicPartition>& partitions, Edge edge,
                                     Wait timeout) {
    std::vector<EdgeOffset> answers(partitions.size());
    const Result<rd_kafka_t*> client = edge == Edge::LastStable
                                           ? m_inside.committed_client()
                                           : Result<rd_kafka_t*>(m_inside.client());
    if (!client) {
        for (EdgeOffset& answer : answers)
            answer.error = client.error();
        return answers;
    }
    const auto found =
        ask_patiently(*client, partitions, edge == Edge::Begin ? time_of_begin : time_of_end,
                      deadline_after(timeout));
    for (std::size_t i = 0; i < partitions.size(); ++i) {
        if (found[i].err == RD_KAFKA_RESP_ERR_NO_ERROR)
            answers[i].offset = found[i].offset;
        else
            answers[i].error = failure(found[i].err, "the offsets of " + name_of(partitions[i]) +
                                                         " could not be had");
    }
    return answers;
}

std::vector<NextRecord> Admin::next_records(const std::vector<TopicPartition>& partitions,
                                            const std::vector<Offset>& from, Wait timeout,
                                            const std::stop_token& stop) {
    assert(partitions.size() == from.size());
    std::vector<RecordPlace> places;
    for (std::size_t i = 0; i < partitions.size(); ++i)
        places.push_back({partitions[i].topic, partitions[i].partition, from[i]});
    const std::vector<RecordLook> looks =
        look_at_records(m_inside, places, deadline_after(timeout), stop, Isolation::ReadCommitted);
    std::vector<NextRecord> answers;
    for (const RecordLook& look : looks)
        answers.push_back(
            {seen_of(look.seen), look.mark.offset, look.time.at, look.time.type, look.bytes});
    return answers;
}

std::vector<OffsetAtTime> Admin::offsets_at(const std::vector<TopicPartition>& partitions,
                                            Micros time, Wait timeout) {
    const auto deadline = deadline_after(timeout);
    if (m_inside.embedded(deadline))
        return search_times(m_inside, offsets(partitions, timeout), time, deadline);
    const auto found = ask_patiently(m_inside.client(), partitions, first_ms_from(time), deadline);
    std::vector<OffsetAtTime> answers;
    answers.reserve(partitions.size());
    for (std::size_t i = 0; i < partitions.size(); ++i) {
        OffsetAtTime answer{partitions[i], found[i].offset, false, std::nullopt};
        if (found[i].err != RD_KAFKA_RESP_ERR_NO_ERROR) {
            answer.offset = Offset(-1);
            answer.error = failure(found[i].err, "the offset of " + name_of(partitions[i]) +
                                                     " at that time could not be had");
        }
        answers.push_back(std::move(answer));
    }
    return answers;
}

} // namespace weir::kafka
