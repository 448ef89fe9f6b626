// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How weir invalid prints its report. Thread contract: main thread.
#pragma once

#include "app/cli/console.h"
#include "models/invalid/invalid_report.h"

namespace weir::cli {

/// A sentence, a table, and what can be done about each reason. Safe for a terminal.
void print_invalid(const InvalidReport& report, const Vocabulary& vocabulary, Console& console);
/// What may be wrong with the figures, a line each.
void note_invalid(const InvalidReport& report, Console& console);

} // namespace weir::cli
