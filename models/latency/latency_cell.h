// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The durations of one group of events: those of a place within a minute, or those of them that
// have one value of a dimension.
// Thread contract: plain values; a cell that was published is not changed any more.
// Bound: a sketch's, times the measures: about 5 kB where latencies spread over two decades, 13 kB
// over six.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/event/quantile/quantile_sketch.h"
#include "models/latency/clock_policy.h"

namespace weir {

/// What is measured at one place, by an event's own times. EventToRecord is there once for each
/// clock policy, in the policies' order.
enum class PlaceMeasure : std::uint8_t {
    EventToSent,      // waiting on the client
    SentToReceived,   // the network; between two clocks
    ReceivedToRecord, // the collector and the broker
    Processing,       // within the worker that wrote it, by its headers: not the wait before
    EventToRecord,
};
inline constexpr std::size_t place_measures =
    static_cast<std::size_t>(PlaceMeasure::EventToRecord) + clock_policies.size();

/// Where a measure's sketch stands in a cell of a place.
constexpr std::size_t measure_index(PlaceMeasure measure, ClockPolicy policy = ClockPolicy::Raw) {
    return static_cast<std::size_t>(measure) +
           (measure == PlaceMeasure::EventToRecord ? static_cast<std::size_t>(policy) : 0);
}

static_assert(place_measures <= 8); // bits of PlaceSample::known

/// One event's durations at a place, with their bins.
struct PlaceSample {
    std::array<QuantileSketch::Sample, place_measures> durations;
    std::uint8_t known = 0; // a bit a measure
    /// Segment's rule says something else than Snowplow's, or the cap than the raw clock.
    bool diverges = false;

    static PlaceSample of(const Sighting& sighting);
    /// What a worker wrote of its own time with the record: weir-in-us and weir-out-us, of the
    /// last worker where several did.
    void add_processing(const RecordBatch& batch, const Record& record);
    bool knows(std::size_t measure) const { return ((known >> measure) & 1U) != 0; }
};

struct LatencyCell {
    std::uint64_t epoch = 0; // which publication it may still be changed before
    std::uint64_t events = 0;
    /// Of a place: by measure_index(); the last two are only there once they differ from the two
    /// before. Of a stage: one.
    std::vector<QuantileSketch> sketches;

    /// Adds each sample to the cell beside it. Measure by measure: the sketches of one measure stay
    /// in the processor's cache. REQUIRES: as many cells as samples.
    static void add(std::span<LatencyCell* const> cells, std::span<const PlaceSample> samples);
    void merge(const LatencyCell& other);
    bool empty() const { return events == 0; }
    /// What has been added since it was like `before`; null: since it was empty.
    LatencyCell since(const LatencyCell* before) const;
    /// Bytes that a store keeps, and their return. Errors: Corrupt.
    std::string encode() const;
    static Result<LatencyCell> decode(std::string_view bytes);
    /// The sketch of a measure; null: nothing was measured.
    const QuantileSketch* sketch(std::size_t measure) const;

  private:
    void expect(const PlaceSample& sample);
};

} // namespace weir
