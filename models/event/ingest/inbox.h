// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where a lane's join entries wait for it, and how far the lanes that sent them had read.
// Thread contract: push from any lane, take by the owner.
// Bound: one watermark a partition; `limit` entries; a push that finds it full says so and must be
// tried again, after the sender has emptied its own inbox (two full lanes would else wait for each
// other for ever).
#pragma once

#include <mutex>
#include <vector>

#include "models/event/fold/fold.h"
#include "models/event/fold/watermarks.h"

namespace weir {

class Inbox {
  public:
    explicit Inbox(std::size_t limit)
        : m_limit(limit) {}

    /// Takes `entries` whole (and leaves it empty), or nothing at all.
    bool try_push(std::vector<JoinEntry>& entries) {
        const std::lock_guard lock(m_mutex);
        if (!m_entries.empty() && m_entries.size() + entries.size() > m_limit)
            return false;
        m_entries.insert(m_entries.end(), entries.begin(), entries.end());
        entries.clear();
        return true;
    }

    /// REQUIRES: the entries that were read up to these marks have been pushed.
    void push_marks(std::span<const Watermark> marks) {
        const std::lock_guard lock(m_mutex);
        m_marks.absorb(marks);
    }

    /// Swaps what waits into `entries`, which is cleared first, and puts the marks into `marks`.
    void take(std::vector<JoinEntry>& entries, std::vector<Watermark>& marks) {
        entries.clear();
        const std::lock_guard lock(m_mutex);
        m_entries.swap(entries);
        marks = m_marks.all();
        m_marks = Watermarks();
    }

  private:
    const std::size_t m_limit;
    std::mutex m_mutex;
    std::vector<JoinEntry> m_entries;
    Watermarks m_marks;
};

} // namespace weir
