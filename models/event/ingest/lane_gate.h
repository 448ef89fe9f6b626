// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Brings all lanes of a loop to one moment: each arrives, keeps itself useful until all have, and
// the last one to arrive is told. Lanes that have ended for good leave.
// Thread contract: any thread. Bound: none needed, it holds numbers only.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>

namespace weir {

class LaneGate {
  public:
    explicit LaneGate(int lanes)
        : m_lanes(lanes) {}

    /// Waits for the others, calling `meanwhile` (outside any lock) every millisecond. `last` runs
    /// once per round, by the last lane to come, before any lane goes on.
    void arrive(const std::function<void()>& meanwhile, const std::function<void()>& last) {
        std::unique_lock lock(m_mutex);
        const int round = m_round;
        ++m_arrived;
        if (m_arrived >= m_lanes) {
            open(lock, last);
            return;
        }
        while (m_round == round) {
            if (m_arrived >= m_lanes) { // another one left
                open(lock, last);
                return;
            }
            lock.unlock();
            meanwhile();
            lock.lock();
            if (m_round == round)
                m_opened.wait_for(lock, std::chrono::milliseconds(1));
        }
    }

    void leave() {
        const std::lock_guard lock(m_mutex);
        --m_lanes;
        m_opened.notify_all();
    }

  private:
    void open(std::unique_lock<std::mutex>& lock, const std::function<void()>& last) {
        last();
        m_arrived = 0;
        ++m_round;
        lock.unlock();
        m_opened.notify_all();
    }

    std::mutex m_mutex;
    std::condition_variable m_opened;
    int m_lanes;
    int m_arrived = 0;
    int m_round = 0;
};

} // namespace weir
