// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/warehouse/sandbox/marker.h"

namespace weir::warehouse {

namespace {

constexpr const char* format = "weir-sandbox";
constexpr std::int64_t version = 1;
constexpr std::size_t rows_max = 100; // more than Weir writes

} // namespace

Result<std::string> read_marker(Session& session, const Kind& kind, const Patience& patience) {
    const Statement look{"SELECT format, database_id FROM " + kind.quoted(kind.marker_table()),
                         {},
                         0,
                         "looking for the sandbox's marker"};
    const auto rows = ask(session, look, rows_max, patience);
    if (!rows && rows.error().code == ErrorCode::NotFound)
        return std::string();
    if (!rows)
        return rows.error();
    // Anything but the one row that Weir writes is no marker.
    if (rows->rows() != 1 || rows->at(0, 0).text != format ||
        rows->at(0, 1).kind != ValueKind::Text)
        return std::string();
    return std::string(rows->at(0, 1).text);
}

Result<void> write_marker(WriteSession& session, const Kind& kind, const std::string& id,
                          const Patience& patience) {
    const std::string table = kind.quoted(kind.marker_table());
    const Statement steps[] = {
        {session.begin_sql(), {}},
        {"CREATE TABLE IF NOT EXISTS " + table +
             " (format text NOT NULL, version integer NOT NULL, database_id text NOT NULL)",
         {}},
        {"DELETE FROM " + table, {}},
        {"INSERT INTO " + table + " (format, version, database_id) VALUES ($1, $2, $3)",
         {Value::of(format), Value::of(version), Value::of(std::string_view(id))}},
        {"COMMIT", {}},
    };
    for (Statement step : steps) {
        step.doing = "writing the sandbox's marker";
        if (const auto done = ask(session.session(), step, 0, patience); !done) {
            (void)ask(session.session(), {"ROLLBACK", {}}, 0, patience);
            return done.error();
        }
    }
    return {};
}

} // namespace weir::warehouse
