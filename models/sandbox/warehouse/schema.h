// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The tables of the sandbox's warehouse (resources/sql/README.md says what is in them): made and
// brought up to date by numbered migrations. Only a marked sandbox's database can be handed in.
//
// Thread contract: the WritableWarehouse's. Several processes may do it at once: they take turns.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "connectors/warehouse/sandbox/writable.h"

namespace weir::sandbox {

inline const warehouse::TableName events_table{"analytics", "events"};
inline const warehouse::TableName event_ids_table{"analytics", "event_ids"};
inline const warehouse::TableName loader_offsets_table{"", "loader_offsets"};
inline const warehouse::TableName enrichment_audit_table{"", "enrichment_audit"};
inline const warehouse::TableName attribution_table{"", "attribution"};
inline const warehouse::TableName sessions_table{"", "sessions"};
inline const warehouse::TableName identities_table{"", "identities"};
inline const warehouse::TableName identity_signals_table{"", "identity_signals"};
inline const warehouse::TableName session_event_ids_table{"", "session_event_ids"};
inline const warehouse::TableName event_archives_table{"", "event_archives"};
inline const warehouse::TableName users_table{"", "users"};
inline const warehouse::TableName orders_table{"", "orders"};

struct Migration {
    int number = 0;
    std::string name; // "0001_warehouse"
    std::vector<std::string> statements;
};

/// Those for one kind of warehouse (WritableWarehouse::kind()), by number.
std::vector<Migration> migrations_of(const std::string& kind);

/// Applies what is missing, each migration in one transaction.
/// Errors: Unsupported (a newer Weir made the tables), and as WritableWarehouse::execute().
Result<void> migrate(warehouse::WritableWarehouse& db);

/// Proof that a database may be written to, with its tables brought up to date.
/// Errors: those of prove_sandbox_database(), WritableWarehouse::open() and migrate().
Result<warehouse::DatabaseTicket> prove_migrated(const warehouse::ConnectionOptions& connection,
                                                 const SecretResolver& secrets,
                                                 std::chrono::milliseconds timeout);

/// Waits until no other process is in a transaction in which it has taken its turn; ours lasts
/// until this one ends. REQUIRES: a transaction is open. Errors: as WritableWarehouse::execute().
Result<void> take_turn(warehouse::WritableWarehouse& db);

/// A UTC day; "2026-05-01".
using Day = std::chrono::sys_days;
Day day_of(Micros time);
std::string text_of(Day day);
/// nullopt: not a day, or not written so.
std::optional<Day> day_of_text(std::string_view text);

/// Makes room for the rows of a day, where the kind of warehouse wants that.
/// REQUIRES: no transaction is open. Errors: as WritableWarehouse::execute().
Result<void> make_day(warehouse::WritableWarehouse& db, Day day);
/// Keeps everybody else from the rows of a day until the transaction ends; what other days' rows
/// wait for is that, too. REQUIRES: a transaction is open. Errors: as WritableWarehouse::execute().
Result<void> hold_day(warehouse::WritableWarehouse& db, Day day);
/// Takes the rows of a day away, and their partition. REQUIRES: hold_day().
/// Errors: as WritableWarehouse::execute().
Result<void> drop_day(warehouse::WritableWarehouse& db, Day day);

} // namespace weir::sandbox
