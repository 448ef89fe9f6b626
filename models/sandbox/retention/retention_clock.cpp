// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/retention/retention_clock.h"

namespace weir::sandbox {

namespace {
constexpr std::chrono::milliseconds cancel_step{50};
}

RetentionClock::RetentionClock(RetentionPlan plan, warehouse::DatabaseTicket ticket,
                               RetentionIntervals intervals)
    : m_intervals(intervals)
    , m_retention(std::move(plan), std::move(ticket))
    , m_thread([this] { run(); }) {}

RetentionClock::~RetentionClock() {
    std::unique_lock lock(m_mutex);
    m_stop = true;
    m_changed.notify_all();
    do // a statement that begins after it was told to end is told, too
        m_retention.cancel();
    while (!m_changed.wait_for(lock, cancel_step, [this] { return m_ended; }));
    lock.unlock();
    m_thread.join();
}

void RetentionClock::run() {
    std::unique_lock lock(m_mutex);
    while (!m_stop) {
        lock.unlock();
        const bool done = m_retention.pass(day_of(Micros::now())).ok();
        lock.lock();
        m_changed.wait_for(lock, done ? m_intervals.usual : m_intervals.after_trouble,
                           [this] { return m_stop; });
    }
    m_ended = true;
    m_changed.notify_all();
}

} // namespace weir::sandbox
