// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a worker has done, as it goes to `pipeline_metrics` and /metrics. Exact: a record is counted
// when what was made of it is committed, so that in = out + filtered + failed at any time, where
// `out` counts records passed on (to however many topics). What an incident lets a worker lose
// silently is missing on the right.
//
// Thread contract: plain values. Bound: reasons_max reasons, then "(other)".
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "connectors/base/types.h"
#include "models/event/quantile/quantile_sketch.h"
#include "models/sandbox/workers/stage.h"

namespace weir::sandbox {

struct WorkerCounts {
    static constexpr std::size_t reasons_max = 1'000;

    std::uint64_t in = 0;
    std::uint64_t out = 0;
    std::array<std::uint64_t, filter_kind_count> filtered{};
    std::map<std::string, std::uint64_t> failed; // by reason
    std::uint64_t retried = 0;                   // batches that had to be done again
    std::uint64_t pending = 0;                   // taken in, not committed yet
    std::uint64_t lost = 0;                      // deleted by retention before they were read
    QuantileSketch wait;                         // from the record's time to the worker
    QuantileSketch processing;                   // from there to its commit
    std::string trouble;                         // the last error; empty while all is well
    Micros trouble_since{-1};

    std::uint64_t filtered_count() const;
    std::uint64_t failed_count() const;
    void fail(const std::string& reason);
    /// Adds what was done; trouble and pending are left alone.
    void add(const WorkerCounts& other);
};

/// One line of JSON, as a worker writes it to `pipeline_metrics`.
std::string to_json(const StageInfo& info, const std::string& instance, Micros at,
                    const WorkerCounts& counts);

} // namespace weir::sandbox
