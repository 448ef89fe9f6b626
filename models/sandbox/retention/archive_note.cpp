// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/retention/archive_note.h"

#include <array>

namespace weir::sandbox {

using warehouse::Value;
using warehouse::WritableWarehouse;

Result<ArchiveNote> archive_note(WritableWarehouse& db, const ArchiveFolder& folder, Day day) {
    const std::string text = text_of(day);
    const auto row = db.execute(
        "SELECT events, bytes FROM " + db.quoted(event_archives_table) +
            " WHERE day = $1 AND archive = $2",
        std::array{Value::of(std::string_view(text)), Value::of(std::string_view(folder.id()))});
    if (!row)
        return row.error();
    return row->rows.empty() ? ArchiveNote{}
                             : ArchiveNote{row->rows.at(0, 0).integer, row->rows.at(0, 1).integer};
}

Result<void> set_archive_note(WritableWarehouse& db, const ArchiveFolder& folder, Day day,
                              const ArchiveNote& note) {
    const std::string text = text_of(day);
    const auto done = db.execute(
        "INSERT INTO " + db.quoted(event_archives_table) +
            " (day, archive, events, bytes, archived_at) VALUES ($1, $2, $3, $4, $5) "
            "ON CONFLICT (day, archive) DO UPDATE SET events = excluded.events, "
            "bytes = excluded.bytes, archived_at = excluded.archived_at",
        std::array{Value::of(std::string_view(text)), Value::of(std::string_view(folder.id())),
                   Value::of(note.events), Value::of(note.bytes), Value::of(Micros::now())});
    return done ? Result<void>() : Result<void>(done.error());
}

Result<void> remove_archive_note(WritableWarehouse& db, const ArchiveFolder& folder, Day day) {
    const std::string text = text_of(day);
    const auto done = db.execute(
        "DELETE FROM " + db.quoted(event_archives_table) + " WHERE day = $1 AND archive = $2",
        std::array{Value::of(std::string_view(text)), Value::of(std::string_view(folder.id()))});
    return done ? Result<void>() : Result<void>(done.error());
}

} // namespace weir::sandbox
