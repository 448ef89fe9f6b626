// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/live/live_range.h"

#include <algorithm>

namespace weir {

SegmentTable& LiveRange::own_segments() {
    // Always a copy: somebody may be looking at the old one, and a table is small.
    m_segments = std::make_shared<SegmentTable>(*m_segments);
    return *m_segments;
}

std::uint32_t LiveRange::add_segment(std::shared_ptr<const Segment> segment) {
    SegmentTable& table = own_segments();
    table.add(std::move(segment));
    return table.end() - 1;
}

void LiveRange::replace_segment(std::uint32_t number, std::shared_ptr<const Segment> segment) {
    own_segments().replace(number, std::move(segment));
}

void LiveRange::release(const std::vector<std::uint32_t>& numbers) {
    if (numbers.empty())
        return;
    SegmentTable& table = own_segments();
    for (const std::uint32_t number : numbers) {
        if (table.get(number))
            table.remove(number);
    }
    const auto gone = [&table](std::uint32_t segment) { return !table.get(segment); };
    const std::uint32_t newest = *std::max_element(numbers.begin(), numbers.end());
    m_all.drop(gone, newest, {&m_front, &m_back});
    m_matched.drop(gone, newest, {});
}

void LiveRange::set_criteria(RowCriteria criteria) {
    m_criteria = std::move(criteria);
    if (m_criteria.filter && m_criteria.filter->matches_everything())
        m_criteria.filter = nullptr;
    m_matched.clear();
    m_front = m_back = m_all.size();
}

void LiveRange::slide(std::int64_t from_us) {
    if (!m_criteria.span.bounded() || from_us <= m_criteria.span.from_us)
        return;
    m_criteria.span.from_us = from_us;
    const RowList matched = m_matched.list();
    RowListBuilder kept;
    matched.each(0, matched.size(), [&](RowRef ref) {
        const auto& segment = m_segments->get(ref.segment);
        if (segment && m_criteria.span.holds(segment->row(ref.row)))
            kept.append(ref);
    });
    if (kept.size() < matched.size())
        m_matched = std::move(kept);
}

bool LiveRange::work(ScanPool& pool, std::chrono::steady_clock::time_point deadline) {
    if (!filtered()) {
        m_front = m_back = m_all.size();
        return false;
    }
    if (!scanning())
        return false;
    const RowList all = m_all.list();
    // New rows are taken whole, in pieces: a gap behind the newest row would be a lie.
    constexpr std::uint64_t piece = 8192;
    constexpr auto never = std::chrono::steady_clock::time_point::max();
    while (m_back < all.size()) {
        const std::uint64_t to = std::min(m_back + piece, all.size());
        const ScanPool::Found found = pool.scan(all, *m_segments, m_criteria, m_back, to, never);
        for (const RowRef ref : found.rows)
            m_matched.append(ref);
        m_back = to;
        if (std::chrono::steady_clock::now() >= deadline)
            return true;
    }
    const ScanPool::Found found = pool.scan(all, *m_segments, m_criteria, 0, m_front, deadline);
    m_matched.prepend(found.rows);
    m_front -= found.scanned;
    return true;
}

} // namespace weir
