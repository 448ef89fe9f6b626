// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The collector's counters: events collected by type, events invalid by reason, requests by how
// they were answered. Exact; only their labels are bounded.
//
// Thread contract: any thread; one lock a batch. Bound: types_max types, then "(other)".
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "connectors/http/open_metrics.h"
#include "models/sandbox/batch.h"

namespace weir::sandbox {

struct CollectorCounts {
    std::uint64_t collected = 0;
    std::uint64_t flagged = 0;
    std::uint64_t invalid = 0;
    std::map<std::string, std::uint64_t> collected_by_type;
    std::array<std::uint64_t, violation_reason_count> invalid_by_reason{};
    std::array<std::uint64_t, violation_reason_count> flagged_by_reason{};
    std::map<int, std::uint64_t> requests_by_status; // of those that brought events
};

class Metrics {
  public:
    static constexpr std::size_t types_max = 1'000;

    /// A batch that the broker has acknowledged.
    void count(const Batch& batch);
    void count_request(int status);
    CollectorCounts counts() const;

  private:
    mutable std::mutex m_mutex;
    CollectorCounts m_counts;
};

/// The counters as families of a page.
void append_counts(const CollectorCounts& counts, http::OpenMetrics& page);

} // namespace weir::sandbox
