// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/warehouse/sqlite/sqlite_session.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <sys/stat.h>

namespace weir::warehouse {

namespace {

using namespace std::chrono_literals;

constexpr int steps_between_looks = 1000;
constexpr auto busy_pause = 5ms;

/// Lets SQLite's callbacks see how long the call that runs now may take.
class Using {
  public:
    Using(const Patience*& slot, const Patience& patience)
        : m_slot(slot) {
        m_slot = &patience;
    }
    ~Using() { m_slot = nullptr; }
    Using(const Using&) = delete;
    Using& operator=(const Using&) = delete;

  private:
    const Patience*& m_slot;
};

/// What a query may do on an observed file, whatever its text says.
int authorize_reading(void*, int action, const char*, const char* name, const char*, const char*) {
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
    case SQLITE_TRANSACTION:
        return SQLITE_OK;
    case SQLITE_FUNCTION:
        return name != nullptr && std::strcmp(name, "load_extension") == 0 ? SQLITE_DENY
                                                                           : SQLITE_OK;
    default:
        return SQLITE_DENY;
    }
}

/// A sandbox's file may be written to; no other one, and SQLite's settings stay.
int authorize_writing(void*, int action, const char*, const char* name, const char*, const char*) {
    if (action == SQLITE_ATTACH || action == SQLITE_DETACH || action == SQLITE_PRAGMA)
        return SQLITE_DENY;
    return action == SQLITE_FUNCTION && name != nullptr && std::strcmp(name, "load_extension") == 0
               ? SQLITE_DENY
               : SQLITE_OK;
}

ValueKind kind_of_declared(const std::string& declared) {
    const auto has = [&declared](const char* word) {
        return declared.find(word) != std::string::npos;
    };
    if (declared == "TIMESTAMP_US")
        return ValueKind::Timestamp;
    if (has("BOOL"))
        return ValueKind::Boolean;
    if (has("JSON"))
        return ValueKind::Json;
    if (has("DECIMAL") || has("NUMERIC"))
        return ValueKind::Decimal;
    if (has("INT"))
        return ValueKind::Integer;
    if (has("REAL") || has("FLOA") || has("DOUB"))
        return ValueKind::Real;
    return has("BLOB") ? ValueKind::Bytes : ValueKind::Text;
}

std::shared_ptr<const Columns> columns_of(sqlite3_stmt* statement) {
    auto columns = std::make_shared<Columns>();
    for (int i = 0; i < sqlite3_column_count(statement); ++i) {
        const char* const declared = sqlite3_column_decltype(statement, i);
        Column column{sqlite3_column_name(statement, i), ValueKind::Text,
                      declared == nullptr ? "" : declared};
        std::string upper = column.declared;
        std::transform(upper.begin(), upper.end(), upper.begin(), [](char c) {
            return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        });
        column.kind = kind_of_declared(upper);
        columns->push_back(std::move(column));
    }
    return columns;
}

/// -1.50, 1e9: as SQL and JSON write numbers.
bool is_number(std::string_view text) {
    std::size_t i = 0;
    const auto digits = [&] {
        const std::size_t begin = i;
        while (i < text.size() && text[i] >= '0' && text[i] <= '9')
            ++i;
        return i > begin;
    };
    i += !text.empty() && text[0] == '-' ? 1 : 0;
    const bool leading_zero =
        i + 1 < text.size() && text[i] == '0' && text[i + 1] >= '0' && text[i + 1] <= '9';
    if (leading_zero || !digits())
        return false;
    if (i < text.size() && text[i] == '.') {
        ++i;
        if (!digits())
            return false;
    }
    if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
        ++i;
        i += i < text.size() && (text[i] == '-' || text[i] == '+') ? 1 : 0;
        if (!digits())
            return false;
    }
    return i == text.size();
}

Result<void> check_file(const std::string& file, const std::string& connection) {
    struct stat about {};
    if (::stat(file.c_str(), &about) != 0) {
        const bool denied = errno == EACCES;
        return Error{denied ? ErrorCode::NotPermitted : ErrorCode::NotFound,
                     file + ": " + std::strerror(errno), connection, "opening the file",
                     "Check the path."};
    }
    if (!S_ISREG(about.st_mode))
        return Error{ErrorCode::Config, file + " is no plain file", connection, "opening the file",
                     "Name a SQLite file."};
    return {};
}

} // namespace

SqliteSession::SqliteSession(SqliteHandle handle, std::string file, std::string connection)
    : m_handle(std::move(handle))
    , m_file(std::move(file))
    , m_connection(std::move(connection))
    , m_columns(std::make_shared<Columns>()) {}

SqliteSession::~SqliteSession() {
    sqlite3_progress_handler(m_handle.get(), 0, nullptr, nullptr);
}

