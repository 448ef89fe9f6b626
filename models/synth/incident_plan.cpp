// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/synth/incident_plan.h"

#include <algorithm>

namespace weir::synth {

IncidentPlan::IncidentPlan(const Scenario& scenario, TroubleSet carried_out)
    : m_carried_out(carried_out) {
    for (const PlannedTrouble& plan : scenario.troubles)
        if (is_incident(plan.trouble) && carries_out(plan.trouble)) {
            m_incidents.push_back(plan);
            m_incidents.back().until = std::min(plan.until, scenario.duration);
        }
}

/// Those of a kind that befall the stage now.
template <class Each>
void IncidentPlan::for_each(Trouble trouble, std::string_view stage, Micros now, Each each) const {
    const Micros elapsed = now - Micros(m_begin);
    for (const PlannedTrouble& plan : m_incidents)
        if (plan.trouble == trouble && plan.stage == stage && plan.from <= elapsed &&
            elapsed < plan.until)
            each(plan);
}

bool IncidentPlan::stalled(std::string_view stage, Micros now) const {
    bool found = false;
    for_each(Trouble::StalledWorker, stage, now, [&](const PlannedTrouble&) { found = true; });
    return found;
}

std::optional<double> IncidentPlan::events_per_s(std::string_view stage, Micros now) const {
    std::optional<double> least;
    for_each(Trouble::SlowWorker, stage, now, [&](const PlannedTrouble& plan) {
        least = std::min(least.value_or(plan.events_per_s), plan.events_per_s);
    });
    return least;
}

bool IncidentPlan::broker_away(Micros now) const {
    bool found = false;
    for_each(Trouble::BrokerOutage, {}, now, [&](const PlannedTrouble&) { found = true; });
    return found;
}

std::chrono::milliseconds IncidentPlan::longest_outage() const {
    Micros longest{0};
    for (const PlannedTrouble& plan : m_incidents)
        if (plan.trouble == Trouble::BrokerOutage)
            longest = std::max(longest, plan.until - plan.from);
    return std::chrono::milliseconds(longest.ms());
}

bool IncidentPlan::lose(std::string_view stage, EventHash id) {
    const std::lock_guard lock(m_mutex);
    if (m_lost_count >= lost_max)
        return false;
    auto at = m_lost.find(stage);
    if (at == m_lost.end())
        at = m_lost.emplace(stage, std::unordered_set<EventHash>()).first;
    m_lost_count += at->second.insert(id).second ? 1 : 0;
    return true;
}

bool IncidentPlan::loses(std::string_view stage, EventHash id) const {
    const std::lock_guard lock(m_mutex);
    const auto at = m_lost.find(stage);
    return at != m_lost.end() && at->second.count(id) > 0;
}

} // namespace weir::synth
