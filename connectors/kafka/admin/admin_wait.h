// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the parts of admin share: time left, and librdkafka's admin questions. Inside admin/ only.
// Thread contract: pure functions.
#pragma once

#include <chrono>

#include "connectors/kafka/client/handles.h"
#include "connectors/kafka/observer.h"

namespace weir::kafka {

using AdminOptionsHandle =
    std::unique_ptr<rd_kafka_AdminOptions_t, DestroyWith<rd_kafka_AdminOptions_destroy>>;
using ResourceHandle =
    std::unique_ptr<rd_kafka_ConfigResource_t, DestroyWith<rd_kafka_ConfigResource_destroy>>;
using OffsetsQuestionHandle =
    std::unique_ptr<rd_kafka_ListConsumerGroupOffsets_t,
                    DestroyWith<rd_kafka_ListConsumerGroupOffsets_destroy>>;

inline Deadline deadline_after(std::chrono::milliseconds wait) {
    return std::chrono::steady_clock::now() + wait;
}

inline AdminOptionsHandle admin_options(rd_kafka_t* client, rd_kafka_admin_op_t operation,
                                        Deadline deadline) {
    AdminOptionsHandle options(rd_kafka_AdminOptions_new(client, operation));
    rd_kafka_AdminOptions_set_request_timeout(options.get(), remaining_ms(deadline), nullptr, 0);
    return options;
}

} // namespace weir::kafka
