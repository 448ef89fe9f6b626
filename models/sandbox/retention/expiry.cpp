// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/retention/expiry.h"

#include <array>

namespace weir::sandbox {
namespace {

using warehouse::TableName;
using warehouse::Value;
using warehouse::WritableWarehouse;

struct Rule {
    const TableName& table;
    const char* gone; // of a row; $1 is when the first day that is kept begins
};

/// Of users of whom there is something still. As a join, since neither kind of warehouse is quick
/// with every form of NOT IN and NOT EXISTS.
constexpr const char* attribution_gone =
    "user_id IN (SELECT a.user_id FROM attribution a LEFT JOIN (SELECT user_id FROM sessions UNION "
    "SELECT user_id FROM identities) active ON active.user_id = a.user_id "
    "WHERE a.updated_at < $1 AND active.user_id IS NULL)";
constexpr const char* users_gone =
    "user_id IN (SELECT u.user_id FROM users u LEFT JOIN (SELECT user_id FROM sessions UNION "
    "SELECT user_id FROM identities UNION SELECT user_id FROM orders) active "
    "ON active.user_id = u.user_id WHERE u.updated_at < $1 AND active.user_id IS NULL)";
constexpr const char* signals_gone =
    "seen IN (SELECT i.seen FROM identity_signals i LEFT JOIN (SELECT anonymous_id FROM sessions "
    "UNION SELECT anonymous_id FROM identities) active ON active.anonymous_id = i.anonymous_id "
    "WHERE i.first_seen_at < $1 AND active.anonymous_id IS NULL)";

/// In their order: who is left after the first ones decides about the last.
const std::array<Rule, 7> rules{{
    {enrichment_audit_table, "at < $1"},
    {sessions_table, "updated_at < $1"},
    {identities_table, "updated_at < $1"},
    {orders_table, "updated_at < $1"},
    {identity_signals_table, signals_gone},
    {attribution_table, attribution_gone},
    {users_table, users_gone},
}};

Result<void> expire(WritableWarehouse& db, const TableName& table, const std::string& gone,
                    const Value& before, ExpiredRows& counts) {
    const auto done =
        db.execute("DELETE FROM " + db.quoted(table) + " WHERE " + gone, std::array{before});
    if (!done)
        return done.error();
    if (done->affected > 0)
        counts[table.text()] += done->affected;
    return {};
}

} // namespace

Result<void> expire_ids(WritableWarehouse& db, Day first_kept, ExpiredRows& gone) {
    const std::string day = text_of(first_kept);
    for (const TableName* const table : {&event_ids_table, &session_event_ids_table})
        if (auto done = expire(db, *table, "day < $1", Value::of(std::string_view(day)), gone);
            !done)
            return done;
    return {};
}

Result<void> expire_side_tables(WritableWarehouse& db, Day first_kept, ExpiredRows& gone) {
    const Micros begins(
        std::chrono::duration_cast<std::chrono::microseconds>(first_kept.time_since_epoch())
            .count());
    for (const Rule& rule : rules)
        if (auto done = expire(db, rule.table, rule.gone, Value::of(begins), gone); !done)
            return done;
    return {};
}

} // namespace weir::sandbox
