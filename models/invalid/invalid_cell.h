// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Invalid events that are alike, counted: what makes them alike (the key), and how many there were
// within a stretch of time, of how many users, with some of them to look at. Cells add up over
// stretches and lanes, in whatever order.
// Thread contract: plain values. Bound: a cell has two DistinctSketches and samples_max samples.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "models/event/sighting.h"
#include "models/invalid/distinct_sketch.h"

namespace weir {

/// Classes that are never mixed up.
enum class InvalidKind : std::uint16_t {
    Failed,     // a dead letter
    Passed,     // on its way through the pipeline, though it violates its contract
    Unreadable, // likewise, and no dialect can read it
};
inline constexpr int invalid_kind_count = 3;

/// Numbers of InvalidWords, and of the vocabulary's dimensions and places.
struct InvalidKey {
    InvalidKind kind = InvalidKind::Failed;
    std::uint16_t bot = 0; // 1: probably sent by one
    ValueId reason;
    std::uint16_t message_masked = 0; // 1: under a masking policy the message is not shown
    ValueId message;                  // its normal form; no_value where the reason says it all
    ValueId pointer;                  // without the numbers of elements
    ValueId producer;
    PlaceId place = no_place;
    std::array<ValueId, max_dimensions> dimensions{};
    bool operator==(const InvalidKey&) const = default;
};
struct InvalidKeyHash {
    std::size_t operator()(const InvalidKey& key) const noexcept;
};

/// Where an event stands, so that it can be looked at; nothing of what it says.
struct InvalidSample {
    std::int64_t time_us = 0; // of its record
    Offset offset;
    PartitionId partition;
    PlaceId place = no_place;
    std::uint16_t ordinal = 0;
    auto operator<=>(const InvalidSample&) const = default;
};

struct InvalidCell {
    static constexpr std::size_t samples_max = 4;

    std::uint64_t events = 0;
    std::int64_t first_us = INT64_MAX; // record time
    std::int64_t last_us = INT64_MIN;
    DistinctSketch users, sessions;
    std::vector<InvalidSample> samples; // the newest, newest first

    void add(const InvalidCell& other);
    void add_sample(const InvalidSample& sample, std::size_t at_most = samples_max);
    bool operator==(const InvalidCell&) const = default;
};

} // namespace weir
