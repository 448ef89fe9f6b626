// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A range of stored rows and the index of those that match a filter: the rows between two marks
// have been looked at; what lies before them is looked at newest first, what comes behind them at
// once.
// Thread contract: one thread. A copy shares what is held; only one of the two may grow.
// Bound: 8 bytes a row, twice.
#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "models/live/live_snapshot.h"
#include "models/live/scan_pool.h"

namespace weir {

class LiveRange {
  public:
    LiveRange()
        : m_segments(std::make_shared<SegmentTable>()) {}

    std::uint32_t add_segment(std::shared_ptr<const Segment> segment);
    void replace_segment(std::uint32_t number, std::shared_ptr<const Segment> segment);
    void append(RowRef ref) { m_all.append(ref); }
    /// All that there was to be read has been: rows that came since this was last said and are old
    /// were read back, several partitions in turns, and are put into the order of their own times.
    void order_read_back();
    /// Lets go of segments and of all their rows.
    void release(const std::vector<std::uint32_t>& numbers);

    /// Starts over.
    void set_criteria(RowCriteria criteria);
    /// The span's beginning moves on: rows that are older now are shown no more.
    void slide(std::int64_t from_us);
    /// Looks at rows until the deadline. True: something was done.
    bool work(ScanPool& pool, std::chrono::steady_clock::time_point deadline);
    bool scanning() const { return filtered() && (m_front > 0 || m_back < m_all.size()); }

    bool filtered() const { return !m_criteria.everything(); }
    const TimeSpan& span() const { return m_criteria.span; }
    std::uint64_t size() const { return m_all.size(); }
    std::uint64_t scanned() const { return filtered() ? m_back - m_front : m_all.size(); }
    RowList rows() const { return filtered() ? m_matched.list() : m_all.list(); }
    const SegmentTable& segments() const { return *m_segments; }
    /// The table to hand out; a change makes a new one.
    std::shared_ptr<const SegmentTable> share_segments() const { return m_segments; }

  private:
    SegmentTable& own_segments();
    void order_matched(const std::vector<RowRef>& read_back);

    std::shared_ptr<SegmentTable> m_segments;
    RowListBuilder m_all;
    RowListBuilder m_matched;
    RowCriteria m_criteria;
    std::uint64_t m_front = 0; // rows [m_front, m_back) have been looked at
    std::uint64_t m_back = 0;
    std::uint64_t m_ordered = 0; // so many of the first rows keep their order
};

} // namespace weir
