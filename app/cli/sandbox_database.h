// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir sandbox --warehouse …: marks a database (--init) as one that may be written to, and has its
// tables made.
// Thread contract: main thread; blocks up to `wait`.
#pragma once

#include <chrono>
#include <optional>

#include "app/cli/arguments.h"
#include "app/cli/console.h"
#include "connectors/warehouse/sandbox/sandbox.h"

namespace weir::cli {

/// What --warehouse (an address, or the name of one of the workspace's) and --warehouse-password
/// say; none: nothing. Errors: Usage, and those of Workspace::load().
Result<std::optional<warehouse::ConnectionOptions>>
sandbox_warehouse_of(const Arguments& arguments);

/// Leave to write to a marked database, whose tables are there and up to date.
/// Errors: as prove_sandbox_database, and sandbox::migrate.
Result<warehouse::DatabaseTicket> ready_warehouse(const warehouse::ConnectionOptions& connection,
                                                  const Arguments& arguments,
                                                  std::chrono::milliseconds wait);

/// With --check it only says whether it is one. Returns the exit code.
int mark_database(const Arguments& arguments, std::chrono::milliseconds wait, Console& console);

} // namespace weir::cli
