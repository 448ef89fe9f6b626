// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/draft_folder.h"

#include <cerrno>
#include <cstring>
#include <unistd.h>

#include "connectors/archive/part_file.h"

namespace weir::cli {

namespace {

Result<void> make_folder(const std::filesystem::path& folder) {
    Error error;
    error.code = ErrorCode::Io;
    error.where = folder.string();
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed) {
        error.what = "the folder for contracts could not be made: " + failed.message();
        return error;
    }
    if (::access(folder.c_str(), W_OK | X_OK) != 0) {
        error.what = std::string("contracts cannot be written there: ") + std::strerror(errno);
        error.advice = "Name a folder that is yours with --output.";
        return error;
    }
    return {};
}

/// Without detours; "": it leads out of the folder, or names no file.
std::string below_folder(const std::string& name) {
    const std::filesystem::path path = std::filesystem::path(name).lexically_normal();
    const bool below = path.is_relative() && path.has_filename() && *path.begin() != ".." &&
                       path != std::filesystem::path(".");
    return below ? path.string() : std::string();
}

Error not_to_be_put(const std::string& name, const std::string& what) {
    Error error;
    error.code = ErrorCode::Config;
    error.what = "a file " + what;
    error.where = name;
    return error;
}

} // namespace

Result<DraftFolder> DraftFolder::open(const std::string& folder, bool force) {
    const auto made = make_folder(folder);
    if (!made)
        return made.error();
    return DraftFolder(folder, force);
}

Result<std::string> DraftFolder::put(const std::string& name, const std::string& text) {
    const std::string below = below_folder(name);
    if (below.empty())
        return not_to_be_put(name, "for the folder of contracts leads out of it");
    if (!m_put.emplace(below, text).second)
        return not_to_be_put(name, "of contracts would be written twice");
    const std::filesystem::path file = m_folder / below;
    std::error_code unknown;
    if (!m_force && std::filesystem::exists(file, unknown)) {
        m_kept.push_back(file.string());
        return std::string();
    }
    const auto made = make_folder(file.parent_path());
    if (!made)
        return made.error();
    PartFile out(file.string());
    const auto written = out.write(text);
    if (!written)
        return written.error();
    const auto finished = out.finish();
    if (!finished)
        return finished.error();
    return file.string();
}

const std::string* DraftFolder::text_of(const std::string& name) const {
    const auto found = m_put.find(below_folder(name));
    return found == m_put.end() ? nullptr : &found->second;
}

} // namespace weir::cli
