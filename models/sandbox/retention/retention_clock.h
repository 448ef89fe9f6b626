// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs retention beside the stages: a pass at once, then every hour; after one that failed, every
// minute.
// Thread contract: one thread of its own; counts() from any. Bound: one pass at a time.
#pragma once

#include <condition_variable>
#include <thread>

#include "models/sandbox/retention/retention.h"

namespace weir::sandbox {

struct RetentionIntervals {
    std::chrono::milliseconds usual{std::chrono::hours(1)};
    std::chrono::milliseconds after_trouble{std::chrono::minutes(1)};
};

class RetentionClock {
  public:
    RetentionClock(RetentionPlan plan, warehouse::DatabaseTicket ticket,
                   RetentionIntervals intervals = {});
    /// Ends a pass that runs; what is left is done the next time.
    ~RetentionClock();
    RetentionClock(const RetentionClock&) = delete;
    RetentionClock& operator=(const RetentionClock&) = delete;

    RetentionCounts counts() const { return m_retention.counts(); }

  private:
    void run();

    const RetentionIntervals m_intervals;
    Retention m_retention;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_stop = false;
    bool m_ended = false;
    std::thread m_thread;
};

} // namespace weir::sandbox
