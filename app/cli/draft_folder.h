// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where drafted and imported contracts go: a folder with a file for each type and version, and what
// they refer to.
// Thread contract: one owner.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "connectors/base/result.h"

namespace weir::cli {

class DraftFolder {
  public:
    /// Makes the folder, so that what cannot be written is known before hours of reading.
    /// `force`: files that are there are written over. Errors: Io.
    static Result<DraftFolder> open(const std::string& folder, bool force);

    /// `name`: in the folder, "orders/1.json". The file, or empty: there is one of that name
    /// already, which stays as it is. Errors: Config (it leads out of the folder; it was put
    /// already), Io, DiskFull; no part of a file is left.
    Result<std::string> put(const std::string& name, const std::string& text);
    /// What was put under that name, written or not; null: nothing.
    const std::string* text_of(const std::string& name) const;
    /// The files that stayed as they were.
    const std::vector<std::string>& kept() const { return m_kept; }

  private:
    DraftFolder(std::filesystem::path folder, bool force)
        : m_folder(std::move(folder))
        , m_force(force) {}

    std::filesystem::path m_folder;
    bool m_force;
    std::vector<std::string> m_kept;
    std::map<std::string, std::string> m_put; // texts by their names, without detours
};

} // namespace weir::cli
