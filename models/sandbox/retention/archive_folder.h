// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The folder of the archive files, "events-2026-05-01.ndjson.gz", one a day. It has an id of its
// own (the file "archive.id"), by which the warehouse knows what it has put there; one process at a
// time works in it.
//
// Thread contract: one owner. Bound: nothing is held but a lock.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/sandbox/warehouse/schema.h"

namespace weir::sandbox {

class ArchiveFolder {
  public:
    /// Makes it where it is missing. Errors: Refused (another process works in it), Io, DiskFull,
    /// Corrupt (its id).
    static Result<std::unique_ptr<ArchiveFolder>> open(const std::string& path);
    ~ArchiveFolder();
    ArchiveFolder(const ArchiveFolder&) = delete;
    ArchiveFolder& operator=(const ArchiveFolder&) = delete;

    const std::string& id() const { return m_id; }
    std::string file_of(Day day) const;
    /// Deletes files of earlier days, also what was left of one that was not finished. Returns how
    /// many archive files went. Errors: Io.
    Result<std::int64_t> remove_before(Day day) const;

  private:
    explicit ArchiveFolder(std::string path)
        : m_path(std::move(path)) {}
    Result<void> lock();
    Result<void> read_id();

    const std::string m_path;
    std::string m_id;
    int m_lock = -1;
};

} // namespace weir::sandbox
