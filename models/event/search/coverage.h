// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a search has looked at: the proof that comes with its answer (law 4). A search that found
// nothing is worth exactly as much as its coverage. Thread contract: plain values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "connectors/base/types.h"

namespace weir {

enum class SearchStop : std::uint8_t {
    Running,         // not yet
    Complete,        // every offset of [from, to) was read
    Empty,           // from = to: there was nothing to read
    Cancelled,       // by the user
    Limit,           // enough matches were found
    Skipped,         // left out: its keys live in other partitions, by an assumption
    OpenTransaction, // read up to the last stable offset; beyond it a transaction is open
    Gone,            // the topic was deleted or made anew meanwhile
    Failed,          // an error; see stop_text
};

/// The word as it stands in --json output, e.g. "open_transaction".
const char* to_word(SearchStop stop);

struct PartitionCoverage {
    std::string topic;
    PartitionId partition;
    Offset begin;     // first offset that existed when the search started
    Offset from;      // first offset asked for
    Offset to;        // fixed end (exclusive)
    Offset read_from; // [read_from, read_to) has been read
    Offset read_to;
    std::uint64_t read = 0;    // records looked at
    std::uint64_t matched = 0; // events handed out
    std::uint64_t decoded = 0; // of those read: looked into, since their bytes rule out no match
    std::uint64_t undecodable = 0; // of those looked into: no decoder could read them
    std::uint64_t bytes = 0;
    std::uint64_t gap_offsets = 0;       // control, compacted or aborted: no record there
    std::uint64_t truncated_offsets = 0; // deleted before they could be read: a loss
    std::uint64_t cut_events = 0; // past the events_per_record_max that are read of one record
    Offset first_cut{-1};         // the first record of which some were not read
    SearchStop stop = SearchStop::Running;
    std::string stop_text; // the error's text for Failed and Gone
    bool complete() const { return stop == SearchStop::Complete || stop == SearchStop::Empty; }
};

/// "465 events past the first 65,535 of a record, not read (raw_events/0@12)": `first` is where the
/// record stands, or the first of several.
std::string cut_text(std::uint64_t events, const std::string& topic, PartitionId partition,
                     Offset first);

struct SearchCoverage {
    std::vector<PartitionCoverage> partitions; // by topic, then partition
    std::string assumed;                       // "murmur2", …; empty: nothing was assumed
    bool times_assumed = false; // a range ends by time: records past it were taken to be later
    bool contradictory = false; // the filter can match nothing: nothing was read
    bool ordered = true;        // false: results came out of the order asked for
    std::uint64_t left_out = 0; // matches that were found and, being past the limit, not handed out
    std::vector<std::string> masked; // fields of the filter that were masked in some event
    /// False: how many records were looked into, and how many of these were undecodable, is 0 here,
    /// since it would tell of what is masked.
    bool tells_looked_into = true;
    bool hides_text = false;    // a text of the filter was not looked for in what is masked
    std::uint64_t vanished = 0; // matches from memory that the topic no longer holds

    /// Every partition's whole range was read with all of its events, nothing was lost on the way,
    /// and all that matched was handed out.
    bool complete() const;
    std::uint64_t read() const;
    std::uint64_t matched() const;
    std::uint64_t decoded() const;
    std::uint64_t undecodable() const;
    std::uint64_t bytes() const;
    std::uint64_t cut_events() const;
    /// "complete: 5,000,000 records of 6 partitions read", or what is missing and why. `exhaustive`
    /// is what the user takes to have nothing left out by an assumption.
    std::string summary(std::string_view exhaustive = "--exhaustive") const;
};

} // namespace weir