Result<std::unique_ptr<SqliteSession>> SqliteSession::open(const std::string& file,
                                                           std::string connection, Access access,
                                                           const Patience& patience) {
    if (auto checked = check_file(file, connection); !checked)
        return checked.error();
    // The path is a path: SQLITE_OPEN_URI stays off, so that no "?mode=" in it means anything.
    const int flags = access == Access::Write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
    sqlite3* opened = nullptr;
    const int rc = sqlite3_open_v2(("./" + file).c_str() + (file.front() == '/' ? 2 : 0), &opened,
                                   flags | SQLITE_OPEN_NOMUTEX, nullptr);
    SqliteHandle handle(opened);
    if (rc != SQLITE_OK)
        return sqlite_error(handle.get(), connection, "opening the file", patience);
    std::unique_ptr<SqliteSession> session(
        new SqliteSession(std::move(handle), file, std::move(connection)));
    if (auto settled = session->settle(patience); !settled)
        return settled.error();
    return session;
}

Result<void> SqliteSession::settle(const Patience& patience) {
    sqlite3* const handle = m_handle.get();
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, value_bytes_max);
    sqlite3_progress_handler(handle, steps_between_looks, on_progress, this);
    sqlite3_busy_handler(handle, on_busy, this);
    // Reading the schema is the first look at the file: it says whether it is SQLite's at all.
    const char* const sql = "PRAGMA query_only=1; SELECT count(*) FROM sqlite_schema;";
    if (auto done = run_own(sql, "opening the file", patience); !done)
        return done;
    sqlite3_set_authorizer(handle, authorize_reading, nullptr);
    return {};
}

Result<void> SqliteSession::begin_writing(const Patience& patience) {
    sqlite3_set_authorizer(m_handle.get(), nullptr, nullptr);
    // In WAL mode readers and the writer do not wait for each other; what is lost with the power is
    // the newest transactions, whole ones.
    auto done = run_own("PRAGMA query_only=0; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
                        "beginning to write", patience);
    sqlite3_set_authorizer(m_handle.get(), done ? authorize_writing : authorize_reading, nullptr);
    return done;
}

int SqliteSession::on_progress(void* session) {
    const Patience* const now = static_cast<SqliteSession*>(session)->m_patience;
    return now != nullptr && (now->interrupt->raised() || now->late()) ? 1 : 0;
}

int SqliteSession::on_busy(void* session, int) {
    const Patience* const now = static_cast<SqliteSession*>(session)->m_patience;
    if (now == nullptr || now->interrupt->raised() || now->late())
        return 0;
    now->sleep(busy_pause);
    return 1;
}

