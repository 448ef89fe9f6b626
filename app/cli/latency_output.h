// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How weir latency prints its report. Thread contract: main thread.
#pragma once

#include "app/cli/console.h"
#include "models/latency/latency_report.h"

namespace weir::cli {

/// A table, or one JSON document and a newline.
void print_latency(const LatencyReport& report, bool json, Console& console);
/// What may be wrong with the figures, a line each.
void note_latency(const LatencyReport& report, Console& console);

} // namespace weir::cli
