// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One open SQLite file: a statement at a time, ended by a deadline or from another thread between
// any thousand of SQLite's own steps; while another process holds the file it waits as long as it
// may. Thread contract: one thread at a time. Bound: a value of value_bytes_max.
#pragma once

#include "connectors/warehouse/sqlite/sqlite_handle.h"

namespace weir::warehouse {

class SqliteSession final : public Session {
  public:
    enum class Access { Observe, Write };
    static constexpr int value_bytes_max = 256'000'000;

    /// Errors: NotFound, Config (no plain file), NotPermitted, Io, Corrupt, Unsupported, Timeout.
    static Result<std::unique_ptr<SqliteSession>>
    open(const std::string& file, std::string connection, Access access, const Patience& patience);
    ~SqliteSession() override;

    Result<Identity> identity(const Patience& patience) override;
    Result<void> begin_reading(const Patience& patience) override;
    void end_reading() override;
    Result<void> start(const Statement& statement, const Patience& patience) override;
    std::shared_ptr<const Columns> columns() const override { return m_columns; }
    Result<bool> fetch(Page& page, const Patience& patience) override;
    void stop() override;
    bool usable() const override { return true; }
    std::int64_t affected() const override { return m_affected; }

    /// Lets what was opened for writing write; until then it reads.
    Result<void> begin_writing(const Patience& patience);
    /// A statement to be run once for each of many rows; $1, $2, … are the row's values.
    Result<SqliteStatement> prepare(const std::string& sql, const char* doing,
                                    const Patience& patience);
    /// Binds a row, runs and resets. True: something was changed by it.
    Result<bool> run(sqlite3_stmt* statement, std::span<const Value> row, const char* doing,
                     const Patience& patience);

  private:
    SqliteSession(SqliteHandle handle, std::string file, std::string connection);
    Result<void> settle(const Patience& patience);
    Result<void> run_own(const char* sql, const char* doing, const Patience& patience);
    Value value(int column);
    bool is_json(std::string_view text);
    Error error(const char* doing, const Patience& patience) const {
        return sqlite_error(m_handle.get(), m_connection, doing, patience);
    }
    static int on_progress(void* session);
    static int on_busy(void* session, int times);

    SqliteHandle m_handle;
    SqliteStatement m_statement;
    SqliteStatement m_json_valid;
    std::string m_file;
    std::string m_connection;
    std::string m_text; // what the statement's Real values are written into
    std::shared_ptr<const Columns> m_columns;
    const Patience* m_patience = nullptr; // of the call that runs now
    const char* m_doing = "";
    std::int64_t m_affected = 0;
};

/// Errors: NotFound.
Result<Identity> sqlite_identity(const std::string& file, const std::string& connection);
/// Of a file that need not exist.
std::string sqlite_path_id(const std::string& file);

} // namespace weir::warehouse
