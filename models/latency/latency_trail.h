// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is known of latencies by stretch of record time, and as it was published.
// Thread contract, bound: CellTrail's.
#pragma once

#include <compare>

#include "models/event/fold/cell_trail.h"
#include "models/event/place.h"
#include "models/latency/latency_cell.h"

namespace weir {

/// What cells are about: a place by itself (`from` is no_place), or the way of a stage.
struct LatencyScope {
    std::uint16_t stage = 0; // index in LatencyOptions::stages; 0 for a place by itself
    PlaceId from = no_place;
    PlaceId to = no_place;
    auto operator<=>(const LatencyScope&) const = default;
};

using LatencyTrail = CellTrail<LatencyCell, LatencyScope>;
using LatencyBucket = LatencyTrail::Published;
using LatencyCells = LatencyBucket::Cells;
using LatencyBuckets = LatencyTrail::AllPublished;

} // namespace weir
