// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A scenario played: what happens, in the order in which it reaches the collector, with the truth
// about it. From a scenario, a seed, a rate and a beginning, the same bytes, whether its incidents
// are carried out or not. Times follow the scenario's own clock; who plays it live waits for each
// Happening::at.
//
// Thread contract: one owner. Bound: the crowd's; held_bytes_max of events that are held back (late
// batches, retries): past it a late event is sent at once and a retry is left out, both counted.
#pragma once

#include <memory>
#include <queue>
#include <string>
#include <vector>

#include "models/contract/contract_set.h"
#include "models/synth/crowd.h"
#include "models/synth/event_writer.h"
#include "models/synth/incident_plan.h"
#include "models/synth/scenario.h"
#include "models/synth/scenario_clock.h"
#include "models/synth/truth.h"

namespace weir::synth {

/// What happens next; views are valid until the next call.
struct Happening {
    Micros at;
    const OrderTruth* order = nullptr;             // that the shop took; null: none
    const UserTruth* user = nullptr;               // who signed up
    const AttributionTruth* attribution = nullptr; // whose first touch the event is
    const EventTruth* event = nullptr; // that is sent now, or should have been; null: none yet
    /// Of an event that is sent.
    std::string_view key;
    std::string_view value;
    const std::vector<HeaderView>* headers = nullptr;
};

class ScenarioStream {
  public:
    static constexpr std::size_t held_bytes_max = 256u << 20;

    /// `incidents`: those that are carried out, which are told what is lost; null: none are.
    /// REQUIRES: events_per_s > 0.
    ScenarioStream(std::shared_ptr<const Scenario> scenario, std::uint64_t seed,
                   double events_per_s, Micros begin,
                   std::shared_ptr<IncidentPlan> incidents = nullptr);

    /// False: it is over; what was held back is sent before.
    bool next(Happening& out);
    /// Late events that were sent at once, and retries left out, for want of room.
    std::uint64_t not_held() const { return m_not_held; }

  private:
    /// One event on its way, with all that is to be said of it.
    struct Sending {
        Micros at;
        std::uint64_t number = 0; // of those held: the order among equals
        Platform sender{};
        std::uint64_t visit = 0;
        std::int64_t visitor = -1; // number of the user that it names; -1: none
        Landing landing;
        std::string value, key, id, of, order, user;
        EventTruth truth; // but for its views of the texts above
        void show(Happening& out);
    };
    struct Later {
        bool operator()(const std::unique_ptr<Sending>& a,
                        const std::unique_ptr<Sending>& b) const {
            return a->at != b->at ? a->at > b->at : a->number > b->number;
        }
    };
    /// What the scenario has in store for one event.
    struct Lot {
        TroubleSet troubles = 0;
        bool lost = false;
        Micros skew{0};
        Micros release{0}; // of a late batch; 0: it is none
        Fault fault = Fault::None;
        std::size_t bytes = 0; // it is padded to
        const PlannedTrouble* retry = nullptr;
    };

    bool applies(const PlannedTrouble& plan, std::size_t index, const Session& session);
    void dress(Session& session);
    Lot draw(const Session& session);
    void add(const PlannedTrouble& plan, Lot& lot);
    void note_records(Session& session, Happening& out);
    Session& pick();
    bool make(Happening& out);
    void step_on(Session& session);
    void lose();
    bool loses(const PlannedTrouble& plan, std::size_t index, EventHash id) const;
    void show(Happening& out);
    void write(Session& session, const Lot& lot);
    void plan_retry(const PlannedTrouble& plan, bool has_business_key);
    bool has_room();
    void hold(const Sending& sending);
    bool release(Micros until);

    const std::shared_ptr<const Scenario> m_scenario;
    const std::uint64_t m_seed;
    const Micros m_begin;
    const std::shared_ptr<IncidentPlan> m_incidents; // or null
    ScenarioClock m_clock;
    Crowd m_crowd;
    Random m_chance; // a stream of its own: faults do not change who does what
    EventWriter m_writer{true};
    JsonBuffer m_text;
    std::vector<bool> m_has_business_key; // by Step
    Sending m_current;
    std::priority_queue<std::unique_ptr<Sending>, std::vector<std::unique_ptr<Sending>>, Later>
        m_held;
    std::size_t m_held_bytes = 0;
    std::uint64_t m_held_count = 0;
    std::uint64_t m_not_held = 0;
    std::int64_t m_next_order;
    TouchBook m_touches;
    std::string m_order_text, m_user_text, m_touch_user;
    AttributionTruth m_touch;
    OrderTruth m_order;
    UserTruth m_user;
};

} // namespace weir::synth
