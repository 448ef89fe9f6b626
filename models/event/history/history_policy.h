// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How long a history is kept, and how finely. Thread contract: a plain value.
#pragma once

#include <cstdint>

namespace weir {

struct HistoryPolicy {
    static constexpr std::int64_t policy_day_us = 86'400LL * 1'000'000;
    std::int64_t hot_us = 2 * policy_day_us;    // by minute up to that age
    std::int64_t warm_us = 30 * policy_day_us;  // by hour
    std::int64_t cold_us = 400 * policy_day_us; // by day; then it goes
    std::uint64_t bytes_max = 512ULL << 20;     // of a connection's file

    bool operator==(const HistoryPolicy&) const = default;
};

} // namespace weir
