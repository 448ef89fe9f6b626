// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// When something was watched, and when it was not: what nobody watched is a gap, never zero.
// Thread contract: pure functions and plain values.
#pragma once

#include <string>
#include <vector>

#include "models/event/fold/record_range.h"
#include "models/event/sighting.h"

namespace weir {

/// What is known of one observation's time, and of what is kept of it.
struct WatchedTime {
    std::vector<RecordRange> stretches; // in order, apart from each other
    std::string trouble;                // of the history, one line; "": none
};

/// `before` and the stretch that is being watched now, as far as its marks tell.
std::vector<RecordRange> watched_until_now(std::vector<RecordRange> before,
                                           const std::vector<Watermark>& marks);

/// The parts of the range that are in none of the stretches, of `least_us` at least.
/// REQUIRES: a bounded range; stretches in order, apart from each other.
std::vector<RecordRange> unwatched(const std::vector<RecordRange>& stretches,
                                   const RecordRange& range, std::int64_t least_us);

/// Joins stretches that touch or overlap.
std::vector<RecordRange> joined(std::vector<RecordRange> stretches);

} // namespace weir
