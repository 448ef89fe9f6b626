// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Deletes what goes with time besides the rows of analytics.events: the ids that events are known
// again by, and what was made of events, much of which is about persons (resources/sql/README.md
// has the rule of each table).
//
// Thread contract: the WritableWarehouse's. Bound: one statement a table, each a transaction of its
// own: killed in between, the rest is done the next time.
#pragma once

#include <map>
#include <string>

#include "models/sandbox/warehouse/schema.h"

namespace weir::sandbox {

/// Rows that went, by table ("sessions", "analytics.event_ids").
using ExpiredRows = std::map<std::string, std::int64_t>;

/// Ids of days before this one. An event of theirs that comes again is a new one.
/// REQUIRES: no row of these days is left. Errors: as WritableWarehouse::execute().
Result<void> expire_ids(warehouse::WritableWarehouse& db, Day first_kept, ExpiredRows& gone);

/// What nothing has changed since this day began. Errors: as WritableWarehouse::execute().
Result<void> expire_side_tables(warehouse::WritableWarehouse& db, Day first_kept,
                                ExpiredRows& gone);

} // namespace weir::sandbox
