// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir validate --compat OLD NEW. Thread contract: as Command.
#pragma once

#include "app/cli/arguments.h"
#include "app/cli/console.h"

namespace weir::cli {

int run_compat(const Arguments& arguments, Console& console);

} // namespace weir::cli
