// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a kind of warehouse has to be able to do. A new kind is one file that derives from Kind and
// one line in kinds.cpp; the rest of connectors/warehouse does not know which kinds there are.
// Inside connectors/warehouse only.
//
// Thread contract: a Kind is constant; a Session belongs to one thread at a time.
// Bound: a session runs one statement at a time and keeps none of its rows.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "connectors/warehouse/kind/patience.h"
#include "connectors/warehouse/warehouse.h"

namespace weir::warehouse {

/// SQL with parameters $1, $2, …; their text must outlive the statement's start.
struct Statement {
    std::string sql;
    std::vector<Value> parameters;
    /// What stands before a user's text in `sql`: a mistake's column is counted from its end.
    std::size_t prefix_bytes = 0;
    const char* doing = "running a query"; // for errors
};

/// By what a database is known again.
struct Identity {
    std::vector<std::string> ids; // the one for its marker first; never empty
    bool certain = true;          // false: only its address is known, it may be any database
};

class Session {
  public:
    virtual ~Session() = default;
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    virtual Result<Identity> identity(const Patience& patience) = 0;

    /// A read-only transaction, and its end, which keeps nothing of what it did.
    virtual Result<void> begin_reading(const Patience& patience) = 0;
    virtual void end_reading() = 0;

    /// Starts the one statement and waits until its columns are known; a second statement in the
    /// same text is an error.
    virtual Result<void> start(const Statement& statement, const Patience& patience) = 0;
    /// Of the statement that was started; never null.
    virtual std::shared_ptr<const Columns> columns() const = 0;
    /// Appends one row to a page of these columns; false: there are no more, and the statement has
    /// ended well.
    virtual Result<bool> fetch(Page& page, const Patience& patience) = 0;
    /// Ends the statement wherever it stands. A session that cannot be used any more says so.
    virtual void stop() = 0;
    virtual bool usable() const = 0;
    /// Rows changed by the statement that ended last.
    virtual std::int64_t affected() const = 0;

  protected:
    Session() = default;
};

/// A session that may write.
class WriteSession {
  public:
    virtual ~WriteSession() = default;
    WriteSession(const WriteSession&) = delete;
    WriteSession& operator=(const WriteSession&) = delete;

    virtual Session& session() = 0;
    /// Called once it is certain that this database may be written to; nothing is before.
    virtual Result<void> settle(const Patience& patience) = 0;
    virtual const char* begin_sql() const = 0;
    /// Appends the page's rows to the columns of its names, by the fastest way there is.
    virtual Result<void> append(const TableName& table, const Page& rows,
                                const Patience& patience) = 0;
    /// See WritableWarehouse::insert_new().
    virtual Result<std::vector<std::size_t>> insert_new(const TableName& table,
                                                        const std::string& key, const Page& rows,
                                                        const Patience& patience) = 0;
    /// See WritableWarehouse::upsert().
    virtual Result<void> upsert(const TableName& table, const std::string& on_conflict,
                                const Page& rows, const Patience& patience) = 0;

  protected:
    WriteSession() = default;
};

/// Only the sandbox's gate has it (sandbox/sandbox.cpp): nobody else can ask for a WriteSession.
class LeaveToWrite {
    friend class SandboxGate;
    LeaveToWrite() {}
};

class Kind {
  public:
    virtual ~Kind() = default;

    /// One lower-case word, "sqlite".
    virtual const char* name() const = 0;
    /// What an address begins with, the colon included.
    virtual std::vector<std::string> schemes() const = 0;
    virtual bool queries_cost() const = 0;
    virtual Result<void> check(const std::string& address) const = 0;
    /// In the dialect of this kind; where it has no schemas, "analytics"."events" is
    /// "analytics_events".
    virtual std::string quoted(const TableName& table) const = 0;
    virtual std::string quoted(const std::string& name) const = 0;
    /// Yields (schema, name) of all tables and views but the system's own.
    virtual const char* tables_sql() const = 0;
    virtual TableName marker_table() const = 0;

    virtual Result<std::unique_ptr<Session>> observe(const ConnectionOptions& options,
                                                     const SecretResolver& secrets,
                                                     const Patience& patience) const = 0;
    virtual Result<std::unique_ptr<WriteSession>> write(const ConnectionOptions& options,
                                                        const SecretResolver& secrets,
                                                        const Patience& patience,
                                                        const LeaveToWrite& leave) const = 0;
    /// Those of a database's ids that its address tells, whether or not it is there.
    virtual std::vector<std::string> ids_of_address(const ConnectionOptions& options) const = 0;
    /// Makes an empty database. Errors: Unsupported.
    virtual Result<void> make(const ConnectionOptions& options,
                              const LeaveToWrite& leave) const = 0;
};

/// The kind that an address is of. Errors: Usage.
Result<const Kind*> kind_of(const std::string& address);

/// Runs the statement to its end and keeps its rows, at most `rows_max`.
Result<Page> ask(Session& session, const Statement& statement, std::size_t rows_max,
                 const Patience& patience);

/// "name" with quotes doubled, as the SQL standard has it.
std::string standard_quoted(const std::string& name);

} // namespace weir::warehouse
