// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How large a record the topics take that the collector writes to (record_limits.h).
// Thread contract: blocks up to `timeout`. Bound: two topics.
#pragma once

#include <algorithm>
#include <chrono>
#include <string>

#include "connectors/kafka/sandbox/sandbox.h"

namespace weir::sandbox {

struct OutletLimits {
    /// Key and value of a record, whatever the broker takes; that much it takes usually.
    static constexpr std::size_t record_bytes_max = 990'000;
    /// A topic that takes less cannot tell what is wrong with an event.
    static constexpr std::size_t record_bytes_min = 16'000;

    std::size_t raw_bytes = record_bytes_max;     // of a record for the topic of good events
    std::size_t invalid_bytes = record_bytes_max; // for that of dead letters
    /// Of several records for one partition, so that both topics take them.
    std::size_t batch_bytes() const { return std::min(raw_bytes, invalid_bytes); }
};

/// What the settings of the topics say; where they may not be asked for, and on the embedded
/// cluster, which has none, what is usual. Errors: Config (a topic takes too little, or compaction
/// would delete events of the same session).
Result<OutletLimits> outlet_limits(const kafka::SandboxTicket& ticket, const std::string& raw_topic,
                                   const std::string& invalid_topic,
                                   std::chrono::milliseconds timeout);

} // namespace weir::sandbox
