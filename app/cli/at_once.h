// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Several things that each wait for somebody, done at once: what takes longest says how long it
// takes. Thread contract: blocks until all are done. Bound: `threads_max` threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace weir::cli {

/// Calls task(0) … task(count - 1), each once, on threads of its own. REQUIRES: no task throws.
template <class Task>
void do_at_once(std::size_t count, std::size_t threads_max, Task task) {
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        for (std::size_t i = next++; i < count; i = next++)
            task(i);
    };
    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < std::min(count, threads_max); ++i)
        threads.emplace_back(work);
    work();
    for (std::thread& thread : threads)
        thread.join();
}

} // namespace weir::cli
