// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/admin/topic_sight.h"

#include "connectors/kafka/admin/admin_wait.h"

namespace weir::kafka {

Result<bool> sees_all_topics(ObservedCluster& cluster, Deadline deadline) {
    const std::string& name = cluster.options().name;
    const std::string what = "whether all topics are shown was not told";
    auto metadata = fetch_metadata(cluster.client(), nullptr, name, remaining(deadline));
    if (!metadata)
        return metadata.error();
    if ((*metadata)->broker_cnt < 1)
        return kafka_error(RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE, what, name);
    const ResourceHandle broker(rd_kafka_ConfigResource_new(
        RD_KAFKA_RESOURCE_BROKER, std::to_string((*metadata)->brokers[0].id).c_str()));
    const auto options =
        admin_options(cluster.client(), RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, deadline);
    const QueueHandle queue(rd_kafka_queue_new(cluster.client()));
    rd_kafka_ConfigResource_t* one = broker.get();
    rd_kafka_DescribeConfigs(cluster.client(), &one, 1, options.get(), queue.get());
    const EventHandle event(rd_kafka_queue_poll(queue.get(), remaining_ms(deadline) + 500));
    auto err = event ? rd_kafka_event_error(event.get()) : RD_KAFKA_RESP_ERR__TIMED_OUT;
    if (err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        std::size_t count = 0;
        const auto** found = rd_kafka_DescribeConfigs_result_resources(
            rd_kafka_event_DescribeConfigs_result(event.get()), &count);
        err = count == 1 ? rd_kafka_ConfigResource_error(found[0]) : RD_KAFKA_RESP_ERR_UNKNOWN;
    }
    if (err == RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED)
        return false;
    if (err != RD_KAFKA_RESP_ERR_NO_ERROR)
        return kafka_error(err, what, name);
    return true;
}

} // namespace weir::kafka
