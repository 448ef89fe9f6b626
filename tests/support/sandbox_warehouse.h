// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A warehouse that is marked as a sandbox, empty, for one test.
// Thread contract: new_sandbox_warehouse() from one thread, write_to() from any.
#pragma once

#include <QString>

#include <memory>

#include "connectors/warehouse/sandbox/writable.h"
#include "tests/support/postgres_server.h"

namespace weir::test {

/// A new database of `server`; without one a new SQLite file in `folder`. Ends the test if it
/// cannot be had.
warehouse::ConnectionOptions new_sandbox_warehouse(PostgresServer* server, const QString& folder);

/// Ends the test if it cannot be had.
std::unique_ptr<warehouse::WritableWarehouse>
write_to(const warehouse::ConnectionOptions& connection);

} // namespace weir::test
