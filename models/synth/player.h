// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Plays a scenario to whoever takes what happens in it: events as they are sent, what the systems
// of record get to know, and the truth about all of it.
//
// Thread contract: play() blocks until the end; all of `audience` is called on its thread. Bound:
// ScenarioStream's.
#pragma once

#include <memory>
#include <string>

#include "connectors/base/result.h"
#include "models/synth/scenario_stream.h"

namespace weir::synth {

struct Play {
    std::shared_ptr<const Scenario> scenario;
    std::uint64_t seed = 1;
    double events_per_s = 0;
    bool live = false; // as it happens: from now on, waited for; else on the scenario's own clock
    std::shared_ptr<IncidentPlan> incidents{}; // that are carried out; null: none
};

class Audience {
  public:
    virtual ~Audience() = default;
    /// An event is sent. An error of any of these ends the play.
    virtual Result<void> send(const Happening& happening) = 0;
    virtual Result<void> record(const OrderTruth& order) = 0;
    virtual Result<void> record(const UserTruth& user) = 0;
    /// Lines of the truth; those of a Happening follow what is sent of it.
    virtual Result<void> tell(std::string_view lines) = 0;
    /// Nothing happens for a moment. `so_far` events have.
    virtual Result<void> idle(std::uint64_t so_far) = 0;
    /// All has happened, and all that was sent is to arrive; only the truth's end is still to come.
    virtual Result<void> finish() = 0;
    /// Whether it is to end before its time.
    virtual bool gone() const = 0;
};

/// What was played.
struct Played {
    TruthTotals totals;
    TruthEnd end;
    std::string last_line; // of the truth
};

/// Errors: the audience's.
Result<Played> play(const Play& play, Audience& audience);

} // namespace weir::synth
