// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Paces events at a rate without bursts: asks how many are due now, and how long to wait for the
// next. What was missed while the caller was held up is made good only up to `slack`; the rest is
// let go and counted, so that a stall is not followed by a flood.
//
// Thread contract: one owner. Time is handed in (a monotonic clock's), so that tests need none.
#pragma once

#include <chrono>
#include <cstdint>

namespace weir::synth {

class Pacer {
  public:
    using Time = std::chrono::nanoseconds; // since any fixed point of a monotonic clock

    /// REQUIRES: events_per_s > 0. `slack` is at least one event's time.
    Pacer(double events_per_s, Time now, Time slack = std::chrono::milliseconds(100));

    /// How many events are due at `now`, and takes them as sent.
    std::uint64_t due(Time now);

    /// How long until the next one is due; zero if one is.
    Time wait(Time now) const;

    /// Changes the rate from `now` on.
    void set_rate(double events_per_s, Time now);

    /// Events that came due while the caller was held up and were let go.
    std::uint64_t skipped() const { return m_skipped; }

    /// The monotonic clock's time.
    static Time now() { return std::chrono::steady_clock::now().time_since_epoch(); }

  private:
    std::uint64_t due_since_begin(Time now) const;

    double m_rate;
    Time m_begin;
    const Time m_slack;
    std::uint64_t m_taken = 0; // since m_begin: counted, so that no rounding adds up
    std::uint64_t m_skipped = 0;
};

} // namespace weir::synth
