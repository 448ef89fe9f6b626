// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/admin/group_offsets.h"

#include <algorithm>
#include <thread>

#include "connectors/kafka/admin/admin_wait.h"

namespace weir::kafka {

namespace {

using Milliseconds = std::chrono::milliseconds;

Error no_group(const std::string& group, const std::string& connection) {
    return {ErrorCode::NotFound, "consumer group " + group + " has no committed offset", connection,
            "looking up where it stands", "Check its name."};
}

/// One attempt. `err` is what went wrong, as a code.
Result<std::vector<Offset>> ask_once(ObservedCluster& cluster, const std::string& group,
                                     const std::vector<OffsetQuestion>& partitions,
                                     std::chrono::steady_clock::time_point deadline,
                                     rd_kafka_resp_err_t& err) {
    const std::string& connection = cluster.options().name;
    const OffsetListHandle list(
        rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size())));
    for (const OffsetQuestion& p : partitions)
        rd_kafka_topic_partition_list_add(list.get(), p.topic.c_str(), p.partition.value());
    const OffsetsQuestionHandle question(
        rd_kafka_ListConsumerGroupOffsets_new(group.c_str(), list.get()));
    const auto options =
        admin_options(cluster.client(), RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS, deadline);
    const QueueHandle queue(rd_kafka_queue_new(cluster.client()));
    rd_kafka_ListConsumerGroupOffsets_t* one = question.get();
    rd_kafka_ListConsumerGroupOffsets(cluster.client(), &one, 1, options.get(), queue.get());
    const EventHandle event(rd_kafka_queue_poll(queue.get(), remaining_ms(deadline)));
    err = event ? rd_kafka_event_error(event.get()) : RD_KAFKA_RESP_ERR__TIMED_OUT;
    std::size_t count = 0;
    const rd_kafka_group_result_t** groups = nullptr;
    if (err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        groups = rd_kafka_ListConsumerGroupOffsets_result_groups(
            rd_kafka_event_ListConsumerGroupOffsets_result(event.get()), &count);
        if (count == 0)
            return no_group(group, connection);
        if (const rd_kafka_error_t* error = rd_kafka_group_result_error(groups[0]))
            err = rd_kafka_error_code(error);
    }
    std::vector<Offset> committed;
    for (const OffsetQuestion& p : partitions) {
        if (err != RD_KAFKA_RESP_ERR_NO_ERROR)
            return kafka_error(err, "group " + group + " was not looked up", connection);
        const auto* at = rd_kafka_topic_partition_list_find(
            rd_kafka_group_result_partitions(groups[0]), p.topic.c_str(), p.partition.value());
        committed.emplace_back(at && at->offset >= 0 ? at->offset : -1);
        err = at ? at->err : RD_KAFKA_RESP_ERR_NO_ERROR;
    }
    if (err != RD_KAFKA_RESP_ERR_NO_ERROR)
        return kafka_error(err, "group " + group + " was not looked up", connection);
    return committed;
}

} // namespace

Result<bool> had_groups(ObservedCluster& cluster, Deadline deadline) {
    if (cluster.embedded(deadline))
        return true; // it keeps its groups elsewhere
    auto found = fetch_metadata(cluster.client(), "__consumer_offsets", cluster.options().name,
                                remaining(deadline));
    if (!found)
        return found.error();
    return (*found)->topic_cnt > 0 &&
           (*found)->topics[0].err != RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
}

Result<std::vector<Offset>> committed_offsets(ObservedCluster& cluster, const std::string& group,
                                              const std::vector<OffsetQuestion>& partitions,
                                              std::chrono::steady_clock::time_point deadline) {
    const std::string& connection = cluster.options().name;
    auto any = had_groups(cluster, deadline);
    if (!any)
        return any.error();
    if (!*any)
        return no_group(group, connection);
    for (Milliseconds pause(100);; pause = std::min(2 * pause, Milliseconds(1000))) {
        rd_kafka_resp_err_t err = RD_KAFKA_RESP_ERR_NO_ERROR;
        auto committed = ask_once(cluster, group, partitions, deadline, err);
        if (!committed && is_passing(err) && std::chrono::steady_clock::now() + pause < deadline) {
            std::this_thread::sleep_for(pause);
            continue;
        }
        if (committed && std::all_of(committed->begin(), committed->end(),
                                     [](Offset o) { return o.value() < 0; }))
            return no_group(group, connection);
        return committed;
    }
}

} // namespace weir::kafka
