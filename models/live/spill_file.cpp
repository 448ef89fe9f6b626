// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/live/spill_file.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace weir {

namespace {

constexpr std::uint64_t page = 4096;

Error file_error(const std::string& folder, std::string tried) {
    const int why = errno;
    Error error;
    error.code =
        why == ENOSPC || why == EDQUOT || why == EFBIG ? ErrorCode::DiskFull : ErrorCode::Io;
    error.what = std::strerror(why);
    error.where = folder;
    error.tried = std::move(tried);
    error.advice = "Free some room there, or set TMPDIR to a folder with more of it";
    return error;
}

} // namespace

Result<std::unique_ptr<SpillFile>> SpillFile::create(const std::string& folder,
                                                     std::uint64_t bytes_max, std::string kept) {
    std::error_code unknown;
    const std::string in =
        folder.empty() ? std::filesystem::temp_directory_path(unknown).string() : folder;
    const std::string pattern = in + "/weir-rows-XXXXXX";
    std::vector<char> name(pattern.begin(), pattern.end());
    name.push_back('\0');
    const int file = ::mkostemp(name.data(), O_CLOEXEC);
    if (file < 0)
        return file_error(in, "making a file for " + kept);
    ::unlink(name.data());
    return std::unique_ptr<SpillFile>(new SpillFile(file, in, bytes_max, std::move(kept)));
}

SpillFile::~SpillFile() {
    ::close(m_file);
}

Result<void> SpillFile::write(std::string_view bytes, std::uint64_t at) const {
    while (!bytes.empty()) {
        const ssize_t written =
            ::pwrite(m_file, bytes.data(), bytes.size(), static_cast<off_t>(at));
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return file_error(m_folder, "writing " + m_kept + " to disk");
        bytes.remove_prefix(static_cast<std::size_t>(written));
        at += static_cast<std::uint64_t>(written);
    }
    return {};
}

Result<std::shared_ptr<const Segment>> SpillFile::spill(const Segment& segment) {
    const std::size_t capacity = segment.capacity_bytes();
    const std::uint64_t length = (capacity + page - 1) / page * page;
    if (m_bytes + length > m_bytes_max) {
        Error error;
        error.code = ErrorCode::TooLarge;
        error.what = "There is more of " + m_kept + " than the disk space set aside for it";
        error.advice = "Raise retention.disk_bytes in the workspace, or look at less";
        return error;
    }
    const std::string_view back = segment.used_back();
    if (auto done = write(segment.used_front(), m_bytes); !done)
        return done.error();
    if (auto done = write(back, m_bytes + capacity - back.size()); !done)
        return done.error();
    // Without payloads the file would end before the mapping does.
    if (back.empty() && ::ftruncate(m_file, static_cast<off_t>(m_bytes + length)) != 0)
        return file_error(m_folder, "writing " + m_kept + " to disk");
    void* const block =
        ::mmap(nullptr, capacity, PROT_READ, MAP_SHARED, m_file, static_cast<off_t>(m_bytes));
    if (block == MAP_FAILED)
        return file_error(m_folder, "reading " + m_kept + " back from disk");
    m_bytes += length;
    const std::shared_ptr<const char> keeper(
        static_cast<const char*>(block),
        [capacity](const char* mapped) { ::munmap(const_cast<char*>(mapped), capacity); });
    return Segment::over_copy(segment, keeper);
}

} // namespace weir
