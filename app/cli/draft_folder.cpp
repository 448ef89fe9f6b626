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

} // namespace

Result<DraftFolder> DraftFolder::open(const std::string& folder, bool force) {
    const auto made = make_folder(folder);
    if (!made)
        return made.error();
    return DraftFolder(folder, force);
}

Result<std::string> DraftFolder::put(const std::string& name, const std::string& text) {
    const std::filesystem::path file = m_folder / name;
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

} // namespace weir::cli
