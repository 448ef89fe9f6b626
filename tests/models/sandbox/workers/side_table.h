// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A stage that keeps rows in a warehouse of its own, and what it kept there.
// Thread contract: one owner.
#pragma once

#include <string>

#include "models/sandbox/warehouse/schema.h"
#include "tests/models/sandbox/workers/keeper_story.h"
#include "tests/support/sandbox_warehouse.h"
#include "tests/support/warehouse_reading.h"

namespace weir::test {

template <class Kept>
class SideTable {
  public:
    /// In a new database of `server`; without one in a new SQLite file in `folder`.
    SideTable(PostgresServer* server, const QString& folder)
        : m_options(new_sandbox_warehouse(server, folder))
        , m_stage(ready(m_options)) {}

    Kept& stage() { return m_stage; }
    std::string rows(const std::string& sql) const {
        const auto db = warehouse::Warehouse::open(m_options, {}).value();
        return query(*db, sql);
    }

  private:
    static warehouse::DatabaseTicket ready(const warehouse::ConnectionOptions& options) {
        const auto db = write_to(options);
        if (const auto made = sandbox::migrate(*db); !made)
            qFatal("%s", made.error().text().c_str());
        return db->ticket();
    }

    const warehouse::ConnectionOptions m_options;
    Kept m_stage;
};

} // namespace weir::test
