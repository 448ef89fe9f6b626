// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/admin/time_search.h"

#include <optional>

#include "connectors/kafka/client/single_read.h"
#include "connectors/kafka/observer.h"

namespace weir::kafka {
namespace {

struct Found {
    std::int64_t offset = -1; // -1: nothing at or after the place asked for
    std::int64_t timestamp_ms = -1;
};

/// A partition, for a client that looks into it.
struct Place {
    rd_kafka_t* client;
    rd_kafka_topic_t* topic;
    PartitionId partition;
};

/// The first record at `from` or later.
Result<Found> read_one(const Place& at, std::int64_t from, const std::string& connection,
                       Deadline deadline) {
    SingleRead read(at.client, at.topic, at.partition, Offset(from));
    if (!read.started())
        return kafka_error(read.error(), "a record could not be read", connection);
    for (;;) {
        const MessageHandle message = read.next(remaining(deadline));
        if (!message)
            return kafka_error(RD_KAFKA_RESP_ERR__TIMED_OUT, "a record was not read", connection);
        if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
            return Found{};
        if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR)
            return kafka_error(message->err, "a record could not be read", connection);
        if (message->offset < from)
            continue; // of a batch that began before
        return Found{message->offset, rd_kafka_message_timestamp(message.get(), nullptr)};
    }
}

Result<Offset> bisect(const Place& at, const PartitionOffsets& range, Micros time,
                      const std::string& connection, Deadline deadline) {
    std::int64_t low = range.begin.value();
    std::int64_t high = range.end.value();
    Offset answer(-1);
    while (low < high) {
        const std::int64_t middle = low + (high - low) / 2;
        const Result<Found> found = read_one(at, middle, connection, deadline);
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
    // What is asked next waits for the fetch that follows the one that answered. A client below 2.2
    // that waits so little may not end once its topic is gone: an embedded cluster's never is.
    const Result<Client> client = cluster.new_client({{"fetch.wait.max.ms", "10"}});
    for (const PartitionOffsets& range : ranges) {
        OffsetAtTime answer{range.at, Offset(-1), true, range.error};
        if (!client) {
            answer.error = client.error();
        } else if (!range.error) {
            const TopicHandle topic(
                rd_kafka_topic_new(client->get(), range.at.topic.c_str(), nullptr));
            const Result<Offset> found = bisect({client->get(), topic.get(), range.at.partition},
                                                range, time, connection, deadline);
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
