// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/warehouse/kind/kind.h"
#include "connectors/warehouse/postgresql/postgresql.h"
#include "connectors/warehouse/sqlite/sqlite.h"

namespace weir::warehouse {

namespace {

/// Every kind of warehouse that there is: a line each.
const Kind* const kinds[] = {
    &sqlite_kind(),
    &postgresql_kind(),
};

} // namespace

Result<const Kind*> kind_of(const std::string& address) {
    std::string known;
    for (const Kind* kind : kinds)
        for (const std::string& scheme : kind->schemes()) {
            if (address.rfind(scheme, 0) == 0)
                return kind;
            known += (known.empty() ? "" : ", ") + scheme;
        }
    return Error{.code = ErrorCode::Usage,
                 .what = "this is no warehouse's address", // not repeated: it may hold a password
                 .advice = "It begins with one of " + known + "."};
}

Result<void> check_address(const std::string& address) {
    const auto kind = kind_of(address);
    if (!kind)
        return kind.error();
    return (*kind)->check(address);
}

Result<Page> ask(Session& session, const Statement& statement, std::size_t rows_max,
                 const Patience& patience) {
    if (auto started = session.start(statement, patience); !started)
        return started.error();
    Page kept(session.columns());
    for (;;) {
        const auto more = session.fetch(kept, patience);
        if (!more)
            return more.error();
        if (!*more)
            return kept;
        if (kept.rows() > rows_max) {
            session.stop();
            return Error{.code = ErrorCode::TooLarge,
                         .what = "more than " + std::to_string(rows_max) + " rows came",
                         .tried = statement.doing};
        }
    }
}

std::string standard_quoted(const std::string& name) {
    std::string text = "\"";
    for (const char c : name) {
        text += c;
        if (c == '"')
            text += c;
    }
    return text + '"';
}

} // namespace weir::warehouse
