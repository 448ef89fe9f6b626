// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The latency book as figures: a row a way, or a row a way and value of a dimension, and how fresh
// each place is. What the command line prints and the window shows alike.
// Thread contract: pure functions over published snapshots. Bound: what was published.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/event/disclosure/dimension_text.h"
#include "models/latency/latency_paths.h"

namespace weir {

struct LatencyQuestion {
    ClockPolicy policy = ClockPolicy::Raw;
    LatencyRange range;
    /// A dimension of the vocabulary, or partition_dimension(); nothing: as a whole.
    std::optional<std::size_t> by;
    bool partial = false; // what was read is not all of the range
};

struct LatencyRow {
    LatencyPath path;
    std::string value;       // of the dimension that was asked for, as it may be shown
    std::string record_time; // record_clock()
    QuantileSketch durations;
    /// By the raw clock, where the clock policy makes a difference and is another one.
    std::optional<QuantileSketch> raw;
    bool met() const; // REQUIRES: an SLO and a duration
};

struct PlaceFreshness {
    std::string place;
    std::uint64_t events = 0;
    std::uint64_t untimed = 0;                // of these: without an event time that can be used
    std::uint64_t ahead = 0;                  // of these: with one past the record's
    std::int64_t newest_event_us = INT64_MIN; // INT64_MIN: none has one
    std::int64_t newest_record_us = INT64_MIN;
};

struct LatencyReport {
    LatencyQuestion question;
    std::string dimension; // the name of question.by, or ""
    std::vector<LatencyRow> rows;
    std::vector<PlaceFreshness> freshness;
    std::uint64_t sampled = 1; // one in so many ids is joined between places: their counts are
                               // estimates
    std::uint64_t expired = 0; // sightings that waited too long for their other one
    std::uint64_t let_go = 0;  // events too old to be put anywhere

    bool slo_broken() const;
};

LatencyReport latency_report(const LatencySeen& seen, const Vocabulary& vocabulary,
                             const DisclosurePolicy& disclosure, LatencyQuestion question);

/// {"stages":[…],"freshness":[…],…}: one JSON document on one line, without its end.
std::string to_json(const LatencyReport& report);

} // namespace weir
