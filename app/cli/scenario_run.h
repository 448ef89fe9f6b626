// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir generate --scenario: a scenario played into an output, with the truth about it beside it.
// Thread contract: main thread. Bound: ScenarioStream's.
#pragma once

#include "app/cli/arguments.h"
#include "app/cli/console.h"

namespace weir::cli {

int run_scenario(const Arguments& arguments, Console& console);

} // namespace weir::cli
