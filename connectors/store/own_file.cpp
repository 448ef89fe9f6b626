// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/store/own_file.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include <QStandardPaths>

namespace weir::store {

namespace {

constexpr std::size_t name_bytes_max = 128;

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

} // namespace

Result<std::string> own_file(const OwnFolder& folder, const std::string& about) {
    const char* named = std::getenv(folder.variable);
    const std::string path =
        named != nullptr && *named != 0
            ? std::string(named)
            : QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation).toStdString() +
                  "/weir/" + folder.name;
    std::error_code failed;
    std::filesystem::create_directories(path, failed);
    if (failed)
        return Error{ErrorCode::Io, "the folder cannot be made: " + failed.message(), path,
                     folder.keeping, "Check its owner and permissions."};
    std::string name = about.substr(0, name_bytes_max);
    std::replace_if(
        name.begin(), name.end(), [](char c) { return !is_plain(c); }, '_');
    return path + "/" + name + ".sqlite";
}

} // namespace weir::store
