// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which rows of the re-read part of a table were delivered before. A table is read in the order of
// one column, and its newest part again and again, because rows become visible in the order of
// commits and not in that of the column. Both passes are in the column's order, so that one walk
// along what was seen answers for all of them: no table of hashes.
//
// Thread contract: one owner. Bound: rows_max rows, 16 bytes each; of more, the oldest are
// forgotten, and forgotten_to() says up to where the re-read must not go any more.
#pragma once

#include <cstdint>
#include <vector>

namespace weir::warehouse {

/// A row that was delivered: its value of the order column, and what tells it from others.
struct SeenRow {
    std::int64_t order;
    std::uint64_t hash;
};

class SeenRows {
  public:
    /// `seen`: rows() of an earlier run.
    explicit SeenRows(std::size_t rows_max, std::vector<SeenRow> seen = {})
        : m_rows_max(rows_max)
        , m_seen(std::move(seen)) {}

    /// A pass begins: rows with an order below `from` will not come again.
    void begin_pass(std::int64_t from);
    /// Whether a row was seen in an earlier pass; notes it. REQUIRES: orders do not go down.
    bool is_new(std::int64_t order, std::uint64_t hash);
    /// A pass ends here, at the table's end or not.
    void end_pass();

    /// Rows with a lower order may have been forgotten; INT64_MIN: none was.
    std::int64_t forgotten_to() const { return m_forgotten_to; }
    const std::vector<SeenRow>& rows() const { return m_seen; }

  private:
    void take_group(std::int64_t order);

    std::size_t m_rows_max;
    std::vector<SeenRow> m_seen;        // of the passes before, by order
    std::size_t m_next = 0;             // the first that this pass has not come to
    std::vector<SeenRow> m_now;         // of this pass
    std::int64_t m_group_order = 0;     // of the hashes in m_group
    std::vector<std::uint64_t> m_group; // seen before with that order, sorted
    std::int64_t m_forgotten_to = INT64_MIN;
};

} // namespace weir::warehouse
