// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/warehouse/sqlite/sqlite_handle.h"

#include <algorithm>
#include <charconv>

#include "connectors/warehouse/kind/time_text.h"

namespace weir::warehouse {

namespace {

ErrorCode code_of(sqlite3* handle, const Patience& patience) {
    const std::string said = sqlite3_errmsg(handle);
    const auto begins = [&said](const char* with) { return said.rfind(with, 0) == 0; };
    switch (sqlite3_extended_errcode(handle) & 0xFF) {
    case SQLITE_INTERRUPT:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return patience.interrupt->raised() ? ErrorCode::Cancelled : ErrorCode::Timeout;
    case SQLITE_FULL:
        return ErrorCode::DiskFull;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return ErrorCode::Corrupt;
    case SQLITE_AUTH:
    case SQLITE_READONLY:
        return ErrorCode::Refused;
    case SQLITE_PERM:
        return ErrorCode::NotPermitted;
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
        return ErrorCode::Io;
    case SQLITE_TOOBIG:
    case SQLITE_NOMEM:
        return ErrorCode::TooLarge;
    default:
        if (begins("no such table") || begins("no such column"))
            return ErrorCode::NotFound;
        if (begins("unsupported file format"))
            return ErrorCode::Unsupported;
        return ErrorCode::Usage;
    }
}

const char* advice_for(ErrorCode code) {
    switch (code) {
    case ErrorCode::Timeout:
        return "Another program holds the file, or the query is too slow: try again, or allow more "
               "time.";
    case ErrorCode::DiskFull:
        return "Make room on the disk.";
    case ErrorCode::Corrupt:
        return "The file is damaged, encrypted, or not SQLite's.";
    case ErrorCode::Refused:
        return "Weir reads a warehouse, and writes only to a sandbox.";
    case ErrorCode::NotPermitted:
    case ErrorCode::Io:
        return "Check the file's owner and permissions, and its folder's.";
    case ErrorCode::Unsupported:
        return "It was written by a newer SQLite than this one.";
    default:
        return "";
    }
}

} // namespace

Error sqlite_error(sqlite3* handle, const std::string& connection, const char* doing,
                   const Patience& patience) {
    const ErrorCode code = code_of(handle, patience);
    Error error{code, sqlite3_errmsg(handle), connection, doing, advice_for(code)};
    if (code == ErrorCode::Cancelled)
        error = {code, "it was cancelled", connection, doing, {}};
    else if (code == ErrorCode::Timeout && sqlite3_errcode(handle) == SQLITE_INTERRUPT)
        error.what = "it took longer than its time limit";
    else if (code == ErrorCode::Usage)
        error.column = sqlite3_error_offset(handle);
    return error;
}

int bind_sqlite(sqlite3_stmt* statement, int index, const Value& value) {
    const char* const text = value.text.empty() ? "" : value.text.data();
    switch (value.kind) {
    case ValueKind::Null:
        return sqlite3_bind_null(statement, index);
    case ValueKind::Boolean:
    case ValueKind::Integer:
    case ValueKind::Timestamp:
    case ValueKind::WallClock:
        return sqlite3_bind_int64(statement, index, value.integer);
    case ValueKind::Bytes:
        return sqlite3_bind_blob64(statement, index, text, value.text.size(), SQLITE_STATIC);
    case ValueKind::Real: {
        double number = 0;
        const auto [end, error] = std::from_chars(text, text + value.text.size(), number);
        if (error == std::errc() && end == text + value.text.size())
            return sqlite3_bind_double(statement, index, number);
        break;
    }
    case ValueKind::Decimal:
    case ValueKind::Text:
    case ValueKind::Json:
        break;
    }
    return sqlite3_bind_text64(statement, index, text, value.text.size(), SQLITE_STATIC,
                               SQLITE_UTF8);
}

} // namespace weir::warehouse
