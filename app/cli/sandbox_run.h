// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir sandbox --http …: the sandbox pipeline without a window, until it is told to end.
// Thread contract: main thread.
#pragma once

#include "app/cli/arguments.h"
#include "app/cli/command.h"
#include "app/cli/console.h"

namespace weir::cli {

std::vector<Option> sandbox_run_options();
/// Whether the arguments ask for it.
bool asks_for_sandbox_run(const Arguments& arguments);
int run_sandbox_pipeline(const Arguments& arguments, Console& console);

} // namespace weir::cli
