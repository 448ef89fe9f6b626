// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs a program for what it prints, without a shell: nothing is expanded, nothing is chained.
// Inside connectors/secrets only; see secrets.h. Thread contract: any thread; blocks.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "connectors/base/result.h"

namespace weir {

/// Splits at spaces and tabs; '…' and "…" group, a backslash takes the next character as it is
/// (not within '…'). Errors: Config (an open quote, no word).
Result<std::vector<std::string>> split_command(const std::string& command);

/// What the program printed to stdout; its stderr and stdin are closed to it, because it may write
/// secrets there. It is killed, with all that it started, when `wait` has passed.
/// Errors: NotFound (no such program), Timeout, TooLarge (over `bytes_max`), Io (status not 0).
Result<std::string> run_command(const std::vector<std::string>& words,
                                std::chrono::milliseconds wait, std::size_t bytes_max);

} // namespace weir
