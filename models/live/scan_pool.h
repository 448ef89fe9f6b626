// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Holds a stretch of rows against a filter on several threads, newest block first, for a limited
// time. What it returns is always whole blocks from the stretch's end.
// Thread contract: one caller; the threads are its own. Bound: `threads` matchers; a call returns
// at its deadline plus the time one block of each thread takes.
#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "models/live/live_snapshot.h"
#include "models/live/row_matcher.h"

namespace weir {

/// What a row must be to be shown.
struct RowCriteria {
    std::shared_ptr<const Filter> filter; // null: everything
    TimeSpan span;
    bool everything() const { return !filter && !span.bounded(); }
};

class ScanPool {
  public:
    using Matchers = std::vector<std::unique_ptr<RowMatcher>>;
    /// A thread for each. REQUIRES: there is one.
    explicit ScanPool(Matchers matchers);
    ~ScanPool();
    /// From the next scan on. REQUIRES: as many as there were.
    void set_matchers(Matchers matchers);

    struct Found {
        std::vector<RowRef> rows;  // those that match, oldest first
        std::uint64_t scanned = 0; // rows looked at, counted back from `to`
    };
    /// Looks at rows [from, to) of `list` backwards from `to`, at least one block, until
    /// `deadline`.
    Found scan(const RowList& list, const SegmentTable& segments, const RowCriteria& criteria,
               std::uint64_t from, std::uint64_t to,
               std::chrono::steady_clock::time_point deadline);

    static constexpr std::uint64_t block_rows = 512;

  private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace weir
