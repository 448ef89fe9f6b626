// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// When a scenario's events happen: at its rate, by the rhythm of the day and the week, faster in a
// burst. In whole nanoseconds, so that every machine counts alike.
//
// Thread contract: one owner.
#pragma once

#include "models/synth/scenario.h"

namespace weir::synth {

class ScenarioClock {
  public:
    /// `scenario` must outlive it. REQUIRES: events_per_s > 0.
    ScenarioClock(const Scenario& scenario, double events_per_s, Micros begin);

    Micros now() const { return m_begin + elapsed(); }
    Micros elapsed() const { return Micros(m_elapsed_ns / 1000); }
    /// On to the next event's time.
    void step();

  private:
    void look();
    std::int64_t next_change(std::int64_t hour_left_us) const;

    const Scenario& m_scenario;
    const double m_events_per_s;
    const Micros m_begin;
    std::int64_t m_elapsed_ns = 0;
    std::int64_t m_step_ns = 0;      // from event to event
    std::int64_t m_unchanged_ns = 0; // until when that holds
};

} // namespace weir::synth
