// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The rows of analytics.events by day.
// Thread contract: the WritableWarehouse's. Bound: a day's number, once a day.
#pragma once

#include <vector>

#include "models/sandbox/warehouse/schema.h"

namespace weir::sandbox {

/// The days before this one that have rows, ascending. Errors: as WritableWarehouse::execute().
Result<std::vector<Day>> days_before(warehouse::WritableWarehouse& db, Day day);

/// Holds the day (hold_day()), and counts its rows: nobody adds one until the transaction ends.
/// Gives up after a few seconds, since others wait in line behind it. REQUIRES: a transaction is
/// open. Errors: as WritableWarehouse::execute().
Result<std::int64_t> take_day(warehouse::WritableWarehouse& db, Day day);

/// Deletes the day's rows; how many they were. REQUIRES: no transaction is open.
/// Errors: as WritableWarehouse::execute().
Result<std::int64_t> delete_day(warehouse::WritableWarehouse& db, Day day);

} // namespace weir::sandbox
