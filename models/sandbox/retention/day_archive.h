// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Moves a day's rows of analytics.events into its archive file. Killed at any moment, nothing is
// lost and nothing is there twice: the table event_archives says how many bytes of the file are the
// archive's, and is changed in the transaction that deletes the rows. What stands behind those
// bytes was written for rows that are in the table still, and is written anew.
//
// A file begins with a line that says what it is; then a row a line, its columns as members; the
// payload, which is text of its own, is a string. A day that gets rows later has them appended.
//
// Thread contract: one owner. Bound: a page of rows.
#pragma once

#include <functional>

#include "models/sandbox/retention/archive_folder.h"

namespace weir::sandbox {

/// What has been done last; whoever is told may take its time, or end the process.
enum class ArchiveStep : std::uint8_t {
    Begun,
    Read,     // the rows, into a file without a name
    Written,  // whole, and on the disk
    Named,    // in the place of the file that was
    Verified, // read back, and the same
    Dropped,  // the rows, in a transaction
    Committed,
};
using ArchiveTold = std::function<void(ArchiveStep, Day)>;

struct ArchivedDay {
    bool moved = false; // not: rows came meanwhile; they are all in the table
    std::int64_t events = 0;
    std::int64_t bytes = 0; // that the file has grown by
};

/// REQUIRES: no transaction is open, the day has rows. Errors: Refused (another process moved the
/// day), Corrupt (the file is not what was put there, or does not read back), Io, DiskFull, and as
/// WritableWarehouse::execute(); then all rows are where they were.
Result<ArchivedDay> archive_day(warehouse::WritableWarehouse& db, const ArchiveFolder& folder,
                                Day day, const ArchiveTold& told);

} // namespace weir::sandbox
