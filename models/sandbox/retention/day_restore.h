// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Puts a day's archive file back into analytics.events: its rows as they were, their ids, by which
// events that come again are known, and the note that the file is the archive's away, in one
// transaction; then the file goes. Killed at any moment, nothing is lost and nothing is there
// twice. A day that is older than what retention keeps hot moves into a file again with its next
// pass.
//
// Thread contract: one owner. Bound: a page of rows, and the longest line.
#pragma once

#include "models/sandbox/retention/archive_folder.h"

namespace weir::sandbox {

/// How many events are back. REQUIRES: no transaction is open. Errors: NotFound (nothing of that
/// day is archived there), Corrupt (the file is not what was put there), Io, and as
/// WritableWarehouse::execute(); then all is where it was.
Result<std::int64_t> restore_day(warehouse::WritableWarehouse& db, const ArchiveFolder& folder,
                                 Day day);

} // namespace weir::sandbox
