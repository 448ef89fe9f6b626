// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/fold/counted_ranges.h"

#include <algorithm>

namespace weir {

namespace {

void join_into(ReadStretch& into, const ReadStretch& other) {
    into.first = std::min(into.first, other.first);
    into.next = std::max(into.next, other.next);
    into.newest = std::max(into.newest, other.newest);
}

/// Makes one of the two neighbours with the least between them.
void join_nearest(std::vector<ReadStretch>& ranges) {
    std::size_t nearest = 1;
    const auto between = [&](std::size_t i) {
        return ranges[i].first.value() - ranges[i - 1].next.value();
    };
    for (std::size_t i = 2; i < ranges.size(); ++i)
        if (between(i) < between(nearest))
            nearest = i;
    join_into(ranges[nearest - 1], ranges[nearest]);
    ranges.erase(ranges.begin() + static_cast<std::ptrdiff_t>(nearest));
}

} // namespace

void CountedRanges::add(const Key& partition, const ReadStretch& range) {
    if (range.next <= range.first)
        return;
    std::vector<ReadStretch>& ranges = m_ranges[partition];
    ReadStretch joined = range;
    std::erase_if(ranges, [&](const ReadStretch& one) {
        const bool touches = one.first <= joined.next && joined.first <= one.next;
        if (touches)
            join_into(joined, one);
        return touches;
    });
    const auto at = std::find_if(ranges.begin(), ranges.end(),
                                 [&](const ReadStretch& one) { return one.first > joined.first; });
    ranges.insert(at, joined);
    if (ranges.size() > ranges_max)
        join_nearest(ranges);
}

const std::vector<ReadStretch>& CountedRanges::of(const Key& partition) const {
    static const std::vector<ReadStretch> none;
    const auto known = m_ranges.find(partition);
    return known == m_ranges.end() ? none : known->second;
}

} // namespace weir
