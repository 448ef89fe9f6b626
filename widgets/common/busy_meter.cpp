// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/busy_meter.h"

#include <algorithm>
#include <cmath>

namespace weir {

std::int64_t BusyMeter::upper_edge_us(std::size_t bin) {
    return static_cast<std::int64_t>(std::ceil(64 * std::exp2(static_cast<double>(bin) / 4)));
}

void BusyMeter::close_tick() {
    const std::int64_t us = m_open_ns / 1000;
    m_open_ns = 0;
    m_last_us = us;
    m_max_us = std::max(m_max_us, us);
    std::size_t bin = 0;
    while (bin + 1 < bins && upper_edge_us(bin) < us)
        ++bin;
    ++m_counts[bin];
    ++m_ticks;
}

std::int64_t BusyMeter::quantile_us(double q) const {
    const auto rank = static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(m_ticks)));
    std::uint64_t seen = 0;
    for (std::size_t bin = 0; bin < bins; ++bin) {
        seen += m_counts[bin];
        if (seen >= rank && seen > 0)
            return std::min(upper_edge_us(bin), m_max_us);
    }
    return m_max_us;
}

} // namespace weir
