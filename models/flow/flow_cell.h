// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What became of the events of one stage within a stretch of time, or of those of them that have
// one value of a dimension. An event is counted at the time at which it came in, whatever became of
// it and whenever, so that counts add up and balance.
// Thread contract: plain values; a cell that was published is not changed any more.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "connectors/base/result.h"
#include "models/event/fold/cell_trail.h"
#include "models/event/place.h"

namespace weir {

enum class FlowCount : std::uint8_t {
    In,           // every sighting at the stage's inputs
    Out,          // events that it has passed on, to all of its outputs or any, as it is said
    Rejected,     // to its dead-letter place
    SameBytes,    // an event that came in again, the same
    OtherContent, // its id came in again, with other content
    Replayed,     // of In: with a replay's header
    Unjoinable,   // of In: without an id, so that nobody can tell what became of it
    Joined,       // of In: the first sighting of an event whose outcome is waited for
    Settled,      // of Joined: passed on or rejected
    Unwatched,    // of Joined: the watch ended before that could be told (flow_history.h)
    Output,       // to the stage's first output; the next ones follow
};
inline constexpr std::size_t flow_outputs_max = 7;
inline constexpr std::size_t flow_counts =
    static_cast<std::size_t>(FlowCount::Output) + flow_outputs_max;

constexpr FlowCount output_count(std::size_t output) {
    return static_cast<FlowCount>(static_cast<std::size_t>(FlowCount::Output) + output);
}

struct FlowCell {
    std::uint64_t epoch = 0; // which publication it may still be changed before
    std::uint64_t events = 0;
    std::array<std::int64_t, flow_counts> counts{};

    std::int64_t& operator[](FlowCount count) { return counts[static_cast<std::size_t>(count)]; }
    std::int64_t operator[](FlowCount count) const {
        return counts[static_cast<std::size_t>(count)];
    }
    void merge(const FlowCell& other) {
        events += other.events;
        for (std::size_t i = 0; i < flow_counts; ++i)
            counts[i] += other.counts[i];
    }
    /// Of Joined: nobody has said yet what became of them.
    std::int64_t open() const {
        return (*this)[FlowCount::Joined] - (*this)[FlowCount::Settled] -
               (*this)[FlowCount::Unwatched];
    }
    bool empty() const {
        return events == 0 && std::all_of(counts.begin(), counts.end(),
                                          [](std::int64_t count) { return count == 0; });
    }
    /// What has been added since it was like `before`; null: since it was empty.
    FlowCell since(const FlowCell* before) const;
    /// Bytes that a store keeps, and their return. Errors: Corrupt.
    std::string encode() const;
    static Result<FlowCell> decode(std::string_view bytes);
};

/// A stage, or a place by itself, of which In counts the events and Rejected the failed ones.
struct FlowScope {
    static constexpr std::uint16_t no_stage = 0xFFFF;
    std::uint16_t stage = no_stage; // index in FlowOptions::stages
    PlaceId place = no_place;       // of no_stage
    auto operator<=>(const FlowScope&) const = default;
};

using FlowTrail = CellTrail<FlowCell, FlowScope>;
using FlowBuckets = FlowTrail::AllPublished;

} // namespace weir
