// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir sandbox --init --warehouse …: marks a database as one that may be written to.
// Thread contract: main thread; blocks up to `wait`.
#pragma once

#include <chrono>

#include "app/cli/arguments.h"
#include "app/cli/console.h"

namespace weir::cli {

/// With --check it only says whether it is one. Returns the exit code.
int mark_database(const Arguments& arguments, std::chrono::milliseconds wait, Console& console);

} // namespace weir::cli
