// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The systems of record beside a scenario's events, in a database that is marked as a sandbox;
// nothing where nobody asks for it. Thread contract: one owner; a call may wait for the database.
#pragma once

#include <chrono>
#include <memory>

#include "app/cli/arguments.h"
#include "models/sandbox/server_side.h"

namespace weir::cli {

class RecordsOutput {
  public:
    /// By --records. Errors: Usage, and those of proving a sandbox's database.
    static Result<RecordsOutput> open(const Arguments& arguments);
    /// Into this one. Errors: WritableWarehouse::open()'s.
    static Result<RecordsOutput> into(const warehouse::DatabaseTicket& ticket,
                                      std::chrono::milliseconds wait);

    /// Errors of all: insert_new()'s.
    template <class Record>
    Result<void> add(const Record& record) {
        if (!m_servers)
            return {};
        m_servers->add(record);
        return m_servers->waiting() >= sandbox::ServerSide::rows_due ? m_servers->flush()
                                                                     : Result<void>();
    }
    /// Nothing waits longer than a second.
    Result<void> idle();
    Result<void> finish() { return m_servers ? m_servers->flush() : Result<void>(); }

  private:
    std::unique_ptr<sandbox::ServerSide> m_servers; // null: nobody asks
    std::chrono::steady_clock::time_point m_flushed{};
};

} // namespace weir::cli
