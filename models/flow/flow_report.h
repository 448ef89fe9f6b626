// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The ledger as figures: for every stage, how many events came in and what became of them. What is
// open is judged here, lane by lane, against how far the places behind the stage have been read;
// the wall clock has no part in it:
// - outside: these places are not read so far back, or not at all, so that nobody can tell;
// - pending: it may still come, within the time that the stage's events may be under way;
// - unaccounted: everything up to that time has been read, and it was not there. One that turns up
//   later is accounted for again.
// in = out + rejected + filtered + duplicate + unjoinable + outside + pending + unaccounted,
// exactly as long as every id is joined. Nobody tells yet what a stage filters: it is unaccounted.
// Thread contract: pure functions over published snapshots. Bound: what was published.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/event/disclosure/dimension_text.h"
#include "models/event/fold/record_range.h"
#include "models/flow/flow_ledger.h"

namespace weir {

/// The ledgers of an observation's lanes, as they were published together. No lane is null.
struct FlowSeen {
    std::vector<std::shared_ptr<const FlowSnapshot>> lanes;

    /// What the ledgers were told. REQUIRES: a lane.
    const FlowOptions& options() const { return *lanes.front()->options; }
    bool operator==(const FlowSeen&) const = default;
};

struct FlowFigures {
    FlowCell counts;
    std::int64_t outside = 0, pending = 0, unaccounted = 0;
    std::int64_t unaccounted_since_us = INT64_MAX; // begin of the first stretch with one
    std::int64_t unaccounted_until_us = INT64_MIN; // end of the last

    std::int64_t operator[](FlowCount count) const { return counts[count]; }
    std::int64_t duplicate() const {
        return counts[FlowCount::SameBytes] + counts[FlowCount::OtherContent];
    }
    void merge(const FlowFigures& other);
};

struct FlowRow {
    std::uint16_t stage = 0; // in FlowOptions::stages
    std::string name;
    std::string value;   // of the dimension that was asked for, as it may be shown
    bool judged = false; // something behind the stage is observed; else only `in` is known
    FlowFigures figures;
    std::vector<std::pair<std::string, std::int64_t>> reasons; // of rejections, the most first
    bool estimate = false;                                     // not every id is joined
    /// Half of the 95 % interval of a number of events that was estimated; 0: it is exact.
    std::int64_t error(std::int64_t events) const;
    std::uint64_t sampled = 1;
};

struct FlowPlace {
    PlaceId place = no_place;
    std::string name;
    std::int64_t events = 0, failed = 0;
    std::optional<Micros> read_to, since; // nothing: not known
};

struct FlowQuestion {
    RecordRange range;
    /// A dimension of the vocabulary, or partition_dimension(); nothing: as a whole.
    std::optional<std::size_t> by;
    bool partial = false; // what was read is not all of the range, or Weir itself is behind
};

struct FlowReport {
    FlowQuestion question;
    std::string dimension;     // the name of question.by, or ""
    std::vector<FlowRow> rows; // by stage, in the order of the workspace
    std::vector<FlowPlace> places;
    std::uint64_t sampled = 1;         // one in so many ids is joined
    std::uint64_t let_go = 0;          // events too old to be counted anywhere
    bool duplicates_cut_short = false; // some that came again may count as new

    bool anything_unaccounted() const;
};

FlowReport flow_report(const FlowSeen& seen, const Vocabulary& vocabulary,
                       const DisclosurePolicy& disclosure, FlowQuestion question);

struct FlowSlice {
    std::int64_t begin_us = 0;
    std::int64_t width_us = 0;
    FlowFigures figures;
};
/// Of a stage, or of a place by itself, by time, at least `width_us` wide each; stretches without
/// events are left out.
std::vector<FlowSlice> flow_slices(const FlowSeen& seen, const FlowScope& scope,
                                   const RecordRange& range, std::int64_t width_us);

/// {"stages":[…],"places":[…],…}: one JSON document on one line, without its end.
std::string to_json(const FlowReport& report, const FlowOptions& options);

} // namespace weir
