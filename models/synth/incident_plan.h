// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a scenario has in store for the pipeline itself, for those who bring it about: when which
// stage takes nothing in, or little, which events it loses, and when the broker is away. Which
// events are lost is drawn by the scenario's stream, told to its truth and noted here before the
// event is sent: the worker that loses them and the truth cannot differ.
//
// Thread contract: begin() and lose() by whoever plays the scenario, all else from any thread.
// Bound: lost_max events; past it no further one is lost.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <limits>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "models/synth/scenario.h"

namespace weir::synth {

class IncidentPlan {
  public:
    static constexpr std::size_t lost_max = 1'000'000;

    /// Of those of its incidents that are among `carried_out`; none outlasts the scenario.
    IncidentPlan(const Scenario& scenario, TroubleSet carried_out);

    /// The scenario begins then. Before it is told so, nothing happens.
    void begin(Micros at) { m_begin = at.value(); }

    /// Whether the stage takes nothing in.
    bool stalled(std::string_view stage, Micros now) const;
    /// The most that the stage takes in; none: as much as comes.
    std::optional<double> events_per_s(std::string_view stage, Micros now) const;
    bool broker_away(Micros now) const;
    /// The longest time for which the broker is away: so much longer may it take to answer.
    std::chrono::milliseconds longest_outage() const;

    /// Whether incidents of this kind are carried out.
    bool carries_out(Trouble trouble) const { return (m_carried_out & bit_of(trouble)) != 0; }
    /// From now on the stage loses the event with this id. False: there are too many.
    bool lose(std::string_view stage, EventHash id);
    bool loses(std::string_view stage, EventHash id) const;

  private:
    template <class Each>
    void for_each(Trouble trouble, std::string_view stage, Micros now, Each each) const;

    const TroubleSet m_carried_out;
    std::vector<PlannedTrouble> m_incidents;
    std::atomic<std::int64_t> m_begin{std::numeric_limits<std::int64_t>::max()};
    mutable std::mutex m_mutex;                                               // guards what follows
    std::map<std::string, std::unordered_set<EventHash>, std::less<>> m_lost; // by stage
    std::size_t m_lost_count = 0;
};

} // namespace weir::synth
