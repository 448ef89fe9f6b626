// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/line_reader.h"

#include <cerrno>
#include <cstring>
#include <sys/stat.h>
#include <utility>

namespace weir::cli {

namespace {
constexpr std::size_t block_bytes = 1U << 20;
}

LineReader::LineReader(std::FILE* file, std::string name)
    : m_file(file)
    , m_name(std::move(name))
    , m_buffer(block_bytes) {}

LineReader::LineReader(LineReader&& other) noexcept
    : m_file(std::exchange(other.m_file, nullptr))
    , m_name(std::move(other.m_name))
    , m_buffer(std::move(other.m_buffer))
    , m_begin(other.m_begin)
    , m_end(other.m_end)
    , m_number(other.m_number) {}

LineReader::~LineReader() {
    if (m_file != nullptr && m_file != stdin)
        std::fclose(m_file);
}

Result<LineReader> LineReader::open(const std::string& file) {
    if (file == "-")
        return LineReader(stdin, "stdin");
    std::FILE* const in = std::fopen(file.c_str(), "rb");
    struct stat facts {};
    const bool folder =
        in != nullptr && ::fstat(::fileno(in), &facts) == 0 && S_ISDIR(facts.st_mode);
    if (in == nullptr || folder) {
        Error error;
        error.code = in == nullptr && errno == ENOENT   ? ErrorCode::NotFound
                     : in == nullptr && errno == EACCES ? ErrorCode::NotPermitted
                                                        : ErrorCode::Io;
        error.what = folder ? "it is a folder" : std::strerror(errno);
        error.where = file;
        error.tried = "reading the events";
        if (in != nullptr)
            std::fclose(in);
        return error;
    }
    return LineReader(in, file);
}

/// Reads on behind what is left. False: nothing came.
bool LineReader::fill() {
    if (m_at_end)
        return false;
    if (m_begin > 0) {
        std::memmove(m_buffer.data(), m_buffer.data() + m_begin, m_end - m_begin);
        m_end -= m_begin;
        m_begin = 0;
    }
    if (m_end == m_buffer.size())
        m_buffer.resize(m_buffer.size() * 2);
    const std::size_t read =
        std::fread(m_buffer.data() + m_end, 1, m_buffer.size() - m_end, m_file);
    m_end += read;
    if (read == 0) {
        m_at_end = true;
        m_failed = std::ferror(m_file) != 0;
    }
    return read > 0;
}

bool LineReader::next(std::string_view& line) {
    std::size_t looked = 0;
    m_too_long = false;
    for (;;) {
        const char* const from = m_buffer.data() + m_begin + looked;
        const std::size_t left = m_end - m_begin - looked;
        const void* const found = left == 0 ? nullptr : std::memchr(from, '\n', left);
        if (found != nullptr) {
            const std::size_t size =
                static_cast<std::size_t>(static_cast<const char*>(found) - m_buffer.data()) -
                m_begin;
            line = std::string_view(m_buffer.data() + m_begin, size);
            m_begin += size + 1;
            ++m_number;
            break;
        }
        looked = m_end - m_begin;
        if (looked > line_bytes_max) { // let it go by; only its beginning is kept
            m_too_long = true;
            m_end = m_begin + 4'096;
            looked = 4'096;
        }
        if (!fill()) {
            if (m_begin == m_end || m_failed)
                return false;
            line = std::string_view(m_buffer.data() + m_begin, m_end - m_begin);
            m_begin = m_end;
            ++m_number;
            break;
        }
    }
    if (!line.empty() && line.back() == '\r')
        line.remove_suffix(1);
    return true;
}

} // namespace weir::cli
