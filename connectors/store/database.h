// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Weir's own SQLite files: opened with the settings they all share, versioned (law 11), bound
// parameters only. Thread contract: a Database and its Statements belong to one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace weir::store {

/// What a file is: checked when it is opened, written when it is made.
struct FileKind {
    std::int32_t application_id = 0;
    std::int32_t version = 1;      // what this program writes
    std::int32_t least_reader = 1; // the oldest program version that reads it
    std::string name;              // "checkpoint store", for errors
    /// migrations[v] brings a file of version v to v + 1; [0] makes a new one.
    std::vector<std::string> migrations;
};

class Database;

/// How a store is opened that consists of a Database alone: Store(std::unique_ptr<Database>).
template <class Store>
Result<std::unique_ptr<Store>> opened(Result<std::unique_ptr<Database>> database) {
    if (!database)
        return std::move(database).error();
    return std::make_unique<Store>(*std::move(database));
}

class Statement {
  public:
    Statement(sqlite3_stmt* statement)
        : m_statement(statement) {}
    ~Statement();
    Statement(Statement&& other) noexcept
        : m_statement(std::exchange(other.m_statement, nullptr)) {}
    Statement& operator=(Statement&&) = delete;

    Statement& bind(int index, std::int64_t value);
    Statement& bind(int index, std::string_view bytes); // as a blob
    /// True: there is a row. An error ends the statement.
    Result<bool> step();
    /// Runs to the end and resets.
    Result<void> run();
    void reset();
    std::int64_t integer(int column) const;
    /// Valid until the next step().
    std::string_view bytes(int column) const;

  private:
    sqlite3_stmt* m_statement;
};

class Database {
  public:
    /// Opens or makes `file`, migrating older versions. One writer: a second one gets Refused.
    /// Errors: Io, DiskFull, Corrupt (not SQLite, or another program's), Unsupported (too new).
    static Result<std::unique_ptr<Database>> open_for_writing(const std::string& file,
                                                              const FileKind& kind);
    static Result<std::unique_ptr<Database>> open_read_only(const std::string& file,
                                                            const FileKind& kind);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    const std::string& file() const { return m_file; }
    Result<Statement> prepare(const char* sql);
    Result<void> execute(const char* sql);
    /// Runs `work` between BEGIN and COMMIT; rolled back if it or the commit fails.
    Result<void> in_transaction(const std::function<Result<void>()>& work);

    /// The last failure of this connection as an Error, with the file's name.
    Error error(const char* doing) const;

  private:
    Database(sqlite3* handle, std::string file, int lock);
    static Result<std::unique_ptr<Database>> open(const std::string& file, const FileKind& kind,
                                                  bool writing);
    Result<void> check_kind(const FileKind& kind, bool writing);
    Result<std::int64_t> pragma(const char* sql);

    sqlite3* m_handle;
    std::string m_file;
    int m_lock; // file descriptor of the writer's lock, -1: reading
};

} // namespace weir::store
