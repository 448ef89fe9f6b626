// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How long the GUI thread was busy in each tick of the frame: the measure of "it never stutters".
// add() is told of every piece of work, closeTick() ends a tick's sum and files it in a histogram.
// Thread contract: one thread. Bound: 64 bins, a quarter of a power of two wide each, from 64 µs.
#pragma once

#include <array>
#include <cstdint>

namespace weir {

class BusyMeter {
  public:
    void add(std::int64_t ns) { m_open_ns += ns; }
    void close_tick();
    void reset() { *this = {}; }

    std::uint64_t ticks() const { return m_ticks; }
    std::int64_t last_us() const { return m_last_us; }
    std::int64_t max_us() const { return m_max_us; }
    /// The upper edge of the bin that holds the quantile (at most 19 % over the true value, and
    /// never over max_us); 0 without ticks. REQUIRES: 0 < q <= 1.
    std::int64_t quantile_us(double q) const;

  private:
    static constexpr std::size_t bins = 64;
    static std::int64_t upper_edge_us(std::size_t bin);

    std::array<std::uint64_t, bins> m_counts{};
    std::uint64_t m_ticks = 0;
    std::int64_t m_open_ns = 0;
    std::int64_t m_last_us = 0;
    std::int64_t m_max_us = 0;
};

} // namespace weir
