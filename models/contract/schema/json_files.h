// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The *.json files of a folder. A folder below it that cannot be read is a problem that is told;
// the rest is listed. Links to files are followed, links to folders are not.
//
// Thread contract: plain functions. Bound: Listing::entries_max.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "connectors/base/result.h"

namespace weir::schema {

struct Listing {
    static constexpr std::size_t entries_max = 100'000;

    struct Unread {
        std::filesystem::path folder;
        Error error; // NotFound, NotPermitted, TooLarge, Io
    };
    std::vector<std::filesystem::path> files; // sorted
    std::vector<Unread> unread;               // folders that could not be read, or not wholly
};

/// `deep`: also in the folders below.
Listing json_files(const std::string& folder, bool deep = true);

} // namespace weir::schema
