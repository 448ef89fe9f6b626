// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the window begins with, from the words of the command line: a workspace file, or brokers
// and topics, where reading begins, and a filter. Thread contract: main thread; plain values.
#pragma once

#include "app/cli/arguments.h"
#include "app/gui/run_window.h"

namespace weir::cli {

/// `weir [WORKSPACE.weir.json] [OPTION…]`: the options, as Arguments::parse() wants them.
std::vector<Option> window_options();

/// Names `open`, `start` and `filter`; without a workspace and without brokers `open` stays empty.
/// A workspace file that says everything itself is loaded once the window is up, which then shows
/// what is wrong with it. Errors: Usage, Config.
Result<WindowStart> window_start(const Arguments& arguments, kafka::StartAt::Kind otherwise);

} // namespace weir::cli
