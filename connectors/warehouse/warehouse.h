// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One database as Weir observes it. It yields rows, and nothing that writes (law 6): the connection
// is opened read-only, and each query runs alone in a read-only transaction that is rolled back.
// Writing is sandbox/writable.h's, behind a ticket.
//
// What read-only does not stop is what a server lets a query do outside of its transaction: a role
// that may call dblink() or read the server's files may do so here, too. Give Weir a role with
// SELECT only.
//
// Thread contract: every method of Warehouse from any thread; Rows::next() from one thread at a
// time, Rows::cancel() from any. Bound: sessions_max connections, and what each query's limits say.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "connectors/base/connection.h"
#include "connectors/warehouse/connection.h"
#include "connectors/warehouse/page.h"

namespace weir::warehouse {

struct Limits {
    std::chrono::milliseconds timeout{30'000}; // for the whole of it, a connection's making too
    std::size_t rows_max = 100'000;
    std::size_t bytes_max = 256'000'000;
    std::size_t page_rows = 500;
    std::size_t page_bytes = 4'000'000; // a page ends with the row that passes it
};

/// A user's SQL: one statement that yields rows, run as SELECT * FROM (…) q. Parameters are $1, $2.
struct Query {
    std::string sql;
    std::vector<Parameter> parameters;
    Limits limits;
};

/// Rows of one table, without SQL.
struct TableRead {
    TableName table;
    std::vector<std::string> columns; // empty: all
    struct Condition {
        std::string column;
        enum class Is { Equal, AtLeast, NotNull } is = Is::Equal;
        Parameter value; // not for NotNull
    };
    std::vector<Condition> conditions; // all must hold; a null fulfils none
    std::string order_by;              // empty: any order
    bool descending = false;
    std::size_t first = 0; // only so many rows; 0: all
    Limits limits;
};

class Rows {
  public:
    enum class End { NotYet, All, RowBound, ByteBound };

    /// Drops what has not been read.
    virtual ~Rows() = default;

    /// Blocks for the next rows; a page without rows: there are no more, see end(). Once it failed
    /// it fails the same way again.
    /// Errors: Usage (with the column of a mistake), NotFound, NotPermitted, Refused (it writes),
    /// Timeout, Cancelled, TooLarge (one row past bytes_max), Connection, Authentication, Corrupt.
    virtual Result<Page> next() = 0;
    /// Why no more rows come.
    virtual End end() const = 0;
    /// From any thread: next() returns with Cancelled, also if it is called later.
    virtual void cancel() = 0;

  protected:
    Rows() = default;
};

class Warehouse {
  public:
    static constexpr std::size_t sessions_max = 4;

    virtual ~Warehouse() = default;
    Warehouse(const Warehouse&) = delete;
    Warehouse& operator=(const Warehouse&) = delete;

    /// Checks the options. Does not connect. Errors: Usage, Config.
    static Result<std::shared_ptr<Warehouse>> open(ConnectionOptions options,
                                                   SecretResolver secrets);

    virtual const ConnectionOptions& options() const = 0;
    /// Whether each query is paid for; such a warehouse is never polled.
    virtual bool queries_cost() const = 0;

    /// Neither blocks: what there is to wait for, Rows::next() waits for.
    virtual std::unique_ptr<Rows> query(Query query) = 0;
    virtual std::unique_ptr<Rows> read(TableRead read) = 0;

    /// Tables and views but for the system's own. Blocks. Errors: as Rows::next().
    virtual Result<std::vector<TableName>> tables(std::chrono::milliseconds timeout) = 0;
    /// Blocks. Errors: as Rows::next().
    virtual Result<Columns> columns(const TableName& table, std::chrono::milliseconds timeout) = 0;

    /// Blocks. The id of a production or staging database is noted for good as one never to be
    /// written to (connectors/base/observed_ids.h), with the first connection already; one whose
    /// environment is only assumed is not noted while it carries a sandbox's marker.
    /// Errors: as Rows::next(); Io, Corrupt (it cannot be noted).
    virtual Result<std::string> database_id(std::chrono::milliseconds timeout) = 0;
    virtual Health health() const = 0;

  protected:
    Warehouse() = default;
};

} // namespace weir::warehouse
