// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/retention/day_rows.h"

#include <array>

namespace weir::sandbox {

using warehouse::Value;
using warehouse::WritableWarehouse;

namespace {

constexpr std::chrono::milliseconds hold_wait{5'000};

} // namespace

Result<std::vector<Day>> days_before(WritableWarehouse& db, Day day) {
    const std::string text = text_of(day);
    const auto rows = db.execute("SELECT DISTINCT day FROM " + db.quoted(events_table) +
                                     " WHERE day < $1 ORDER BY day",
                                 std::array{Value::of(std::string_view(text))});
    if (!rows)
        return rows.error();
    std::vector<Day> days;
    for (std::size_t i = 0; i < rows->rows.rows(); ++i)
        if (const auto found = day_of_text(rows->rows.at(i, 0).text))
            days.push_back(*found);
    return days;
}

Result<std::int64_t> take_day(WritableWarehouse& db, Day day) {
    const auto usual = db.timeout();
    db.set_timeout(hold_wait);
    auto held = take_turn(db);
    if (held)
        held = hold_day(db, day);
    db.set_timeout(usual);
    if (!held)
        return held.error();
    const std::string text = text_of(day);
    const auto there =
        db.execute("SELECT count(*) FROM " + db.quoted(events_table) + " WHERE day = $1",
                   std::array{Value::of(std::string_view(text))});
    if (!there)
        return there.error();
    return there->rows.at(0, 0).integer;
}

Result<std::int64_t> delete_day(WritableWarehouse& db, Day day) {
    if (auto begun = db.begin(); !begun)
        return begun.error();
    const auto there = take_day(db, day);
    const auto dropped = there ? drop_day(db, day) : Result<void>(there.error());
    if (!dropped) {
        (void)db.rollback();
        return dropped.error();
    }
    if (auto done = db.commit(); !done)
        return done.error();
    return *there;
}

} // namespace weir::sandbox
