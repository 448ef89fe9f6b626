// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which records a history holds: ranges of offsets by topic and partition. What it holds is not
// counted again when it is read again; what lies between was not watched, and may be.
//
// Thread contract: a plain value.
// Bound: ranges_max a partition; beyond it the two that are nearest to each other become one, as if
// what lies between them had been counted: too little is better than twice.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "models/event/fold/checkpoint.h"

namespace weir {

class CountedRanges {
  public:
    static constexpr std::size_t ranges_max = 64;
    using Key = std::pair<std::string, PartitionId>;

    /// Joins it with those that it touches or overlaps.
    void add(const Key& partition, const ReadStretch& range);
    /// In order, apart from each other; empty: none.
    const std::vector<ReadStretch>& of(const Key& partition) const;
    void forget(const Key& partition) { m_ranges.erase(partition); }
    bool empty() const { return m_ranges.empty(); }
    const std::map<Key, std::vector<ReadStretch>>& all() const { return m_ranges; }

  private:
    std::map<Key, std::vector<ReadStretch>> m_ranges;
};

} // namespace weir
