// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes to a sandbox's database: transactions, single statements, rows in bulk. Every connection,
// also one made again after it broke, is used only if the database that answers is the ticket's
// and still carries its marker.
//
// A connection that breaks takes its transaction with it: the call fails with Connection, and all
// that follow until the next begin(), which connects again. Whether a commit() that failed so has
// taken place is not known: the loader's fence (see the design) finds out.
//
// Thread contract: one thread; cancel() from any. Bound: one connection; what a statement answers
// is kept, at most answer_rows_max rows; of what read() hands out a page is.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <type_traits>

#include "connectors/warehouse/kind/kind.h"
#include "connectors/warehouse/sandbox/sandbox.h"

namespace weir::warehouse {

struct Answer {
    Page rows;                 // of a SELECT or a RETURNING
    std::int64_t affected = 0; // rows that were changed
};

class WritableWarehouse {
  public:
    static constexpr std::size_t answer_rows_max = 1'000'000;
    using Milliseconds = std::chrono::milliseconds;

    /// Connects. Errors: Refused (another database answers, or it is marked no more), and as
    /// prove_sandbox_database.
    static Result<std::unique_ptr<WritableWarehouse>> open(DatabaseTicket ticket,
                                                           Milliseconds timeout);
    virtual ~WritableWarehouse();
    WritableWarehouse(const WritableWarehouse&) = delete;
    WritableWarehouse& operator=(const WritableWarehouse&) = delete;

    /// How long each of the calls below may take; 30 s at first.
    void set_timeout(Milliseconds timeout) { m_timeout = timeout; }
    Milliseconds timeout() const { return m_timeout; }
    const DatabaseTicket& ticket() const { return m_ticket; }
    /// What kind of database it is: "sqlite", "postgresql".
    std::string kind() const { return m_kind.name(); }
    /// For execute().
    std::string quoted(const TableName& table) const { return m_kind.quoted(table); }

    /// Connects again if the connection has broken. Errors: as open().
    Result<void> begin();
    /// One of whose statements has failed is rolled back: Refused. Errors: as execute().
    Result<void> commit();
    /// Never fails but with the connection, and then nothing is left to be rolled back.
    Result<void> rollback();

    /// Within a transaction: a moment to go back to, instead of any earlier one. Errors: as
    /// execute().
    Result<void> mark_savepoint();
    /// Undoes what was done since, also if some of it has failed; the transaction goes on.
    Result<void> back_to_savepoint();

    /// One statement with parameters $1, $2, …; without a transaction it is one of its own.
    /// Errors: Usage (the statement, a value or a constraint), NotFound, NotPermitted, Timeout (a
    /// lock, a deadlock: try again), TooLarge, Cancelled, DiskFull, Connection.
    Result<Answer> execute(const std::string& sql, std::span<const Value> parameters = {});

    /// A query's rows, a page at a time while they come; what `take` answers otherwise than well
    /// ends it. Errors: as execute(), and those of `take`.
    using TakeRows = std::function<Result<void>(const Page&)>;
    Result<void> read(const std::string& sql, std::span<const Value> parameters,
                      const TakeRows& take);

    /// Appends rows by COPY or prepared inserts; the page's columns name the table's.
    /// Without a transaction all of them or none. Errors: as execute(), with the row's number
    /// where the database tells it.
    Result<void> append(const TableName& table, const Page& rows);

    /// Inserts the rows whose `key` (one column, unique in the table) is not there yet. Returns
    /// their numbers in the page, ascending; of rows with the same key, the first.
    Result<std::vector<std::size_t>> insert_new(const TableName& table, const std::string& key,
                                                const Page& rows);

    /// Inserts rows; what becomes of one that is there already, `on_conflict` says, as both SQLite
    /// and PostgreSQL understand it: "(id) DO UPDATE SET n = kept.n + excluded.n", where `kept` is
    /// the table's row. REQUIRES: no two rows of the page have the same key; to keep writers from
    /// waiting for each other in a circle, they are in the order of their keys.
    Result<void> upsert(const TableName& table, const std::string& on_conflict, const Page& rows);

    /// From any thread: the call that runs now ends with Cancelled; without one, nothing happens.
    void cancel();

  private:
    WritableWarehouse(DatabaseTicket ticket, const Kind& kind,
                      std::unique_ptr<WriteSession> session);
    /// Runs `call` in a transaction, its own if none is open.
    template <class Call>
    std::invoke_result_t<Call, const Patience&> in_transaction(Call call);
    /// Whether the transaction can be ended; it is over in any case.
    Result<void> leave();
    Result<Answer> run(const Statement& statement, const Patience& patience);
    Patience patience();
    Result<void> check_ready();

    const DatabaseTicket m_ticket;
    const Kind& m_kind;
    std::unique_ptr<WriteSession> m_session;
    Milliseconds m_timeout{30'000};
    bool m_open = false;   // a transaction
    bool m_failed = false; // a statement in it has
    std::mutex m_mutex;    // guards m_interrupt
    std::shared_ptr<Interrupt> m_interrupt;
};

/// For writable.cpp: a session that may write to the ticket's database, which is still marked.
Result<std::unique_ptr<WriteSession>> open_write_session(const DatabaseTicket& ticket,
                                                         const Patience& patience);

} // namespace weir::warehouse
