// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// SQLite's C objects with owners, and its error codes as Weir's.
// Thread contract: one thread at a time.
#pragma once

#include <memory>
#include <sqlite3.h>
#include <string>

#include "connectors/warehouse/kind/kind.h"

namespace weir::warehouse {

struct CloseSqlite {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using SqliteHandle = std::unique_ptr<sqlite3, CloseSqlite>;
using SqliteStatement = std::unique_ptr<sqlite3_stmt, CloseSqlite>;

/// The last failure on `handle`. An interrupted statement was cancelled or came late.
Error sqlite_error(sqlite3* handle, const std::string& connection, const char* doing,
                   const Patience& patience);

/// Binds by the parameter's name, $1, $2, …; its text must outlive the statement's run.
int bind_sqlite(sqlite3_stmt* statement, int index, const Value& value);

} // namespace weir::warehouse
