// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which rows of a table are selected: ranges, so that "select all" of two million costs nothing.
// Thread contract: one thread. Bound: one range for each separate click.
#pragma once

#include <cstdint>
#include <vector>

namespace weir {

class RowSelection {
  public:
    struct Range {
        std::uint64_t first = 0;
        std::uint64_t last = 0; // inclusive
    };

    void clear() { m_ranges.clear(); }
    bool empty() const { return m_ranges.empty(); }
    bool contains(std::uint64_t row) const;
    std::uint64_t count() const;
    /// In ascending order, apart from each other.
    const std::vector<Range>& ranges() const { return m_ranges; }

    /// This range alone; the ends may come in any order.
    void set(std::uint64_t one_end, std::uint64_t other_end);
    void toggle(std::uint64_t row);
    /// Rows came in before all of them.
    void shift(std::uint64_t by);

  private:
    std::vector<Range> m_ranges;
};

} // namespace weir
