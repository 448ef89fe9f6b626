// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which part of which partitions a search must read: what was asked for, less what the filter's
// scope rules out. Thread contract: find_ranges() blocks; from any thread.
// Bound: one range a partition; at most key_samples keys a partition are sampled.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connectors/kafka/read/reader.h"

namespace weir {

struct SearchRequest;
struct SearchParts;

struct SearchRange {
    std::string topic;
    PartitionId partition;
    Offset begin; // first offset that exists
    Offset from, to;
    std::string trouble{}; // it could not be opened: its offsets are not known (-1)
    bool left_out = false; // by the assumed partitioner
};

struct SearchRanges {
    std::vector<SearchRange> partitions; // by topic, then partition
    std::string assumed;                 // partitioner; empty: nothing was assumed
    bool times_assumed = false;          // a partition's end was found by time
    bool contradictory = false;
    std::optional<Micros> time_from, time_to;
    /// Already reading exactly these ranges; null: a reader is to be opened.
    std::shared_ptr<kafka::Reader> reader;
};

inline constexpr int key_samples = 64;

Result<SearchRanges> find_ranges(const SearchRequest& request, const SearchParts& parts);

} // namespace weir
