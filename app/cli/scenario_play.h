// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What plays of scenarios on the command line have in common: which one it is, and where it goes.
// Thread contract: main thread. Bound: ScenarioStream's.
#pragma once

#include "app/cli/arguments.h"
#include "app/cli/console.h"
#include "app/cli/event_output.h"
#include "app/cli/records_output.h"
#include "app/cli/truth_output.h"
#include "models/synth/player.h"

namespace weir::cli {

/// By --scenario, --seed and --rate; `limit`: so much of it, 0: all. It is live if it is
/// `always_live` or has a rate. Errors: Usage, and those of Scenario::load().
Result<synth::Play> scenario_play_of(const Arguments& arguments, bool always_live, Micros limit);

/// Plays it, and says what there was no room for; the truth then has its name. Errors: the
/// outputs'.
Result<synth::Played> play_into(const synth::Play& play, EventOutput& events,
                                RecordsOutput& records, TruthOutput& truth, Console& console);

/// "1,200 events: 1,100 warehouse, …; 12 orders, 3 users"
std::string played_text(const synth::TruthTotals& totals);

/// Says of each incident that is not carried out that it is not.
void note_incidents(const synth::Play& play, Console& console);

} // namespace weir::cli
