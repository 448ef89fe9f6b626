// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Owners of librdkafka's objects, and its error codes turned into Weir's errors.
// Inside connectors/kafka only. Thread contract: as librdkafka's own (clients, topics and queues
// from any thread; lists from one thread at a time).
#pragma once

#include <librdkafka/rdkafka.h>

#include <memory>
#include <string>

#include "connectors/base/result.h"

namespace weir::kafka {

template <auto Destroy>
struct DestroyWith {
    template <class T>
    void operator()(T* object) const {
        Destroy(object);
    }
};

/// A client that is a consumer skips the group's farewell: it never was in a group.
inline void destroy_client(rd_kafka_t* client) {
    rd_kafka_destroy_flags(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
}

using ClientHandle = std::unique_ptr<rd_kafka_t, DestroyWith<destroy_client>>;
using ConfHandle = std::unique_ptr<rd_kafka_conf_t, DestroyWith<rd_kafka_conf_destroy>>;
using TopicHandle = std::unique_ptr<rd_kafka_topic_t, DestroyWith<rd_kafka_topic_destroy>>;
using QueueHandle = std::unique_ptr<rd_kafka_queue_t, DestroyWith<rd_kafka_queue_destroy>>;
using EventHandle = std::unique_ptr<rd_kafka_event_t, DestroyWith<rd_kafka_event_destroy>>;
using MessageHandle = std::unique_ptr<rd_kafka_message_t, DestroyWith<rd_kafka_message_destroy>>;
using ErrorHandle = std::unique_ptr<rd_kafka_error_t, DestroyWith<rd_kafka_error_destroy>>;
using OffsetListHandle = std::unique_ptr<rd_kafka_topic_partition_list_t,
                                         DestroyWith<rd_kafka_topic_partition_list_destroy>>;
using MetadataHandle =
    std::unique_ptr<const rd_kafka_metadata_t, DestroyWith<rd_kafka_metadata_destroy>>;

/// Weir's word for a broker's or librdkafka's code.
ErrorCode error_code_of(rd_kafka_resp_err_t err);

/// The error with librdkafka's text behind `what`, and advice where the code suggests one.
Error kafka_error(rd_kafka_resp_err_t err, const std::string& what, const std::string& connection,
                  const std::string& tried = {});

/// Sets one property. Errors: Config.
Result<void> set_property(rd_kafka_conf_t* conf, const std::string& name, const std::string& value);

} // namespace weir::kafka
