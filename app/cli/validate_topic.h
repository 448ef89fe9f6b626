// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir validate --topic: events that passed a pipeline, held against their contracts.
// Thread contract: main thread; it starts one a stream of the reader. Bound: one batch a thread.
#pragma once

#include "app/cli/arguments.h"
#include "app/cli/console.h"

namespace weir::cli {

int run_validate_topic(const Arguments& arguments, Console& console);

} // namespace weir::cli
