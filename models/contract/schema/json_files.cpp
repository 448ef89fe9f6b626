// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/schema/json_files.h"

#include <algorithm>

namespace weir::schema {

namespace {

namespace fs = std::filesystem;

Error unread_folder(const fs::path& folder, const std::error_code& failed) {
    Error error;
    error.code = failed == std::errc::no_such_file_or_directory ? ErrorCode::NotFound
                 : failed == std::errc::permission_denied       ? ErrorCode::NotPermitted
                                                                : ErrorCode::Io;
    error.what = "the folder cannot be read: " + failed.message();
    error.where = folder.string();
    return error;
}

Error too_many_entries(const fs::path& folder) {
    Error error;
    error.code = ErrorCode::TooLarge;
    error.what =
        "the folder holds more than " + std::to_string(Listing::entries_max) + " files and folders";
    error.where = folder.string();
    error.advice = "The others are left out.";
    return error;
}

} // namespace

Listing json_files(const std::string& folder, bool deep) {
    Listing listing;
    std::vector<fs::path> folders{folder};
    std::size_t entries = 0;
    while (!folders.empty()) {
        const fs::path here = std::move(folders.back());
        folders.pop_back();
        // A failed increment() leaves the end iterator behind: it is looked at before the end is.
        std::error_code failed;
        for (fs::directory_iterator it(here, failed); !failed && it != fs::directory_iterator();
             it.increment(failed)) {
            if (++entries > Listing::entries_max) {
                listing.unread.push_back({here, too_many_entries(folder)});
                folders.clear();
                break;
            }
            std::error_code unknown;
            if (deep && it->is_directory(unknown) && !it->is_symlink(unknown))
                folders.push_back(it->path());
            else if (it->path().extension() == ".json" && it->is_regular_file(unknown))
                listing.files.push_back(it->path());
        }
        if (failed)
            listing.unread.push_back({here, unread_folder(here, failed)});
    }
    std::sort(listing.files.begin(), listing.files.end());
    return listing;
}

} // namespace weir::schema
