// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/live/row_selection.h"

#include <algorithm>

namespace weir {

bool RowSelection::contains(std::uint64_t row) const {
    const auto behind =
        std::upper_bound(m_ranges.begin(), m_ranges.end(), row,
                         [](std::uint64_t r, const Range& range) { return r < range.first; });
    return behind != m_ranges.begin() && row <= std::prev(behind)->last;
}

std::uint64_t RowSelection::count() const {
    std::uint64_t rows = 0;
    for (const Range& range : m_ranges)
        rows += range.last - range.first + 1;
    return rows;
}

void RowSelection::set(std::uint64_t one_end, std::uint64_t other_end) {
    m_ranges = {{std::min(one_end, other_end), std::max(one_end, other_end)}};
}

void RowSelection::toggle(std::uint64_t row) {
    const auto at = std::find_if(m_ranges.begin(), m_ranges.end(), [row](const Range& range) {
        return row >= range.first && row <= range.last;
    });
    if (at == m_ranges.end()) {
        const auto behind = std::find_if(m_ranges.begin(), m_ranges.end(),
                                         [row](const Range& range) { return range.first > row; });
        m_ranges.insert(behind, {row, row});
        return;
    }
    const Range hit = *at;
    auto next = m_ranges.erase(at);
    if (row < hit.last)
        next = m_ranges.insert(next, {row + 1, hit.last});
    if (row > hit.first)
        m_ranges.insert(next, {hit.first, row - 1});
}

void RowSelection::shift(std::uint64_t by) {
    for (Range& range : m_ranges) {
        range.first += by;
        range.last += by;
    }
}

} // namespace weir
