// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/worker_thread.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace weir {

namespace {

struct Running {
    std::mutex mutex;
    std::condition_variable changed;
    int count = 0; // guarded by mutex

    /// Never destroyed: the last thread still lets go of it when the process ends.
    static Running& instance() {
        static auto* const running = new Running;
        return *running;
    }
};

struct WaitAtExit {
    ~WaitAtExit() { wait_for_workers(); }
};

} // namespace

void start_worker(std::function<void()> work) {
    static const WaitAtExit wait;
    Running& running = Running::instance();
    {
        const std::lock_guard lock(running.mutex);
        ++running.count;
    }
    std::thread([&running, work = std::move(work)]() mutable {
        work();
        work = nullptr; // what it used goes before it counts as ended
        // Not notify_all_at_thread_exit(): the library's own part of that may be gone by then.
        const std::lock_guard lock(running.mutex);
        --running.count;
        running.changed.notify_all();
    }).detach();
}

void wait_for_workers() {
    Running& running = Running::instance();
    std::unique_lock lock(running.mutex);
    running.changed.wait(lock, [&] { return running.count == 0; });
}

} // namespace weir
