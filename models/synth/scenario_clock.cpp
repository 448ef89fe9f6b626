// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/synth/scenario_clock.h"

#include <algorithm>

#include "connectors/base/time_units.h"

namespace weir::synth {
namespace {

constexpr double percent_squared = 1e4;

std::int64_t floor_mod(std::int64_t a, std::int64_t b) {
    return (a % b + b) % b;
}

} // namespace

ScenarioClock::ScenarioClock(const Scenario& scenario, double events_per_s, Micros begin)
    : m_scenario(scenario)
    , m_events_per_s(events_per_s)
    , m_begin(begin) {
    look();
}

void ScenarioClock::step() {
    m_elapsed_ns += m_step_ns;
    if (m_elapsed_ns >= m_unchanged_ns)
        look();
}

/// How fast it goes now, and until when.
void ScenarioClock::look() {
    const std::int64_t now = m_begin.value() + m_elapsed_ns / 1000;
    const std::int64_t in_day = floor_mod(now, day_us);
    const auto hour = static_cast<std::size_t>(in_day / hour_us);
    const auto weekday =
        static_cast<std::size_t>(floor_mod((now - in_day) / day_us + epoch_weekday, 7));
    double rate = m_events_per_s * m_scenario.rhythm.hours[hour] *
                  m_scenario.rhythm.weekdays[weekday] / percent_squared;
    for (const PlannedTrouble& plan : m_scenario.troubles)
        if (plan.trouble == Trouble::Burst && plan.from <= elapsed() && elapsed() < plan.until)
            rate *= plan.factor;
    m_step_ns = std::max<std::int64_t>(1, static_cast<std::int64_t>(ns_per_s / rate));
    m_unchanged_ns = next_change(hour_us - in_day % hour_us) * 1000;
}

/// The elapsed microseconds at which the hour or a burst begins or ends.
std::int64_t ScenarioClock::next_change(std::int64_t hour_left_us) const {
    const std::int64_t now = elapsed().value();
    std::int64_t next = now + hour_left_us;
    for (const PlannedTrouble& plan : m_scenario.troubles)
        for (const Micros edge : {plan.from, plan.until})
            if (plan.trouble == Trouble::Burst && edge.value() > now)
                next = std::min(next, edge.value());
    return next;
}

} // namespace weir::synth
