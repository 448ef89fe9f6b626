// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the lanes' books say, put together: which ways there are to tell of, and for each the
// durations within a range of record time, by stretch of time or by the values of a dimension.
// Thread contract: pure functions over published snapshots. Bound: what was published.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/event/fold/record_range.h"
#include "models/latency/latency_book.h"

namespace weir {

/// The books of an observation's lanes, as they were published together. No lane is null.
struct LatencySeen {
    std::vector<std::shared_ptr<const LatencySnapshot>> lanes;

    /// What the books were told. REQUIRES: a lane.
    const LatencyOptions& options() const { return *lanes.front()->options; }
    bool operator==(const LatencySeen&) const = default;
};

/// A row of figures: from where to where, and where its sketches stand.
struct LatencyPath {
    enum class Kind : std::uint8_t {
        EndToEnd, // from the event itself to the furthest place that is observed
        Place,    // within one place, by its own times
        Stage,    // between two places
    };
    Kind kind = Kind::Place;
    std::string stage; // "end to end", a place, or a stage
    std::string from;  // "event", "sent", "received", "in" (to a worker), or a place
    std::string to;    // "sent", "received", "record", "out" (of the worker), or a place
    LatencyScope scope;
    std::size_t measure = 0; // in the scope's cells
    std::int64_t slo_p95_us = 0;
    bool by_event_clock = false; // the clock policy makes a difference

    /// The same by the raw clock. REQUIRES: by_event_clock.
    LatencyPath by_raw_clock() const;
    /// "end to end", "raw_events: event → sent", "enrich: raw_events → enriched_events"
    std::string title() const;
};

using LatencyRange = RecordRange;

/// What was seen of all places, by the order of places; lanes added up.
std::vector<LatencyPlace> latency_places(const LatencySeen& seen);

/// End to end first, then within the places where events come in, then the stages in their order,
/// also those of which nothing was seen. Without stages every place by itself.
std::vector<LatencyPath> latency_paths(const LatencySeen& seen, const Vocabulary& vocabulary,
                                       ClockPolicy policy);

QuantileSketch latency_of(const LatencySeen& seen, const LatencyPath& path,
                          const LatencyRange& range);

struct LatencySlice {
    std::int64_t begin_us = 0;
    std::int64_t width_us = 0;
    QuantileSketch durations;
};
/// By time, at least `width_us` wide each; stretches without events are left out.
std::vector<LatencySlice> latency_slices(const LatencySeen& seen, const LatencyPath& path,
                                         const LatencyRange& range, std::int64_t width_us);

struct ValueLatency {
    ValueId value; // other_value: those beyond the largest; of a partition its number
    QuantileSketch durations;
};
/// `dimension` counts as the vocabulary's, then comes the partition. The most events first. The
/// range is widened to whole minutes, of what is old to hours.
std::vector<ValueLatency> latency_by_value(const LatencySeen& seen, const LatencyPath& path,
                                           std::size_t dimension, const LatencyRange& range);

struct FirstSight {
    ValueId value;
    std::int64_t time_us = 0; // begin of the minute
    std::uint64_t events = 0; // since then
};
/// Values of a dimension that were not there from the beginning: first seen two minutes or more
/// after the first of all. The most events first.
std::vector<FirstSight> first_sights(const LatencySeen& seen, const LatencyPath& path,
                                     std::size_t dimension);

/// Which clocks the path's record times come from: "CreateTime", "LogAppendTime", "CreateTime and
/// LogAppendTime" where both were seen, so that they are not mixed in silence; "" where none is.
std::string record_clock(const LatencySeen& seen, const LatencyPath& path);

} // namespace weir
