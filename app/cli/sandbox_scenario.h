// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir sandbox --scenario: a scenario played into the sandbox's own collector, with all that it has
// in store for the pipeline; it ends once the stages have done with what came.
// Thread contract: main thread. Bound: ScenarioStream's.
#pragma once

#include <chrono>
#include <optional>

#include "app/cli/arguments.h"
#include "app/cli/command.h"
#include "app/cli/console.h"
#include "connectors/warehouse/sandbox/sandbox.h"
#include "models/sandbox/collector.h"
#include "models/sandbox/workers/pipeline.h"
#include "models/synth/player.h"

namespace weir::cli {

std::vector<Option> sandbox_scenario_options();

/// What --scenario and its companions ask for, with all incidents but those that --skip names;
/// none: nothing. Errors: Usage, and those of Scenario::load().
Result<std::optional<synth::Play>> sandbox_play_of(const Arguments& arguments);

/// Whether a pipeline of these stages can play it. Errors: Config.
Result<void> check_play(const synth::Play& play, const std::vector<std::string>& stages,
                        bool embedded);

struct PlayGround {
    sandbox::Collector& collector;
    const sandbox::Pipeline* workers = nullptr;         // null: no stage works here
    std::optional<warehouse::DatabaseTicket> records{}; // where orders and users go
    std::chrono::milliseconds timeout{10'000};          // of the database
    std::chrono::milliseconds grace{30'000};            // without anything being done
};

/// Plays it and waits for the stages. Returns the exit code.
int run_sandbox_scenario(const Arguments& arguments, const synth::Play& play,
                         const PlayGround& ground, Console& console);

} // namespace weir::cli
