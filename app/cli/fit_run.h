// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir generate --fit: a scenario that looks like events that were seen.
// Thread contract: main thread. Bound: Fit's, and one batch of lines.
#pragma once

#include "app/cli/arguments.h"
#include "app/cli/console.h"

namespace weir::cli {

int run_fit(const Arguments& arguments, Console& console);

} // namespace weir::cli
