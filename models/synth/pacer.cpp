// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/synth/pacer.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "connectors/base/time_units.h"

namespace weir::synth {
namespace {}

Pacer::Pacer(double events_per_s, Time now, Time slack)
    : m_rate(events_per_s)
    , m_begin(now)
    , m_slack(slack) {
    assert(events_per_s > 0);
}

std::uint64_t Pacer::due_since_begin(Time now) const {
    if (now <= m_begin)
        return 0;
    return static_cast<std::uint64_t>(static_cast<double>((now - m_begin).count()) * m_rate /
                                      ns_per_s);
}

std::uint64_t Pacer::due(Time now) {
    const std::uint64_t total = due_since_begin(now);
    if (total <= m_taken)
        return 0;
    std::uint64_t count = total - m_taken;
    m_taken = total;
    const double slack_events = static_cast<double>(m_slack.count()) * m_rate / ns_per_s;
    const auto most = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(slack_events));
    if (count > most) {
        m_skipped += count - most;
        count = most;
    }
    return count;
}

Pacer::Time Pacer::wait(Time now) const {
    const double at_ns = std::ceil(static_cast<double>(m_taken + 1) * ns_per_s / m_rate);
    const Time next = m_begin + Time(static_cast<Time::rep>(at_ns));
    return std::max(Time::zero(), next - now);
}

void Pacer::set_rate(double events_per_s, Time now) {
    assert(events_per_s > 0);
    m_rate = events_per_s;
    m_begin = now;
    m_taken = 0;
}

} // namespace weir::synth
