// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "connectors/warehouse/postgresql/pg_handle.h"

namespace weir::warehouse {

namespace {

struct Meaning {
    std::string_view state; // a whole SQLSTATE, or its class
    ErrorCode code;
    const char* advice;
};

constexpr const char* connect_advice = "Check host and port, and that the server runs.";

/// PostgreSQL's appendix A; whole states before their class.
constexpr Meaning meanings[] = {
    {"57014", ErrorCode::Timeout, "Make the query cheaper, or allow more time."},
    {"25P03", ErrorCode::Timeout, "The rows were not read in time."},
    {"57P03", ErrorCode::Connection, "The server is starting or stopping; try again."},
    {"57P01", ErrorCode::Connection, "The server ended the connection; try again."},
    {"57P02", ErrorCode::Connection, "The server crashed and recovers; try again."},
    {"42501", ErrorCode::NotPermitted, "Ask for the right that is named."},
    {"42P01", ErrorCode::NotFound, "Check the table's name and schema."},
    {"3F000", ErrorCode::NotFound, "Check the schema's name."},
    {"42703", ErrorCode::NotFound, "Check the column's name."},
    {"42883", ErrorCode::NotFound, ""},
    {"3D000", ErrorCode::NotFound, "Check the database's name."},
    {"25006", ErrorCode::Refused, "Weir reads a warehouse, and writes only to a sandbox."},
    {"53100", ErrorCode::DiskFull, "Make room on the server's disk."},
    {"53300", ErrorCode::Connection, "The server has no connection left; try again."},
    {"55P03", ErrorCode::Timeout, "Another transaction holds a lock; try again."},
    {"40", ErrorCode::Timeout, "Transactions were in each other's way; try again."},
    {"28", ErrorCode::Authentication, "Check user and password, and the server's pg_hba.conf."},
    {"08", ErrorCode::Connection, connect_advice},
    {"0A", ErrorCode::Unsupported, ""},
    {"53", ErrorCode::TooLarge, "The server lacks memory for it."},
    {"54", ErrorCode::TooLarge, ""},
    {"58", ErrorCode::Io, "Look into the server's log."},
    {"XX", ErrorCode::Corrupt, "Look into the server's log."},
};

Meaning meaning_of(std::string_view state) {
    for (const Meaning& meaning : meanings)
        if (state.substr(0, meaning.state.size()) == meaning.state)
            return meaning;
    return {state, ErrorCode::Usage, ""};
}

/// Where in the user's text a mistake is: the server counts characters of all of it from 1.
int column_of(const char* position, std::string_view sql, std::size_t prefix_bytes) {
    if (position == nullptr)
        return -1;
    std::size_t characters = std::strtoul(position, nullptr, 10);
    std::size_t at = 0;
    for (; at < sql.size(); ++at)
        if ((static_cast<unsigned char>(sql[at]) & 0xC0) != 0x80 && characters-- == 1)
            break;
    return static_cast<int>(at - std::min(at, prefix_bytes));
}

std::string first_line(std::string_view text) {
    return std::string(text.substr(0, text.find('\n')));
}

/// The SQLSTATE in a verbose message ("FATAL:  28P01: …"); empty: libpq's own.
std::string_view state_in(std::string_view message) {
    for (std::size_t at = message.find(":  "); at != std::string_view::npos;
         at = message.find(":  ", at + 1)) {
        const std::string_view state = message.substr(at + 3, 5);
        const bool is_state = std::all_of(state.begin(), state.end(), [](char c) {
            return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
        });
        if (is_state && message.substr(at + 8, 2) == ": ")
            return state;
    }
    return {};
}

} // namespace

Error pg_error(const PGresult* result, const std::string& connection, const char* doing,
               const Patience& patience, std::string_view sql, std::size_t prefix_bytes) {
    const auto field = [result](int code) {
        const char* text = PQresultErrorField(result, code);
        return std::string(text == nullptr ? "" : text);
    };
    const std::string state = field(PG_DIAG_SQLSTATE);
    if (state == "57014" && patience.interrupt->raised())
        return pg_ended(connection, doing, patience);
    const Meaning meaning = meaning_of(state);
    Error error{meaning.code, field(PG_DIAG_MESSAGE_PRIMARY), connection, doing, meaning.advice};
    if (error.what.empty()) // the connection broke: libpq says so, the server does not
        error = {ErrorCode::Connection, first_line(PQresultErrorMessage(result)), connection, doing,
                 connect_advice};
    if (const std::string detail = field(PG_DIAG_MESSAGE_DETAIL); !detail.empty())
        error.what += " (" + first_line(detail) + ")";
    if (const std::string where = field(PG_DIAG_CONTEXT); where.rfind("COPY ", 0) == 0)
        error.what += " at " + first_line(where);
    // Of what it has no state for (a quota, say) the server's hint knows more than the table.
    if (const std::string hint = field(PG_DIAG_MESSAGE_HINT);
        !hint.empty() && (error.advice.empty() || error.code == ErrorCode::Corrupt))
        error.advice = first_line(hint);
    error.column =
        column_of(PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION), sql, prefix_bytes);
    return error;
}

Error pg_connection_error(PGconn* handle, const std::string& connection, const char* doing,
                          const std::string& secret) {
    std::string said = PQerrorMessage(handle);
    const std::string_view state = state_in(said);
    Meaning meaning = meaning_of(state);
    if (state.empty())
        meaning = {{}, ErrorCode::Connection, connect_advice};
    if (PQconnectionNeedsPassword(handle) != 0)
        meaning = {{}, ErrorCode::Authentication, "The server wants a password: name where it is."};
    else if (said.find("certificate") != std::string::npos && state.empty())
        meaning.advice = "Name the authority's certificate by sslrootcert, and the host as it "
                         "stands in the server's certificate.";
    else if (state.empty() && said.rfind("invalid ", 0) == 0) // libpq's own, of a parameter
        meaning = {{}, ErrorCode::Config, "Check the address's parameters."};
    if (const std::size_t at = state.empty() ? std::string::npos : said.find(state);
        at != std::string::npos)
        said.erase(at, state.size() + 2);
    said = first_line(said);
    for (std::size_t at = 0; !secret.empty() && (at = said.find(secret, at)) != std::string::npos;)
        said.replace(at, secret.size(), "***");
    if (said.empty())
        said = "the connection broke";
    return {meaning.code, said, connection, doing, meaning.advice};
}

Error pg_ended(const std::string& connection, const char* doing, const Patience& patience) {
    if (patience.interrupt->raised())
        return {ErrorCode::Cancelled, "it was cancelled", connection, doing, {}};
    return {ErrorCode::Timeout, "no answer came within the time limit", connection, doing,
            "Make the query cheaper, or allow more time."};
}

} // namespace weir::warehouse
