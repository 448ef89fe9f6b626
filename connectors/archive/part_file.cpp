// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/archive/part_file.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace weir {

namespace {

/// Null, and errno: it could not be.
std::FILE* open_part(std::string& file, PartFile::Part part) {
    if (part == PartFile::Part::Named)
        return std::fopen(file.c_str(), "wb");
    const int own = ::mkostemp(file.data(), O_CLOEXEC);
    return own < 0 ? nullptr : ::fdopen(own, "wb");
}

} // namespace

PartFile::PartFile(std::string name, Part part)
    : m_name(std::move(name))
    , m_part(m_name + (part == Part::Named ? ".part" : ".XXXXXX"))
    , m_file(open_part(m_part, part))
    , m_not_opened(m_file == nullptr ? errno : 0) {}

PartFile::~PartFile() {
    if (m_file != nullptr)
        std::fclose(m_file);
    if (m_state == State::Closed || (m_state == State::Open && m_file != nullptr))
        ::unlink(m_part.c_str());
}

Result<void> PartFile::write(std::string_view bytes) {
    if (m_file == nullptr)
        return failed();
    if (!bytes.empty() && std::fwrite(bytes.data(), 1, bytes.size(), m_file) != bytes.size())
        return failed();
    return {};
}

Result<void> PartFile::close() {
    if (m_file == nullptr || std::fflush(m_file) != 0 || ::fsync(::fileno(m_file)) != 0)
        return failed();
    m_state = State::Closed;
    if (std::fclose(std::exchange(m_file, nullptr)) != 0)
        return failed();
    return {};
}

Result<void> PartFile::finish() {
    if (m_state == State::Open)
        if (auto closed = close(); !closed)
            return closed;
    if (std::rename(m_part.c_str(), m_name.c_str()) != 0)
        return failed();
    m_state = State::Finished;
    return sync_folder();
}

/// The name is on the disk only once its folder is.
Result<void> PartFile::sync_folder() const {
    const std::size_t slash = m_name.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : m_name.substr(0, slash + 1);
    const int opened = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0)
        return {}; // one that may be written to and not read
    const int synced = ::fsync(opened);
    const int why = errno;
    ::close(opened);
    if (synced == 0 || why == EINVAL) // a file system that knows no such thing
        return {};
    errno = why;
    return failed();
}

Error PartFile::failed() const {
    const int why = m_not_opened != 0 ? m_not_opened : errno;
    Error error;
    error.code = ErrorCode::Io;
    error.what = std::string("the file could not be written: ") + std::strerror(why);
    error.where = m_name;
    error.advice = "Choose another file";
    if (why == ENOSPC || why == EDQUOT || why == EFBIG) {
        error.code = ErrorCode::DiskFull;
        error.advice = "Free some room or choose another disk; nothing was left behind";
    } else if (why == EACCES || why == EPERM || why == EROFS) {
        error.code = ErrorCode::NotPermitted;
        error.advice = "Choose a folder you may write to";
    }
    return error;
}

} // namespace weir
