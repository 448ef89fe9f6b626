// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What weir watch prints: JSON objects, one a line, as weir(1) has them.
// Thread contract: pure functions. Bound: reasons_line_max reasons a line, WatchLook's.
#pragma once

#include <string>

#include "app/cli/watch_look.h"
#include "models/finding/finding_changes.h"

namespace weir::cli {

inline constexpr std::size_t reasons_line_max = 100;

/// {"kind":"start",…}. `metrics`: where they are to be had; "": nowhere. `window_us`: 0: all.
std::string start_line(Micros at, const std::string& connection, const std::string& metrics,
                       std::int64_t every_us, std::int64_t window_us);
/// {"kind":"sample",…}
std::string sample_line(const WatchLook& look);
/// {"kind":"finding","state":"began",…}. `target`: how weir reaches what it is about.
std::string finding_line(const FindingChange& change, Micros at, const std::string& target);
/// {"kind":"outage","state":"began",…}
std::string outage_line(const ReadingState& state, bool began, Micros at,
                        const std::string& connection);

} // namespace weir::cli
