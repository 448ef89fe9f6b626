// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the Latency view shows of all observations: a line each way, over the range that the user
// chose, those with data first.
// Thread contract: pure functions over published snapshots; quick enough for the GUI thread.
// Bound: slices_max slices a line.
#pragma once

#include <vector>

#include "widgets/common/time_range.h"
#include "widgets/latency/latency_card.h"

namespace weir {

/// The shared range as record times, bounded: "everything" is from the first to the newest event
/// that is in memory, five minutes at least; a history goes back further for whoever names a time.
LatencyRange latency_range(const std::vector<LatencySeen>& seen, const TimeRange& range,
                           std::int64_t now_us);

/// How wide the slices of a range are: 10 s up to half an hour, then minutes, hours at most.
std::int64_t slice_width_us(const LatencyRange& range);

std::vector<LatencyLine> latency_lines(const std::vector<LatencySeen>& seen,
                                       const Vocabulary& vocabulary, ClockPolicy policy,
                                       const LatencyRange& range);

/// Those that have a target, without their slices.
std::vector<LatencyLine> latency_targets(const std::vector<LatencySeen>& seen,
                                         const Vocabulary& vocabulary, const LatencyRange& range);

} // namespace weir
