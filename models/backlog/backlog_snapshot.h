// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The backlog of all groups as it was last read, judged. Thread contract: immutable, shared.
// Bound: a row a group and partition; samples are shared with the book that made them.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/backlog/assessment.h"

namespace weir {

struct PartitionBacklog {
    PartitionFacts facts;
    Assessment assessment;
    std::string hot; // why it stands out among its topic's partitions; empty: it does not
    std::shared_ptr<const BacklogSamples> samples; // never null
};

struct GroupBacklog {
    GroupFacts group;
    Micros at; // when it was read
    Verdict verdict = Verdict::Unknown;
    std::string reason;                       // of the worst partition, named
    std::optional<Error> error;               // its offsets were not had
    std::vector<PartitionBacklog> partitions; // by topic and partition

    /// Of those that are known; a negative one makes up for no other, and stands alone if need be.
    std::int64_t lag_messages = 0;
    std::optional<std::int64_t> lag_us; // the longest
    LagMethod lag_method = LagMethod::None;
    std::optional<double> rate_in, rate_out;       // of those with a trend
    std::optional<double> drain_s;                 // until the last partition is read
    std::optional<std::int64_t> retention_left_us; // the shortest
};

struct BacklogSnapshot {
    std::vector<std::shared_ptr<const GroupBacklog>> groups; // by id; none is null
    std::size_t listed = 0;                                  // groups there are, read or not
    std::size_t read = 0;                                    // of these have been read once
    bool complete = false;          // all have been: an order by worst is no longer provisional
    bool by_name = false;           // only groups that were named
    Micros at{-1};                  // the newest reading; -1: none yet
    std::optional<Error> trouble;   // the newest question to the cluster failed
    std::vector<std::string> notes; // what may be missing, and which right would show it
};

} // namespace weir
