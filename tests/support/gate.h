// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lets a worker wait until the test says so.
// Thread contract: any thread.
#pragma once

#include <condition_variable>
#include <mutex>

namespace weir::test {

class Gate {
  public:
    void close() { set(false); }
    void open() { set(true); }
    void pass() {
        std::unique_lock lock(m_mutex);
        ++m_waiting;
        m_changed.wait(lock, [this] { return m_open; });
        --m_waiting;
    }
    /// How many stand before it now.
    int waiting() const {
        const std::lock_guard lock(m_mutex);
        return m_waiting;
    }

  private:
    void set(bool open) {
        {
            const std::lock_guard lock(m_mutex);
            m_open = open;
        }
        m_changed.notify_all();
    }
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    int m_waiting = 0;
    bool m_open = true;
};

} // namespace weir::test
