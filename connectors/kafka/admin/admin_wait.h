// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the parts of admin share: time left, and librdkafka's admin questions. Inside admin*.cpp
// only. Thread contract: pure functions.
#pragma once

#include <algorithm>
#include <chrono>

#include "connectors/kafka/client/handles.h"

namespace weir::kafka {

using AdminOptionsHandle =
    std::unique_ptr<rd_kafka_AdminOptions_t, DestroyWith<rd_kafka_AdminOptions_destroy>>;

inline std::chrono::steady_clock::time_point deadline_after(std::chrono::milliseconds wait) {
    return std::chrono::steady_clock::now() + wait;
}

/// At least 1: 0 and less mean "for ever" to librdkafka here and there.
inline int left_ms(std::chrono::steady_clock::time_point deadline) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 1, 3'600'000));
}

inline AdminOptionsHandle admin_options(rd_kafka_t* client, rd_kafka_admin_op_t operation,
                                        std::chrono::steady_clock::time_point deadline) {
    AdminOptionsHandle options(rd_kafka_AdminOptions_new(client, operation));
    rd_kafka_AdminOptions_set_request_timeout(options.get(), left_ms(deadline), nullptr, 0);
    return options;
}

} // namespace weir::kafka
