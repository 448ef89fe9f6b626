// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lines of a file, each an event or several in whatever dialect, held against the contracts that
// the options name: decoded and judged as the events of a topic are.
// Thread contract: one owner. Bound: one line.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "app/cli/arguments.h"
#include "app/cli/console.h"
#include "models/contract/violation.h"

namespace weir::cli {

struct JudgedLine {
    /// Of a line that holds several events with pointers into the line. Masked as was asked.
    std::vector<Violation> violations;
    bool judged = true; // false: it holds no event that a contract could judge (a dead letter)
    bool empty = false; // it holds no event at all: a batch of none
};

/// Gives what is found in a line; valid until the next call.
using LineJudge = std::function<const JudgedLine&(std::string_view line)>;

/// By --contracts, or the --workspace's contracts, or the demo shop's. Says on `console` which
/// contracts cannot be read. `masks`: what is found is masked. Errors: Usage, Config, NotFound, Io.
Result<LineJudge> contract_lines(const Arguments& arguments, bool masks, Console& console);

} // namespace weir::cli
