// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/store/database.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

namespace weir::store {
namespace {

constexpr int busy_timeout_ms = 2000;

ErrorCode code_of(int sqlite_code) {
    switch (sqlite_code & 0xFF) {
    case SQLITE_FULL:
        return ErrorCode::DiskFull;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return ErrorCode::Corrupt;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ErrorCode::Timeout;
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_AUTH:
        return ErrorCode::NotPermitted;
    default:
        return ErrorCode::Io;
    }
}

std::string advice_for(ErrorCode code) {
    switch (code) {
    case ErrorCode::DiskFull:
        return "Make room on the disk, or choose another place for it.";
    case ErrorCode::Corrupt:
        return "Move the file away; Weir makes a new one.";
    case ErrorCode::Timeout:
        return "Another program holds the file; close it and try again.";
    case ErrorCode::NotPermitted:
        return "Check the file's owner and permissions.";
    default:
        return {};
    }
}

} // namespace

Statement::~Statement() {
    sqlite3_finalize(m_statement);
}

Statement& Statement::bind(int index, std::int64_t value) {
    sqlite3_bind_int64(m_statement, index, value);
    return *this;
}

Statement& Statement::bind(int index, std::string_view bytes) {
    sqlite3_bind_blob64(m_statement, index, bytes.empty() ? "" : bytes.data(), bytes.size(),
                        SQLITE_TRANSIENT);
    return *this;
}

Result<bool> Statement::step() {
    const int rc = sqlite3_step(m_statement);
    if (rc == SQLITE_ROW)
        return true;
    if (rc == SQLITE_DONE)
        return false;
    const ErrorCode code = code_of(rc);
    return Error{code, sqlite3_errmsg(sqlite3_db_handle(m_statement)),
                 sqlite3_db_filename(sqlite3_db_handle(m_statement), "main"), "running a statement",
                 advice_for(code)};
}

Result<void> Statement::run() {
    for (;;) {
        Result<bool> row = step();
        if (!row) {
            reset();
            return std::move(row).error();
        }
        if (!*row)
            break;
    }
    reset();
    return {};
}

void Statement::reset() {
    sqlite3_reset(m_statement);
    sqlite3_clear_bindings(m_statement);
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(m_statement, column);
}

std::string_view Statement::bytes(int column) const {
    const auto* data = static_cast<const char*>(sqlite3_column_blob(m_statement, column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column));
    return data == nullptr ? std::string_view() : std::string_view(data, size);
}

Database::Database(sqlite3* handle, std::string file, int lock)
    : m_handle(handle)
    , m_file(std::move(file))
    , m_lock(lock) {}

Database::~Database() {
    sqlite3_close_v2(m_handle);
    if (m_lock >= 0)
        ::close(m_lock);
}

Result<std::unique_ptr<Database>> Database::open_for_writing(const std::string& file,
                                                             const FileKind& kind) {
    return open(file, kind, true);
}

Result<std::unique_ptr<Database>> Database::open_read_only(const std::string& file,
                                                           const FileKind& kind) {
    return open(file, kind, false);
}

Result<std::unique_ptr<Database>> Database::open(const std::string& file, const FileKind& kind,
                                                 bool writing) {
    int lock = -1;
    if (writing) {
        // SQLite's own locks come and go with transactions; "one writer" lasts as long as the file
        // is open, so it is said by a lock beside it.
        lock = ::open((file + ".lock").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
        if (lock < 0)
            return Error{ErrorCode::Io, "the file cannot be made", file, "opening the " + kind.name,
                         "Check that its folder exists and can be written."};
        if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
            ::close(lock);
            return Error{ErrorCode::Refused,
                         "another Weir writes this " + kind.name,
                         file,
                         {},
                         "Close it, or open this one read-only."};
        }
    }
    sqlite3* handle = nullptr;
    const int flags = writing ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    const int rc = sqlite3_open_v2(file.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    std::unique_ptr<Database> database(new Database(handle, file, lock));
    if (rc != SQLITE_OK)
        return database->error("opening it");
    sqlite3_busy_timeout(handle, busy_timeout_ms);
    sqlite3_extended_result_codes(handle, 1);
    if (Result<void> checked = database->check_kind(kind, writing); !checked)
        return std::move(checked).error();
    return database;
}

Result<std::int64_t> Database::pragma(const char* sql) {
    Result<Statement> statement = prepare(sql);
    if (!statement)
        return std::move(statement).error();
    Result<bool> row = statement->step();
    if (!row)
        return std::move(row).error();
    return *row ? statement->integer(0) : 0;
}

Result<void> Database::check_kind(const FileKind& kind, bool writing) {
    const Result<std::int64_t> tables = pragma("SELECT count(*) FROM sqlite_schema");
    const Result<std::int64_t> id = tables ? pragma("PRAGMA application_id") : tables;
    const Result<std::int64_t> version = id ? pragma("PRAGMA user_version") : id;
    if (!version)
        return version.error();
    const bool is_new = *tables == 0 && *version == 0;
    if (!is_new && *id != kind.application_id)
        return Error{ErrorCode::Corrupt,
                     "this is not a " + kind.name + " of Weir",
                     m_file,
                     {},
                     "Choose another file."};
    // user_version holds version and least reader: version * 1000 + least reader.
    const std::int64_t file_version = *version / 1000;
    if (*version % 1000 > kind.version)
        return Error{ErrorCode::Unsupported,
                     "this " + kind.name + " was written by a newer Weir (format " +
                         std::to_string(file_version) + ", known up to " +
                         std::to_string(kind.version) + ")",
                     m_file,
                     {},
                     "Open it with that Weir."};
    if (!writing || file_version >= kind.version)
        return {};
    std::string script = "PRAGMA journal_mode=WAL; BEGIN IMMEDIATE;";
    for (auto v = static_cast<std::size_t>(file_version); v < kind.migrations.size(); ++v)
        script += kind.migrations[v];
    script += "PRAGMA application_id=" + std::to_string(kind.application_id) + ";";
    script +=
        "PRAGMA user_version=" + std::to_string(kind.version * 1000 + kind.least_reader) + ";";
    script += "COMMIT;";
    return execute(script.c_str());
}

Result<Statement> Database::prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(m_handle, sql, -1, &statement, nullptr) != SQLITE_OK)
        return error("preparing a statement");
    return Statement(statement);
}

Result<void> Database::in_transaction(const std::function<Result<void>()>& work) {
    if (Result<void> begun = execute("BEGIN IMMEDIATE"); !begun)
        return begun;
    Result<void> done = work();
    if (done)
        done = execute("COMMIT");
    if (!done)
        (void)execute("ROLLBACK");
    return done;
}

Result<void> Database::execute(const char* sql) {
    if (sqlite3_exec(m_handle, sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
        Error failure = error("running a statement");
        if (sqlite3_get_autocommit(m_handle) == 0)
            sqlite3_exec(m_handle, "ROLLBACK", nullptr, nullptr, nullptr);
        return failure;
    }
    return {};
}

Error Database::error(const char* doing) const {
    const ErrorCode code = code_of(sqlite3_extended_errcode(m_handle));
    return Error{code, sqlite3_errmsg(m_handle), m_file, doing, advice_for(code)};
}

} // namespace weir::store
