// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Durations as a workspace writes them: "37 ms", "2s", "10 min", "1.5 h", "7 d".
// Thread contract: plain functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir {

/// Microseconds, or nullopt if `text` is no duration ("m" and "min" are minutes).
std::optional<std::int64_t> parse_duration_us(std::string_view text);

/// The same in the largest unit that needs no fraction, e.g. "90 s".
/// REQUIRES: duration_us >= 0.
std::string format_duration_us(std::int64_t duration_us);

} // namespace weir
