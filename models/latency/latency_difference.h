// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the events within a stretch of time and of durations have in common against the rest: for
// each dimension how its values are spread inside and outside, and the one that sets them apart
// most. Counted in the book's own cells, so that it holds for all events and not for a sample, also
// for those whose payloads are long gone.
// Thread contract: pure functions. Bound: what was published; values_max values a dimension.
#pragma once

#include <string>
#include <vector>

#include "models/latency/latency_report.h"

namespace weir {

/// Half-open both ways; durations are signed.
struct LatencySelection {
    LatencyRange time;
    std::int64_t least_us = 0;
    std::int64_t most_us = 0;

    bool operator==(const LatencySelection& other) const {
        return time.from_us == other.time.from_us && time.to_us == other.time.to_us &&
               least_us == other.least_us && most_us == other.most_us;
    }
};

struct ValueShare {
    std::string value; // as it may be shown
    ValueId id;
    std::uint64_t inside = 0;
    std::uint64_t outside = 0;
};

struct DimensionDifference {
    static constexpr std::size_t values_max = 8;

    std::string dimension;
    std::uint64_t inside = 0; // events, of all values
    std::uint64_t outside = 0;
    /// Those whose share differs most come first; never empty.
    std::vector<ValueShare> values;
    /// Half the sum of the differences of all shares: 0 all alike, 1 nothing in common.
    double distance = 0;

    double share_inside(const ValueShare& value) const;
    double share_outside(const ValueShare& value) const;
    /// As far as so few events can tell.
    bool alike() const;
};

/// By distance, the greatest first. `all`: the range that is looked at; what of it is not selected
/// is outside. Both are widened to whole minutes, of what is old to hours.
std::vector<DimensionDifference>
latency_differences(const LatencySeen& seen, const LatencyPath& path,
                    const LatencySelection& selection, const LatencyRange& all,
                    const Vocabulary& vocabulary, const DisclosurePolicy& disclosure);

} // namespace weir
