// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One connection to PostgreSQL, without ever blocking on its socket past a deadline or a cancel:
// libpq's non-blocking calls and poll(). Looking up a host's name is the exception (libpq blocks).
//
// Statements go by PQsendQueryParams, which sends one statement and no more; rows come one by one
// (single-row mode). Thread contract: one thread at a time. Bound: libpq keeps the row at hand.
#pragma once

#include <map>

#include "connectors/warehouse/kind/url.h"
#include "connectors/warehouse/postgresql/pg_handle.h"

namespace weir::warehouse {

class PgSession final : public Session {
  public:
    /// Connects. Errors: Config, NotFound (no such database, no such secret), Authentication,
    /// Connection, Timeout, Cancelled.
    static Result<std::unique_ptr<PgSession>> open(const ConnectionOptions& options, const Url& url,
                                                   const SecretResolver& secrets,
                                                   const Patience& patience);
    ~PgSession() override;

    Result<Identity> identity(const Patience& patience) override;
    Result<void> begin_reading(const Patience& patience) override;
    void end_reading() override;
    Result<void> start(const Statement& statement, const Patience& patience) override;
    std::shared_ptr<const Columns> columns() const override { return m_columns; }
    Result<bool> fetch(Page& page, const Patience& patience) override;
    void stop() override;
    bool usable() const override { return m_usable; }
    std::int64_t affected() const override { return m_affected; }

    /// Weir's own text, which may hold several statements; rows are dropped.
    Result<void> run_own(const std::string& sql, const char* doing, const Patience& patience);
    /// COPY … FROM STDIN with these rows; with `numbered`, each row ends with its number.
    Result<void> copy_in(const std::string& sql, const Page& rows, bool numbered,
                         const Patience& patience);

  private:
    PgSession(PgHandle handle, std::string connection, std::string secret);
    Result<void> finish_connecting(const Patience& patience);
    Result<void> wait(short events, const char* doing, const Patience& patience);
    Result<void> flush(const char* doing, const Patience& patience);
    /// Null: the statement has ended.
    Result<PgResult> next_result(const char* doing, const Patience& patience);
    /// Takes what is left; the first error among it.
    Result<void> drain(const char* doing, const Patience& patience);
    Result<void> put_rows(const Page& rows, bool numbered, const Patience& patience);
    void read_columns(const PGresult* result);
    /// Asks the server to end the statement; the server's answer comes as any other.
    void cancel_statement();
    Error failed(const PGresult* result, const char* doing, const Patience& patience);
    Error broken(const char* doing);

    PgHandle m_handle;
    std::string m_connection;
    std::string m_secret;
    std::string m_address; // an id where the server tells none
    PgResult m_pending;    // a row, or the end
    std::string m_sql;     // of the statement that runs: mistakes are counted in it
    std::size_t m_prefix_bytes = 0;
    const char* m_doing = "";
    std::shared_ptr<const Columns> m_columns;
    std::string m_scratch;
    std::int64_t m_affected = 0;
    bool m_running = false; // results are still to be taken
    bool m_usable = true;
    std::shared_ptr<std::atomic<bool>> m_cancel_done; // null: none was sent
};

} // namespace weir::warehouse
