// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the warehouse says of a day's archive file (table event_archives): how much of it is the
// archive's. What stands behind that belongs to nobody; without a note nothing of it does.
// Thread contract: the WritableWarehouse's. Bound: a row.
#pragma once

#include <cstdint>

#include "models/sandbox/retention/archive_folder.h"

namespace weir::sandbox {

struct ArchiveNote {
    std::int64_t events = 0;
    std::int64_t bytes = 0;
    bool operator==(const ArchiveNote&) const = default;

    /// A file begins with a line that says what it is.
    static constexpr std::int64_t head_lines = 1;
};

/// Nothing is noted: all 0. Errors, of all three: as WritableWarehouse::execute().
Result<ArchiveNote> archive_note(warehouse::WritableWarehouse& db, const ArchiveFolder& folder,
                                 Day day);
Result<void> set_archive_note(warehouse::WritableWarehouse& db, const ArchiveFolder& folder,
                              Day day, const ArchiveNote& note);
Result<void> remove_archive_note(warehouse::WritableWarehouse& db, const ArchiveFolder& folder,
                                 Day day);

} // namespace weir::sandbox
