// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The backlog of consumer groups as `weir lag` prints it. Thread contract: pure functions.
#pragma once

#include <functional>
#include <string>

#include "models/backlog/backlog_snapshot.h"
#include "models/live/copied_command.h"

namespace weir::cli {

/// Which rows are asked for; empty: all.
using TopicFilter = std::function<bool(const std::string& topic)>;

/// {"groups":[…]}, one object a partition, as weir(1) has it. On one line if `one_line`.
std::string lag_json(const BacklogSnapshot& snapshot, const TopicFilter& wanted, bool one_line);

/// For people: the worst group first, a table of its partitions, and below what is wrong what can
/// be done about it. Safe for a terminal.
std::string lag_text(const BacklogSnapshot& snapshot, const TopicFilter& wanted,
                     const CommandTarget& target);

/// The worst of the rows that are asked for.
Verdict worst_verdict(const BacklogSnapshot& snapshot, const TopicFilter& wanted);

} // namespace weir::cli
