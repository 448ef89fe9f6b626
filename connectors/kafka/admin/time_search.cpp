// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/admin/time_search.h"

#include <optional>

#include "connectors/kafka/admin/admin_wait.h"
#include "connectors/kafka/observer.h"

namespace weir::kafka {
namespace {

using Deadline = std::chrono::steady_clock::time_point;

struct Found {
    std::int64_t offset = -1; // -1: nothing at or after the place asked for
    std::int64_t timestamp_ms = -1;
};

/// The first record at `from` or later.
Result<Found> read_one(rd_kafka_topic_t* topic, std::int32_t partition, std::int64_t from,
                       const std::string& connection, Deadline deadline) {
    if (rd_kafka_consume_start(topic, partition, from) != 0)
        return kafka_error(rd_kafka_last_error(), "a record could not be read", connection);
    Result<Found> result = Found{};
    for (;;) {
        const MessageHandle message(rd_kafka_consume(topic, partition, left_ms(deadline)));
        if (!message) {
            result = kafka_error(RD_KAFKA_RESP_ERR__TIMED_OUT, "a record was not read", connection);
            break;
        }
        if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
            break;
        if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
            result = kafka_error(message->err, "a record could not be read", connection);
            break;
        }
        if (message->offset < from)
            continue; // of a batch that began before
        result = Found{message->offset, rd_kafka_message_timestamp(message.get(), nullptr)};
        break;
    }
    rd_kafka_consume_stop(topic, partition);
    return result;
}

Result<Offset> bisect(rd_kafka_topic_t* topic, const PartitionOffsets& range, Micros time,
                      const std::string& connection, Deadline deadline) {
    std::int64_t low = range.begin.value();
    std::int64_t high = range.end.value();
    Offset answer(-1);
    while (low < high) {
        const std::int64_t middle = low + (high - low) / 2;
        const Result<Found> found =
            read_one(topic, range.at.partition.value(), middle, connection, deadline);
        if (!found)
            return found.error();
        if (found->offset < 0 || found->offset >= high) {
            high = middle; // nothing but a hole from here on
        } else if (Micros::from_ms(found->timestamp_ms) >= time) {
            answer = Offset(found->offset);
            high = middle;
        } else {
            low = found->offset + 1;
        }
    }
    return answer;
}

} // namespace

std::vector<OffsetAtTime> search_times(ObservedCluster& cluster,
                                       const std::vector<PartitionOffsets>& ranges, Micros time,
                                       Deadline deadline) {
    const std::string& connection = cluster.options().name;
    std::vector<OffsetAtTime> answers;
    const Result<Client> client = cluster.new_client({{"fetch.wait.max.ms", "10"}});
    for (const PartitionOffsets& range : ranges) {
        OffsetAtTime answer{range.at, Offset(-1), true, range.error};
        if (!client) {
            answer.error = client.error();
        } else if (!range.error) {
            const TopicHandle topic(
                rd_kafka_topic_new(client->get(), range.at.topic.c_str(), nullptr));
            const Result<Offset> found = bisect(topic.get(), range, time, connection, deadline);
            if (found)
                answer.offset = *found;
            else
                answer.error = found.error();
        }
        answers.push_back(std::move(answer));
    }
    return answers;
}

} // namespace weir::kafka
