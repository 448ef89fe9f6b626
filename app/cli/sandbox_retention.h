// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir sandbox --retain …: what of a sandbox's warehouse goes when; beside the stages, or once.
// Thread contract: main thread.
#pragma once

#include <chrono>
#include <optional>

#include "app/cli/arguments.h"
#include "app/cli/command.h"
#include "app/cli/console.h"
#include "models/sandbox/retention/retention.h"

namespace weir::cli {

std::vector<Option> retention_options();

/// What --retain and --archive say; none: everything stays. Errors: Usage.
Result<std::optional<sandbox::RetentionPlan>> retention_of(const Arguments& arguments);

/// One pass, now, on the marked database of --warehouse. Returns the exit code.
int run_retention(const Arguments& arguments, std::chrono::milliseconds wait, Console& console);

/// Puts archive files of --archive back into the marked database of --warehouse. Returns the exit
/// code.
int run_restore(const Arguments& arguments, std::chrono::milliseconds wait, Console& console);

/// What was done, as an object, and in a sentence.
std::string retention_json(const sandbox::RetentionCounts& counts);
std::string retention_text(const sandbox::RetentionCounts& counts);

} // namespace weir::cli
