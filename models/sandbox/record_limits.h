// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What topics say of the records that they take. A broker refuses a batch of records that is larger
// than the topic's max.message.bytes, and all of it: what is larger is not to be sent.
// Thread contract: blocks up to `timeout`. Bound: the topics asked about.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/kafka/cluster.h"

namespace weir::sandbox {

/// Of one topic; what may not be asked for is as it is usually.
struct RecordLimit {
    static constexpr std::int64_t usual_bytes = 1'048'588; // max.message.bytes of Kafka
    /// Around a key, a value and headers: the batch's head, the record's lengths.
    static constexpr std::int64_t framing_bytes = 200;

    std::string topic;
    std::int64_t told_bytes = usual_bytes; // its max.message.bytes
    bool compacted = false;

    /// Key, value and headers of a record.
    std::size_t bytes() const {
        return told_bytes > framing_bytes ? static_cast<std::size_t>(told_bytes - framing_bytes)
                                          : 0;
    }
};

/// What a header takes of a record.
inline std::size_t header_bytes(std::string_view name, std::string_view value) {
    constexpr std::size_t lengths = 6;
    return lengths + name.size() + value.size();
}

/// In the topics' order; a topic that was made a moment ago is waited for.
/// REQUIRES: a real cluster; the embedded one has no settings.
std::vector<RecordLimit> record_limits(const std::shared_ptr<kafka::Cluster>& cluster,
                                       const std::vector<std::string>& topics,
                                       std::chrono::milliseconds timeout);

} // namespace weir::sandbox
