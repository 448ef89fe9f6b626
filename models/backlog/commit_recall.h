// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Looks at a time at which nobody looked, made of what groups committed then: their offsets as the
// brokers keep them, the logs' ends by the times of the records. Where records carry their
// producers' clocks, an end is as true as these are; one that lies before what was already read
// is put there.
// Thread contract: pure functions, and one that blocks for the cluster's answers. Bound:
// recalled_looks_max looks a place.
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <stop_token>
#include <vector>

#include "connectors/kafka/admin/commit_log.h"
#include "models/backlog/backlog_sample.h"
#include "models/backlog/group_reader.h"

namespace weir {

constexpr std::size_t recalled_looks_max = 32;

struct PastSpan {
    Micros from, until;
};

/// From the beginning on, ever closer towards the end, as a history is kept. REQUIRES: from <
/// until.
std::vector<Micros> recalled_times(PastSpan span);

/// A log's end at a time; -1: not known.
struct EndThen {
    Micros at;
    std::int64_t end = -1;
};

/// Of one place, oldest first. `commits`: all since `since`, oldest first; none: it stood at
/// `committed` all the while. `ends`: oldest first.
BacklogSamples recalled_looks(std::span<const kafka::SeenCommit> commits, std::int64_t committed,
                              Micros since, std::span<const EndThen> ends);

struct RecalledPlace {
    std::string group;
    kafka::TopicPartition at;
    BacklogSamples looks;
};

/// What looks at these groups would have found in that time; `now` is how they were read after it.
/// Errors: as kafka::read_commits.
Result<std::vector<RecalledPlace>> recall(const std::shared_ptr<kafka::Cluster>& cluster,
                                          const std::vector<GroupReading>& now, PastSpan span,
                                          std::chrono::milliseconds timeout,
                                          const std::stop_token& stop);

} // namespace weir
