// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/retention/archive_folder.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <random>
#include <sys/file.h>
#include <unistd.h>

#include "connectors/archive/part_file.h"

namespace weir::sandbox {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "events-";
constexpr std::string_view suffix = ".ndjson.gz";
constexpr std::string_view unfinished = ".part";
constexpr std::size_t day_length = 10; // 2026-05-01
constexpr std::size_t id_length = 32;

Error failed(const std::string& path, const std::string& why) {
    return {.code = ErrorCode::Io, .what = why, .where = path, .tried = "keeping archive files"};
}

std::string new_id() {
    static constexpr char hex[] = "0123456789abcdef";
    std::random_device random;
    std::string id;
    for (std::size_t i = 0; i < id_length; ++i)
        id += hex[random() % 16];
    return id;
}

struct FileOfDay {
    Day day;
    bool finished = true;
};

std::optional<FileOfDay> file_of_day(std::string_view name) {
    const std::string_view day = name.substr(std::min(prefix.size(), name.size()), day_length);
    const auto found = day_of_text(day);
    if (!found || name.substr(0, prefix.size()) != prefix)
        return std::nullopt;
    const std::string_view rest = name.substr(prefix.size() + day_length);
    if (rest.substr(0, suffix.size()) != suffix)
        return std::nullopt;
    const std::string_view behind = rest.substr(suffix.size());
    if (!behind.empty() && behind != unfinished)
        return std::nullopt;
    return FileOfDay{*found, behind.empty()};
}

} // namespace

Result<std::unique_ptr<ArchiveFolder>> ArchiveFolder::open(const std::string& path) {
    std::error_code error;
    fs::create_directories(path, error);
    if (error)
        return failed(path, "the folder cannot be made: " + error.message());
    std::unique_ptr<ArchiveFolder> folder(new ArchiveFolder(path));
    if (auto locked = folder->lock(); !locked)
        return locked.error();
    if (auto read = folder->read_id(); !read)
        return read.error();
    return folder;
}

ArchiveFolder::~ArchiveFolder() {
    if (m_lock >= 0)
        ::close(m_lock);
}

/// It ends with the process, however that ends.
Result<void> ArchiveFolder::lock() {
    const std::string file = m_path + "/archive.lock";
    m_lock = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644); // NOLINT: as POSIX has it
    if (m_lock < 0)
        return failed(file, std::strerror(errno));
    if (::flock(m_lock, LOCK_EX | LOCK_NB) == 0)
        return {};
    if (errno != EWOULDBLOCK)
        return failed(file, std::strerror(errno));
    return Error{.code = ErrorCode::Refused,
                 .what = "another process works in this folder",
                 .where = m_path,
                 .tried = "keeping archive files"};
}

Result<void> ArchiveFolder::read_id() {
    const std::string file = m_path + "/archive.id";
    std::error_code error;
    if (!fs::exists(file, error)) {
        PartFile fresh(file);
        if (auto written = fresh.write(new_id() + "\n"); !written)
            return written;
        if (auto finished = fresh.finish(); !finished)
            return finished;
    }
    std::ifstream in(file);
    std::getline(in, m_id);
    if (m_id.size() == id_length)
        return {};
    return Error{.code = ErrorCode::Corrupt,
                 .what = "this is no archive's id",
                 .where = file,
                 .tried = "keeping archive files",
                 .advice = "Name another folder."};
}

std::string ArchiveFolder::file_of(Day day) const {
    return m_path + "/" + std::string(prefix) + text_of(day) + std::string(suffix);
}

Result<std::int64_t> ArchiveFolder::remove_before(Day day) const {
    std::int64_t removed = 0;
    std::error_code error;
    for (fs::directory_iterator each(m_path, error), end; !error && each != end;
         each.increment(error)) {
        const auto file = file_of_day(each->path().filename().native());
        if (!file || file->day >= day)
            continue;
        if (fs::remove(each->path(), error))
            removed += file->finished ? 1 : 0;
        if (error)
            break;
    }
    if (error)
        return failed(m_path, "an archive file cannot be deleted: " + error.message());
    return removed;
}

} // namespace weir::sandbox
