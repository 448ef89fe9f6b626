// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How weir flow prints its report. Thread contract: main thread.
#pragma once

#include "app/cli/console.h"
#include "models/flow/flow_report.h"

namespace weir::cli {

/// A table, or one JSON document and a newline.
void print_flow(const FlowReport& report, const FlowOptions& options, bool json, Console& console);
/// What may be wrong with the figures, a line each.
void note_flow(const FlowReport& report, Console& console);

} // namespace weir::cli
