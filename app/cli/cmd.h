// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The subcommands, one file each; commands.cpp lists them. Thread contract: as Command.
#pragma once

#include "app/cli/command.h"

namespace weir::cli {

Command audit_command();
Command contract_command();
Command count_command();
Command demo_command();
Command doctor_command();
Command flow_command();
Command generate_command();
Command invalid_command();
Command lag_command();
Command latency_command();
Command sandbox_command();
Command screenshot_command();
Command search_command();
Command tail_command();
Command triage_command();
Command truth_command();
Command validate_command();
Command watch_command();

} // namespace weir::cli
