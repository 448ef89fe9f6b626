// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads a warehouse's answers as text, so that a test compares whole results.
// Thread contract: any thread.
#pragma once

#include <string>

#include "connectors/warehouse/warehouse.h"

namespace weir::test {

/// The rows as JSON, a line each; an error's word and text in the place of what it hid.
std::string read_all(warehouse::Rows& rows);
/// read_all() of a query; `timeout` for all of it.
std::string query(warehouse::Warehouse& warehouse, const std::string& sql,
                  std::vector<warehouse::Parameter> parameters = {},
                  std::chrono::milliseconds timeout = std::chrono::seconds(20));
/// The query's error; Internal if it went well.
Error query_error(warehouse::Warehouse& warehouse, const std::string& sql,
                  std::chrono::milliseconds timeout = std::chrono::seconds(20));

/// Runs a Python script on a SQLite file ("db" is a connection in autocommit mode, "os", "time" are
/// imported): another process, and another program, than ours.
Result<std::string> python_on(const std::string& file, const std::string& script);
/// The same, left to run; its process id. `output` collects what it prints.
Result<int> python_beside(const std::string& file, const std::string& script,
                          const std::string& output);

} // namespace weir::test
