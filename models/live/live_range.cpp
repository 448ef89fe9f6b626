// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/live/live_range.h"

#include <algorithm>

namespace weir {

namespace {

constexpr std::int64_t old_us = 10'000'000; // a row that came so late was read back

std::int64_t own_time_us(const Segment& segment, std::uint32_t row) {
    const StoredRow& stored = segment.row(row);
    return static_cast<TimestampType>(stored.timestamp_type) == TimestampType::None
               ? segment.observed_time(row).value()
               : stored.record_time_us;
}

std::uint64_t number_of(RowRef ref) {
    return std::uint64_t{ref.segment} << 32U | ref.row;
}

/// By their own times; those of one time stay as they are. False: they stood so already.
bool order_by_time(const SegmentTable& segments, std::vector<RowRef>& refs) {
    std::vector<std::pair<std::int64_t, RowRef>> timed;
    timed.reserve(refs.size());
    for (const RowRef ref : refs)
        timed.emplace_back(own_time_us(*segments.get(ref.segment), ref.row), ref);
    const auto earlier = [](const auto& a, const auto& b) { return a.first < b.first; };
    if (std::is_sorted(timed.begin(), timed.end(), earlier))
        return false;
    std::stable_sort(timed.begin(), timed.end(), earlier);
    std::transform(timed.begin(), timed.end(), refs.begin(),
                   [](const auto& one) { return one.second; });
    return true;
}

} // namespace

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
    m_all.drop(gone, newest, {&m_front, &m_back, &m_ordered});
    m_matched.drop(gone, newest, {});
}

void LiveRange::order_read_back() {
    const std::uint64_t from = m_ordered;
    m_ordered = m_all.size();
    std::vector<RowRef> rows;
    bool any_old = false;
    m_all.list().each(from, m_all.size(), [&](RowRef ref) {
        const Segment& segment = *m_segments->get(ref.segment);
        any_old = any_old ||
                  segment.observed_time(ref.row).value() - own_time_us(segment, ref.row) > old_us;
        rows.push_back(ref);
    });
    if (!any_old || !order_by_time(*m_segments, rows))
        return;
    m_all.replace_tail(from, rows);
    if (!filtered())
        return;
    if (m_front == 0 && m_back == m_all.size())
        order_matched(rows);
    else
        set_criteria(std::move(m_criteria)); // what was looked at stands elsewhere now
}

/// Those that match among the rows that were read back; they are the last ones.
void LiveRange::order_matched(const std::vector<RowRef>& read_back) {
    std::vector<std::uint64_t> numbers;
    numbers.reserve(read_back.size());
    for (const RowRef ref : read_back)
        numbers.push_back(number_of(ref));
    std::sort(numbers.begin(), numbers.end());
    std::vector<RowRef> rows;
    const RowList matched = m_matched.list();
    matched.each(0, matched.size(), [&](RowRef ref) {
        if (std::binary_search(numbers.begin(), numbers.end(), number_of(ref)))
            rows.push_back(ref);
    });
    const std::uint64_t from = matched.size() - rows.size();
    if (order_by_time(*m_segments, rows))
        m_matched.replace_tail(from, rows);
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
