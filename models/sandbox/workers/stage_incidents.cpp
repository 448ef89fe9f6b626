// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/workers/stage_incidents.h"

#include <algorithm>
#include <iterator>

#include "connectors/base/time_units.h"
#include "models/workspace/duration.h"

namespace weir::sandbox {
namespace {

/// What may be taken in at once, so that a slow worker is slow evenly.
constexpr double burst_s = 0.25;
/// Those that every event passes, of whose losses the truth can tell.
constexpr const char* main_stages[] = {"deduplicate", "enrich", "load"};
/// What producers hold for a cluster that cannot lose what it has acknowledged, and forgets who is
/// a member.
constexpr Micros outage_max{60'000'000};

Error cannot(const synth::PlannedTrouble& plan, std::string why, std::string advice) {
    Error error;
    error.code = ErrorCode::Config;
    error.what = std::string(to_word(plan.trouble)) +
                 (plan.stage.empty() ? "" : " of " + plan.stage) + ", " +
                 format_duration_us(plan.from.value()) + " after the beginning: " + std::move(why);
    error.tried = "carrying out the scenario's incidents";
    error.advice = std::move(advice);
    return error;
}

Result<void> check_outage(const synth::PlannedTrouble& plan, Micros duration, bool embedded) {
    if (!embedded)
        return cannot(plan, "Weir cannot stop a broker that it has not started",
                      "Use --bootstrap embedded; or leave it out with --skip broker_outage, and "
                      "stop the broker yourself at that time.");
    if (std::min(plan.until, duration) - plan.from > outage_max)
        return cannot(plan, "the cluster inside Weir can be away for a minute at most",
                      "Let it end sooner, or leave it out with --skip broker_outage.");
    return {};
}

Result<void> check_stage(const synth::PlannedTrouble& plan,
                         const std::vector<std::string>& stages) {
    std::string names;
    for (const std::string& name : stages)
        names += (names.empty() ? "" : ", ") + name;
    if (std::find(stages.begin(), stages.end(), plan.stage) == stages.end())
        return cannot(plan, "no such stage runs here", "There are: " + names + ".");
    if (plan.trouble == synth::Trouble::SilentDrop &&
        std::find(std::begin(main_stages), std::end(main_stages), plan.stage) ==
            std::end(main_stages))
        return cannot(plan, "the truth cannot tell what would come of that",
                      "Let deduplicate, enrich or load lose events.");
    return {};
}

} // namespace

std::size_t StageIncidents::allowance(Micros now, std::size_t most) {
    const auto rate = m_plan ? m_plan->events_per_s(m_stage, now) : std::nullopt;
    if (!rate) {
        m_looked = Micros(-1);
        m_allowed = 0;
        return most;
    }
    if (m_looked.value() >= 0 && now > m_looked)
        m_allowed += *rate * static_cast<double>((now - m_looked).value()) / us_per_s;
    m_looked = now;
    m_allowed = std::min(m_allowed, std::max(1.0, *rate * burst_s));
    return std::min(most, static_cast<std::size_t>(std::max(0.0, m_allowed)));
}

Result<void> check_incidents(const synth::Scenario& scenario, const synth::IncidentPlan& plan,
                             const std::vector<std::string>& stages, bool embedded) {
    for (const synth::PlannedTrouble& one : scenario.troubles) {
        if (!is_incident(one.trouble) || !plan.carries_out(one.trouble) ||
            one.from >= scenario.duration)
            continue;
        auto can = one.trouble == synth::Trouble::BrokerOutage
                       ? check_outage(one, scenario.duration, embedded)
                       : check_stage(one, stages);
        if (!can)
            return can;
    }
    return {};
}

} // namespace weir::sandbox
