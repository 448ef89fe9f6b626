// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Spans of time in microseconds, the unit of Micros.
#pragma once

#include <cstdint>

namespace weir {

inline constexpr std::int64_t millisecond_us = 1'000;
inline constexpr std::int64_t second_us = 1'000'000;
inline constexpr std::int64_t minute_us = 60 * second_us;
inline constexpr std::int64_t hour_us = 60 * minute_us;
inline constexpr std::int64_t day_us = 24 * hour_us;

inline constexpr double us_per_s = 1e6;
inline constexpr double ns_per_s = 1e9;

/// 1970-01-01 was a Thursday; Monday is 0.
inline constexpr std::int64_t epoch_weekday = 3;

} // namespace weir
