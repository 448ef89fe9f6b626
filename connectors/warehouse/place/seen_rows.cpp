// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/warehouse/place/seen_rows.h"

#include <algorithm>

namespace weir::warehouse {

void SeenRows::begin_pass(std::int64_t from) {
    m_now.clear();
    m_group.clear();
    const auto first = std::find_if(m_seen.begin(), m_seen.end(),
                                    [from](const SeenRow& row) { return row.order >= from; });
    m_next = static_cast<std::size_t>(first - m_seen.begin());
    m_group_order = INT64_MIN;
}

void SeenRows::take_group(std::int64_t order) {
    m_group.clear();
    m_group_order = order;
    // Rows that were deleted since are passed over.
    while (m_next < m_seen.size() && m_seen[m_next].order < order)
        ++m_next;
    for (; m_next < m_seen.size() && m_seen[m_next].order == order; ++m_next)
        m_group.push_back(m_seen[m_next].hash);
    std::sort(m_group.begin(), m_group.end());
}

bool SeenRows::is_new(std::int64_t order, std::uint64_t hash) {
    if (m_now.empty() || order != m_group_order)
        take_group(order);
    m_now.push_back({order, hash});
    return !std::binary_search(m_group.begin(), m_group.end(), hash);
}

void SeenRows::end_pass() {
    // Where the pass broke off, what lies beyond was seen before all the same.
    std::vector<std::uint64_t> came;
    for (auto row = m_now.rbegin(); row != m_now.rend() && row->order == m_group_order; ++row)
        came.push_back(row->hash);
    std::sort(came.begin(), came.end());
    for (const std::uint64_t hash : m_group)
        if (!std::binary_search(came.begin(), came.end(), hash))
            m_now.push_back({m_group_order, hash});
    m_now.insert(m_now.end(), m_seen.begin() + static_cast<std::ptrdiff_t>(m_next), m_seen.end());
    m_seen.swap(m_now);
    m_now.clear();
    if (m_seen.size() <= m_rows_max)
        return;
    const auto surplus = static_cast<std::ptrdiff_t>(m_seen.size() - m_rows_max);
    m_forgotten_to = m_seen[static_cast<std::size_t>(surplus) - 1].order + 1;
    m_seen.erase(m_seen.begin(), m_seen.begin() + surplus);
}

} // namespace weir::warehouse