Result<void> SqliteSession::run_own(const char* sql, const char* doing, const Patience& patience) {
    const Using now(m_patience, patience);
    if (sqlite3_exec(m_handle.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
        return error(doing, patience);
    return {};
}

Result<Identity> SqliteSession::identity(const Patience&) {
    return sqlite_identity(m_file, m_connection);
}

Result<void> SqliteSession::begin_reading(const Patience& patience) {
    return run_own("BEGIN", "beginning to read", patience);
}

void SqliteSession::end_reading() {
    stop();
    sqlite3_exec(m_handle.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

Result<SqliteStatement> SqliteSession::prepare(const std::string& sql, const char* doing,
                                               const Patience& patience) {
    const Using now(m_patience, patience);
    sqlite3_stmt* prepared = nullptr;
    const char* rest = nullptr;
    int rc = sqlite3_prepare_v2(m_handle.get(), sql.c_str(), static_cast<int>(sql.size()) + 1,
                                &prepared, &rest);
    SqliteStatement statement(prepared);
    if (rc != SQLITE_OK)
        return error(doing, patience);
    // What follows may be blanks and comments: SQLite makes no statement of them.
    rc = sqlite3_prepare_v2(m_handle.get(), rest, -1, &prepared, nullptr);
    const SqliteStatement second(prepared);
    if (!statement || second || rc != SQLITE_OK || sql.find('\0') != std::string::npos)
        return Error{ErrorCode::Usage, "the text is not one statement", m_connection, doing,
                     "Send one statement at a time."};
    return statement;
}

Result<void> SqliteSession::start(const Statement& wanted, const Patience& patience) {
    stop();
    m_doing = wanted.doing;
    auto prepared = prepare(wanted.sql, wanted.doing, patience);
    if (!prepared) {
        Error failure = std::move(prepared).error();
        if (failure.column >= 0)
            failure.column = std::max(0, failure.column - static_cast<int>(wanted.prefix_bytes));
        return failure;
    }
    const int known = sqlite3_bind_parameter_count(prepared->get());
    int bound = 0;
    for (std::size_t i = 0; i < wanted.parameters.size(); ++i) {
        const std::string name = "$" + std::to_string(i + 1);
        const int index = sqlite3_bind_parameter_index(prepared->get(), name.c_str());
        if (index == 0)
            break;
        if (bind_sqlite(prepared->get(), index, wanted.parameters[i]) != SQLITE_OK)
            return error(wanted.doing, patience);
        ++bound;
    }
    if (bound != known || static_cast<std::size_t>(bound) != wanted.parameters.size())
        return Error{ErrorCode::Usage,
                     std::to_string(wanted.parameters.size()) + " parameters are given, the " +
                         "statement has " + std::to_string(known),
                     m_connection, wanted.doing, "Parameters are written $1, $2, …"};
    m_statement = std::move(*prepared);
    m_columns = columns_of(m_statement.get());
    return {};
}

Result<bool> SqliteSession::fetch(Page& page, const Patience& patience) {
    const Using now(m_patience, patience);
    const int rc = sqlite3_step(m_statement.get());
    if (rc == SQLITE_ROW) {
        for (int i = 0; i < static_cast<int>(m_columns->size()); ++i)
            page.add(value(i));
        return true;
    }
    if (rc != SQLITE_DONE) {
        Error failure = error(m_doing, patience);
        m_statement.reset();
        return failure;
    }
    m_affected = sqlite3_changes64(m_handle.get());
    m_statement.reset();
    return false;
}

void SqliteSession::stop() {
    m_statement.reset();
}

Value SqliteSession::value(int column) {
    sqlite3_stmt* const row = m_statement.get();
    const ValueKind declared = (*m_columns)[static_cast<std::size_t>(column)].kind;
    const auto bytes = [&](const void* data) {
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(row, column));
        return std::string_view(size == 0 ? "" : static_cast<const char*>(data), size);
    };
    switch (sqlite3_column_type(row, column)) {
    case SQLITE_INTEGER: {
        const std::int64_t number = sqlite3_column_int64(row, column);
        if (declared == ValueKind::Boolean && (number == 0 || number == 1))
            return {ValueKind::Boolean, number, {}};
        return {declared == ValueKind::Timestamp ? ValueKind::Timestamp : ValueKind::Integer,
                number,
                {}};
    }
    case SQLITE_FLOAT: {
        const double number = sqlite3_column_double(row, column);
        std::array<char, 32> digits{};
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number);
        m_text.assign(digits.data(), end.ptr);
        if (std::isinf(number)) // SQLite has no other number that is none
            m_text = number > 0 ? "Infinity" : "-Infinity";
        return {ValueKind::Real, 0, m_text};
    }
    case SQLITE_BLOB:
        return Value::bytes(bytes(sqlite3_column_blob(row, column)));
    case SQLITE_TEXT: {
        const std::string_view text = bytes(sqlite3_column_text(row, column));
        if (declared == ValueKind::Decimal && is_number(text))
            return Value::decimal(text);
        if (declared == ValueKind::Json && is_json(text))
            return Value::json(text);
        return Value::of(text);
    }
    default:
        return {};
    }
}

bool SqliteSession::is_json(std::string_view text) {
    if (!m_json_valid) {
        sqlite3_stmt* prepared = nullptr;
        sqlite3_prepare_v2(m_handle.get(), "SELECT json_valid($1)", -1, &prepared, nullptr);
        m_json_valid.reset(prepared);
    }
    // SQLite's own check ends at a NUL.
    if (!m_json_valid || text.empty() || text.find('\0') != std::string_view::npos)
        return false;
    sqlite3_bind_text64(m_json_valid.get(), 1, text.data(), text.size(), SQLITE_STATIC,
                        SQLITE_UTF8);
    const bool valid = sqlite3_step(m_json_valid.get()) == SQLITE_ROW &&
                       sqlite3_column_int(m_json_valid.get(), 0) == 1;
    sqlite3_reset(m_json_valid.get());
    return valid;
}

Result<bool> SqliteSession::run(sqlite3_stmt* statement, std::span<const Value> row,
                                const char* doing, const Patience& patience) {
    const Using now(m_patience, patience);
    const std::int64_t before = sqlite3_total_changes64(m_handle.get());
    for (std::size_t i = 0; i < row.size(); ++i)
        if (bind_sqlite(statement, static_cast<int>(i) + 1, row[i]) != SQLITE_OK)
            return error(doing, patience);
    const int rc = sqlite3_step(statement);
    const Result<bool> done = rc == SQLITE_DONE
                                  ? Result<bool>(sqlite3_total_changes64(m_handle.get()) > before)
                                  : Result<bool>(error(doing, patience));
    sqlite3_reset(statement);
    return done;
}

} // namespace weir::warehouse
