// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One thread that does what it is given, one task after the other, in order; it begins with the
// first. (Not Qt's pool: ThreadSanitizer cannot see how that hands work over.)
//
// Thread contract: start() from any thread; finish() and the destructor from the owner's. Bound:
// the caller's.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace weir {

class SerialWorker {
  public:
    SerialWorker() = default;
    ~SerialWorker() { finish(); }
    SerialWorker(const SerialWorker&) = delete;
    SerialWorker& operator=(const SerialWorker&) = delete;

    void start(std::function<void()> task);
    /// Waits until all has been done that was given before.
    void finish();

  private:
    void run();

    std::mutex m_mutex; // guards what follows
    std::condition_variable m_changed;
    std::deque<std::function<void()>> m_tasks;
    bool m_ends = false;
    std::thread m_thread; // the owner's, and under the lock
};

} // namespace weir
