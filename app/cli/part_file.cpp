// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/part_file.h"

#include <cerrno>
#include <cstring>
#include <unistd.h>

namespace weir::cli {

PartFile::PartFile(std::string name)
    : m_name(std::move(name))
    , m_part(m_name + ".part")
    , m_file(std::fopen(m_part.c_str(), "wb")) {}

PartFile::~PartFile() {
    if (m_file != nullptr) {
        std::fclose(m_file);
        ::unlink(m_part.c_str());
    }
}

Result<void> PartFile::write(std::string_view bytes) {
    if (m_file == nullptr || std::fwrite(bytes.data(), 1, bytes.size(), m_file) != bytes.size())
        return failed();
    return {};
}

Result<void> PartFile::finish() {
    if (m_file == nullptr || std::fflush(m_file) != 0 || ::fsync(::fileno(m_file)) != 0)
        return failed();
    std::fclose(m_file);
    m_file = nullptr;
    if (std::rename(m_part.c_str(), m_name.c_str()) != 0)
        return failed();
    return {};
}

Error PartFile::failed() const {
    Error error;
    error.code = errno == ENOSPC ? ErrorCode::DiskFull : ErrorCode::Io;
    error.what = std::string("the file could not be written: ") + std::strerror(errno);
    error.where = m_name;
    return error;
}

} // namespace weir::cli
