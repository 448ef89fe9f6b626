// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a store holds when a run begins: which records, when it was watched, and the folds' cells.
// The watch that ended last is closed first: of what it left open nobody will tell any more.
//
// Thread contract: one thread at a time; blocks for the file. Bound: the store's; the folds' own
// for what they make of it.
#pragma once

#include <functional>

#include "models/event/history/history_keeper.h"

namespace weir {

struct HistoryPast {
    std::unique_ptr<store::HistoryStore> store; // null: it cannot be used
    bool read_only = false;
    CountedRanges counted;
    std::vector<RecordRange> watched; // by all of a run's places; in order, apart from each other
    std::int64_t next_run = 1;

    bool writes() const { return store != nullptr && !read_only; }

    /// Opens the store, or looks at it again. One that another Weir writes is read here and now,
    /// all of it at one moment. Errors: HistoryStore's.
    Result<void> open(const HistoryOptions& options);
    /// Hands all cells to the folds, until `ends`. Errors are left out: it is less that is shown.
    void load(const std::vector<std::shared_ptr<KeptFold>>& folds,
              const std::function<bool()>& ends);

  private:
    Result<void> look();
    Result<void> close_watch(const std::vector<std::shared_ptr<KeptFold>>& folds);

    std::vector<store::HistoryWatch> m_ended; // the last run's
};

} // namespace weir
