// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the Live view shows at one moment: the rows that match, oldest first, and how sure it is.
// Thread contract: immutable, shared. A snapshot pins the segments it names; hold one at a time.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/live/row_list.h"

namespace weir {

/// Segments by number; numbers are given in the order in which a feed met them, and never reused.
class SegmentTable {
  public:
    void add(std::shared_ptr<const Segment> segment) { m_segments.push_back(std::move(segment)); }
    void replace(std::uint32_t number, std::shared_ptr<const Segment> segment) {
        m_segments[number - m_first] = std::move(segment);
    }
    /// Lets go of one; leading empty places are taken away.
    void remove(std::uint32_t number) {
        m_segments[number - m_first] = nullptr;
        while (!m_segments.empty() && !m_segments.front()) {
            m_segments.erase(m_segments.begin());
            ++m_first;
        }
    }
    /// Null if it is not held.
    const std::shared_ptr<const Segment>& get(std::uint32_t number) const {
        static const std::shared_ptr<const Segment> none;
        return number >= m_first && number < end() ? m_segments[number - m_first] : none;
    }
    std::uint32_t begin() const { return m_first; }
    std::uint32_t end() const { return m_first + static_cast<std::uint32_t>(m_segments.size()); }

  private:
    std::uint32_t m_first = 0;
    std::vector<std::shared_ptr<const Segment>> m_segments;
};

/// Where a jump came out.
struct JumpFound {
    std::uint64_t token = 0;
    bool done = false;
    bool exact = false;               // false: the nearest row there is
    bool beyond = true;               // no row lies at or before it
    std::optional<std::uint64_t> row; // index in rows(); none: there are no rows at all
};

class LiveSnapshot {
  public:
    std::uint64_t version = 0;      // grows with every publication
    std::uint64_t filter_token = 0; // of the filter that `rows` answers
    bool filtered = false;          // by a filter or a time span
    bool timed = false;             // by a time span
    bool paused = false;
    bool scanning = false;           // older rows are still being looked at
    std::uint64_t scanned = 0;       // rows looked at under this filter
    std::uint64_t in_memory = 0;     // rows in the range shown
    std::uint64_t arrived = 0;       // since the feed began, all rows
    std::uint64_t since_pause = 0;   // arrived while the view was paused
    std::uint64_t missed = 0;        // left the ring before the feed saw them
    std::uint64_t given_up = 0;      // rows of a paused range that fitted neither memory nor disk
    std::uint64_t spilled_bytes = 0; // of a paused range, on disk
    std::string spill_problem;       // why given_up is not 0
    JumpFound jump;
    RowList rows;                                 // those that match; 0 is the oldest
    std::shared_ptr<const SegmentTable> segments; // never null

    std::uint64_t matched() const { return rows.size(); }
    /// Null only if the row was given up.
    const std::shared_ptr<const Segment>& segment(RowRef ref) const {
        return segments->get(ref.segment);
    }
};

} // namespace weir
