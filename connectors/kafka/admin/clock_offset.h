// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How far the brokers' clocks are from this computer's. Kafka tells no time; but a record that was
// not there when the end was asked for, and then came, was stamped in between, and two times of
// this computer's clock enclose the broker's. Only stamps of a broker count: LogAppendTime, and
// those of the groups' own topic. Thread contract: from any thread; blocks up to the timeout.
// Bound: `rounds_max` questions.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connectors/kafka/cluster.h"

namespace weir::kafka {

/// The broker's clock minus this computer's, which lies between the two; they are as far apart as
/// the quickest record took from being asked for to being here.
struct ClockOffset {
    std::int64_t least_us = 0;
    std::int64_t most_us = 0;
    int records = 0;
    std::string topic; // one whose records told
};

/// Watches `topics`, which must be readable, for at most `timeout`. None: no such record came.
std::optional<ClockOffset> measure_clock(const std::shared_ptr<Cluster>& cluster,
                                         std::vector<std::string> topics,
                                         std::chrono::milliseconds timeout);

} // namespace weir::kafka
