// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How fast one observed cluster may be read, over all its readers: a token bucket in bytes. A
// reader waits until the bucket is not in debt, takes a batch, and pays for it afterwards, so that
// a batch of any size is paid in full by the pause that follows it.
//
// Thread contract: every method from any thread. Bound: the bucket holds a quarter of a second.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>

namespace weir::kafka {

class ReadBudget {
  public:
    using Clock = std::function<std::chrono::steady_clock::time_point()>;

    /// `mb_s`: 10^6 bytes a second; 0 or less: no limit. `clock` is for tests.
    explicit ReadBudget(double mb_s, Clock clock = std::chrono::steady_clock::now);

    double rate_mb_s() const;
    /// Takes effect at once, also for readers that are waiting; their debt is forgiven.
    void set_rate_mb_s(double mb_s);

    /// Waits up to `wait` for a turn; false: none came (or wake() was called), ask again.
    bool wait_turn(std::chrono::milliseconds wait);
    void take(std::int64_t bytes);
    /// How long until the next turn, at the present rate.
    std::chrono::microseconds pause() const;
    /// Ends all waits, as when a reader stops.
    void wake();

    std::int64_t bytes_taken() const;

  private:
    void refill();
    double pause_s() const;

    const Clock m_clock;
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    double m_rate_bytes_s = 0;
    double m_tokens = 0;
    std::chrono::steady_clock::time_point m_filled;
    std::int64_t m_bytes_taken = 0;
};

} // namespace weir::kafka
