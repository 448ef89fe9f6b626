// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What groups committed in the past, read from the topic in which brokers keep it: with the reader
// that joins nothing and commits nothing. That topic is compacted: of what was cleaned each place's
// last commit is left, so that what follows a place's first commit found here is complete, and a
// place without one has not moved.
// Thread contract: any thread; blocks up to the timeout. Bound: records_max records read, the
// newest of each partition; the groups' commits among them are kept (16 bytes each).
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "connectors/kafka/admin/admin.h"

namespace weir::kafka {

constexpr std::int64_t commit_records_max = 1'000'000;

struct SeenCommit {
    Micros at;             // by the broker's clock
    std::int64_t offset{}; // -1: deleted, or expired
    bool operator==(const SeenCommit&) const = default;
};

struct GroupCommits {
    Micros since;                                             // all since then is here
    std::map<TopicPartition, std::vector<SeenCommit>> places; // oldest first
};

struct CommitLog {
    std::map<std::string, GroupCommits> groups; // those that were asked for
    std::int64_t unreadable = 0;                // records of no known version
};

/// Errors: NotFound (no group ever committed; the embedded cluster), NotPermitted (the right READ
/// on the topic is missing), Connection, Timeout, Authentication, Cancelled.
Result<CommitLog> read_commits(const std::shared_ptr<Cluster>& cluster,
                               const std::vector<std::string>& groups, Micros since,
                               std::chrono::milliseconds timeout, const std::stop_token& stop = {});

} // namespace weir::kafka
