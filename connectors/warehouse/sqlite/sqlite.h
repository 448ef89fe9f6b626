// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// SQLite files as warehouses, "sqlite:FILE". Observed: opened read-only, and what a query may do is
// said to SQLite's own authorizer. A file's ids are its inode with its time of birth (which a copy
// does not share), and its path.
//
// What a value is follows from what is stored and from the column's declared type: BOOLEAN with 0
// or 1; text that is a number in a column declared DECIMAL or NUMERIC (DECIMAL_TEXT keeps trailing
// zeros); valid JSON in a JSON column; an integer in a TIMESTAMP_US column is microseconds UTC.
// Everything else is what SQLite stores.
//
// Thread contract: constant; sessions as kind.h says.
#pragma once

#include "connectors/warehouse/kind/kind.h"

namespace weir::warehouse {

const Kind& sqlite_kind();

} // namespace weir::warehouse
