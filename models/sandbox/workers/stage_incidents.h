// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is planned to go wrong with one worker: it takes nothing in, or little, or loses what it
// takes in. Without a plan nothing does. A stage itself knows nothing of it, and stays what it is.
//
// Thread contract: one owner.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/event/sighting.h"
#include "models/synth/incident_plan.h"

namespace weir::sandbox {

class StageIncidents {
  public:
    /// `plan`: null, nothing is planned.
    StageIncidents(std::shared_ptr<const synth::IncidentPlan> plan, std::string stage)
        : m_plan(std::move(plan))
        , m_stage(std::move(stage)) {}

    /// Whether nothing may be taken in, however long it waits. It stays a member of its group.
    bool stalled(Micros now) const { return m_plan && m_plan->stalled(m_stage, now); }
    /// How many records may be taken in now, of `most`; 0: a moment later.
    std::size_t allowance(Micros now, std::size_t most);
    /// So many were.
    void took(std::size_t records) { m_allowed -= static_cast<double>(records); }
    /// Whether nothing is to become of this one: it is taken in, and that was that.
    bool loses(const Sighting& sighting) const {
        return m_plan && sighting.key_source == KeySource::EventId &&
               m_plan->loses(m_stage, sighting.key);
    }

  private:
    const std::shared_ptr<const synth::IncidentPlan> m_plan;
    const std::string m_stage;
    double m_allowed = 0; // while it is slow
    Micros m_looked{-1};  // when that was reckoned; -1: it is not slow
};

/// Whether a pipeline of these stages can carry out all of the scenario's incidents that are
/// planned. Errors: Config, with the incident and what can be done about it.
Result<void> check_incidents(const synth::Scenario& scenario, const synth::IncidentPlan& plan,
                             const std::vector<std::string>& stages, bool embedded);

} // namespace weir::sandbox
