// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What checkpoints brought and the store has not got yet. Deltas of one cell are added up while
// they wait, so that it grows with what is seen and not with time alone.
// Thread contract: one owner. Bound: the caller's, by bytes().
#pragma once

#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "models/event/fold/counted_ranges.h"
#include "models/event/history/kept_fold.h"

namespace weir {

class WaitingRows {
  public:
    explicit WaitingRows(const std::vector<std::shared_ptr<KeptFold>>& folds)
        : m_folds(&folds) {}

    /// Deltas of other folds are left out.
    void add(const Checkpoint& checkpoint);
    /// In the place of those of the same run and place.
    void add_watched(std::vector<store::HistoryWatch> watched);
    /// What could not be written comes back.
    void add(const WaitingRows& older);

    bool empty() const { return m_cells.empty() && m_read.empty() && m_watched.empty(); }
    std::size_t bytes() const { return m_bytes; }
    std::size_t cells() const { return m_cells.size(); }
    /// `counted`: what the store holds already; becomes what it holds with these.
    store::HistoryRows rows(CountedRanges& counted) const;

  private:
    using CellKey = std::tuple<std::string, std::int64_t, std::int64_t, std::string>;
    void add_cell(CellKey key, const std::string& value);

    const std::vector<std::shared_ptr<KeptFold>>* m_folds;
    std::map<CellKey, std::string> m_cells; // fold, width, begin, key
    std::size_t m_bytes = 0;
    CountedRanges m_read;
    std::map<std::pair<std::int64_t, std::string>, store::HistoryWatch> m_watched; // run, place
};

/// The fold of that name; null: it is not kept.
const KeptFold* kept_fold(const std::vector<std::shared_ptr<KeptFold>>& folds,
                          std::string_view name);

} // namespace weir
