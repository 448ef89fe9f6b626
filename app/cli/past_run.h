// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the history of a workspace's connection holds, told without reading its topics: what
// --history of weir latency and weir flow have in common.
// Thread contract: main thread; blocks for the cluster's id and for the file.
#pragma once

#include <memory>
#include <vector>

#include "app/cli/arguments.h"
#include "app/cli/stage_run.h"
#include "app/cli/target.h"

namespace weir::cli {

struct StagePast {
    std::shared_ptr<const ObservedHistory> history; // never null
    RecordRange range;                              // that is asked for
    bool whole = true;                              // all of the range was watched
};

/// For the range that the options name; says on `console` when nobody watched. Errors: Usage (an
/// offset where a time is wanted, --watch), NotFound (there is none), those of opening.
Result<StagePast> read_past(const Arguments& arguments, const Target& target, Console& console);

std::vector<Option> past_options();

} // namespace weir::cli
