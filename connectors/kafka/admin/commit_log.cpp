// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/admin/commit_log.h"

#include <algorithm>
#include <set>

#include "connectors/kafka/admin/admin_wait.h"
#include "connectors/kafka/admin/commit_record.h"
#include "connectors/kafka/read/reader.h"

namespace weir::kafka {

namespace {

constexpr std::chrono::milliseconds commits_poll_wait{20};

Error with_advice(Error error) {
    if (error.code == ErrorCode::NotPermitted)
        error.advice = std::string("It takes the rights DESCRIBE and READ on the topic ") +
                       commits_topic + ".";
    return error;
}

class CommitReading {
  public:
    CommitReading(std::shared_ptr<Cluster> cluster, Micros since, Deadline deadline,
                  std::stop_token stop)
        : m_cluster(std::move(cluster))
        , m_admin(m_cluster)
        , m_since(since)
        , m_deadline(deadline)
        , m_stop(std::move(stop)) {}

    Result<CommitLog> read(const std::vector<std::string>& groups) {
        const auto topic = m_admin.topic_info(commits_topic, remaining(m_deadline));
        if (!topic)
            return topic.error();
        const auto count = static_cast<std::int32_t>(topic->partitions.size());
        std::map<std::string, PartitionId> places;
        for (const std::string& group : groups) {
            m_log.groups[group].since = m_since;
            const PartitionId at = commits_partition(group, count);
            places.emplace(group, at);
            m_partitions.insert(at);
        }
        if (const auto planned = plan(); !planned)
            return planned.error();
        if (!m_ranges.empty())
            if (const auto read = read_ranges(); !read)
                return read.error();
        for (auto& [group, commits] : m_log.groups)
            if (const auto cut = m_cut.find(places.at(group)); cut != m_cut.end())
                commits.since = std::max(commits.since, cut->second);
        return std::move(m_log);
    }

  private:
    Result<void> plan();
    Result<void> read_ranges();
    void take(const Record& record);

    const std::shared_ptr<Cluster> m_cluster;
    Admin m_admin;
    const Micros m_since;
    const Deadline m_deadline;
    const std::stop_token m_stop;
    std::set<PartitionId> m_partitions;
    std::vector<PartitionRange> m_ranges;
    std::map<PartitionId, Micros> m_cut; // read from here on only: the oldest record had
    CommitLog m_log;
};

/// From the time asked for to the last stable offset: what lies behind an open transaction is not
/// committed.
Result<void> CommitReading::plan() {
    std::vector<TopicPartition> asked;
    for (const PartitionId id : m_partitions)
        asked.push_back({commits_topic, id});
    const auto from = m_admin.offsets_at(asked, m_since, remaining(m_deadline));
    const auto to = m_admin.edges(asked, Edge::LastStable, remaining(m_deadline));
    const std::int64_t each =
        std::max<std::int64_t>(1, commit_records_max / static_cast<std::int64_t>(asked.size()));
    for (std::size_t i = 0; i < asked.size(); ++i) {
        if (from[i].error)
            return *from[i].error;
        if (to[i].error)
            return *to[i].error;
        const std::int64_t end = to[i].offset.value();
        std::int64_t begin = from[i].offset.value();
        if (begin < 0 || begin >= end)
            continue; // nothing since
        if (end - begin > each) {
            begin = end - each;
            m_cut.emplace(asked[i].partition, Micros(INT64_MAX));
        }
        m_ranges.push_back({commits_topic, asked[i].partition, Offset(begin), Offset(end)});
    }
    return {};
}

Result<void> CommitReading::read_ranges() {
    ReadRequest request;
    request.ranges = m_ranges;
    request.isolation = Isolation::ReadCommitted;
    request.streams = m_ranges.size() > 1 ? 2 : 1;
    request.stop = m_stop;
    const auto reader = Reader::open(m_cluster, std::move(request), remaining(m_deadline));
    if (!reader)
        return reader.error();
    const std::string& name = m_cluster->options().name;
    while (!(*reader)->finished()) {
        if (m_stop.stop_requested())
            return Error{ErrorCode::Cancelled, "reading what groups committed was given up", name};
        if (std::chrono::steady_clock::now() > m_deadline)
            return Error{ErrorCode::Timeout, "what groups committed was not read in time", name};
        for (int stream = 0; stream < (*reader)->stream_count(); ++stream) {
            const RecordBatch batch = (*reader)->poll(stream, commits_poll_wait);
            for (const PartitionEvent& happened : batch.events)
                if (happened.note == PartitionNote::Failed || happened.note == PartitionNote::Gone)
                    return happened.error;
            for (const Record& record : batch.records)
                take(record);
        }
    }
    return {};
}

void CommitReading::take(const Record& record) {
    if (const auto cut = m_cut.find(record.partition); cut != m_cut.end())
        cut->second = std::min(cut->second, record.timestamp);
    const CommitRecord parsed =
        parse_commit(record.key, record.value_null ? std::nullopt
                                                   : std::optional<std::string_view>(record.value));
    using Kind = CommitRecord::Kind;
    m_log.unreadable += parsed.kind == Kind::Unreadable ? 1 : 0;
    if (parsed.kind != Kind::Commit && parsed.kind != Kind::Deletion)
        return;
    const auto group = m_log.groups.find(std::string(parsed.group));
    if (group == m_log.groups.end())
        return;
    const bool deleted = parsed.kind == Kind::Deletion;
    std::vector<SeenCommit>& seen =
        group->second.places[{std::string(parsed.topic), parsed.partition}];
    SeenCommit commit{deleted ? record.timestamp : parsed.at, deleted ? -1 : parsed.offset.value()};
    // The log's order counts; the clocks of two brokers may differ.
    if (!seen.empty())
        commit.at = std::max(commit.at, seen.back().at);
    seen.push_back(commit);
}

} // namespace

Result<CommitLog> read_commits(const std::shared_ptr<Cluster>& cluster,
                               const std::vector<std::string>& groups, Micros since,
                               std::chrono::milliseconds timeout, const std::stop_token& stop) {
    if (groups.empty())
        return CommitLog{};
    if (const ObservedCluster* inside = observed(*cluster);
        inside && inside->embedded(deadline_after(timeout)))
        return Error{ErrorCode::NotFound, "the cluster inside Weir keeps commits in no topic",
                     cluster->options().name};
    Result<CommitLog> log =
        CommitReading(cluster, since, deadline_after(timeout), stop).read(groups);
    if (!log)
        return with_advice(log.error());
    return log;
}

} // namespace weir::kafka
