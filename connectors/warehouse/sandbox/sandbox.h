// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The only way to write to a database (law 6), as connectors/kafka/sandbox is for Kafka. A
// DatabaseTicket is proof that a database may be written to; it cannot be made but by
// prove_sandbox_database, and without one there is no WritableWarehouse.
//
// Proof is: a connection whose environment is sandbox, to a database that can be told from others,
// that this user never observed as production or staging, and that carries the marker which
// init_sandbox_database wrote for exactly this database: a copy is another one.
//
// Thread contract: tickets are plain values; the functions may be called from any thread and block
// up to their timeout.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "connectors/base/observed_ids.h"
#include "connectors/warehouse/connection.h"

namespace weir::warehouse {

class DatabaseTicket {
  public:
    const ConnectionOptions& connection() const { return m_connection; }
    const SecretResolver& secrets() const { return m_secrets; }
    const std::string& database_id() const { return m_ids.front(); }

    /// Whether the database has been observed as production or staging since the ticket was made.
    /// Errors: Refused; Corrupt, Io (the list cannot be read).
    Result<void> recheck() const;

  private:
    friend class SandboxGate; // sandbox.cpp
    DatabaseTicket(ConnectionOptions connection, SecretResolver secrets,
                   std::vector<std::string> ids, ObservedIds observed);
    ConnectionOptions m_connection;
    SecretResolver m_secrets;
    std::vector<std::string> m_ids; // the one for its marker first
    ObservedIds m_observed;
};

/// Errors: Refused (not a sandbox; says why), Corrupt or Io (the list of what was observed cannot
/// be read), and as Rows::next().
Result<DatabaseTicket> prove_sandbox_database(const ConnectionOptions& connection,
                                              const SecretResolver& secrets,
                                              std::chrono::milliseconds timeout,
                                              const ObservedIds& observed = ObservedIds());

/// Marks a database as a sandbox; a SQLite file that is not there is made. `allowed_tables`:
/// existing tables and views ("schema.table") that the user named and thereby gave up to being
/// written to. Marking a marked database again changes nothing.
/// Errors: Refused (environment, observed id, other tables), and as prove_sandbox_database.
Result<void> init_sandbox_database(const ConnectionOptions& connection,
                                   const SecretResolver& secrets,
                                   const std::vector<std::string>& allowed_tables,
                                   std::chrono::milliseconds timeout,
                                   const ObservedIds& observed = ObservedIds());

} // namespace weir::warehouse
