// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Times as events carry them, as microseconds. Thread contract: pure functions; a MinuteMemo
// belongs to one thread.
#pragma once

#include <array>
#include <string_view>

#include "connectors/base/types.h"
#include "models/event/sighting.h"

namespace weir {

/// RFC 3339, also with a space for the T, any number of decimals (those past the sixth are cut) and
/// a leap second. `zone_required`: without a zone it is unparsable, otherwise it is UTC.
bool parse_rfc3339(std::string_view text, bool zone_required, Micros& time);

/// The last minute that was read: the next event is mostly of the same one.
struct MinuteMemo {
    std::array<char, 16> text{}; // 2026-11-20T10:15
    std::int64_t us = 0;         // as if it were UTC
    bool known = false;          // there has been one
};
/// The same.
bool parse_rfc3339(std::string_view text, bool zone_required, MinuteMemo& memo, Micros& time);

/// A number of `unit_us` microseconds since 1970, as JSON has numbers (decimals and exponent too).
bool parse_epoch(std::string_view text, std::int64_t unit_us, Micros& time);

/// Implausible: before 2000, or more than 366 days after `now`.
TimeState judge_time(Micros time, Micros now);

} // namespace weir
