// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The lines of a file or of stdin, of any number. Thread contract: one owner. Bound: one line of
// line_bytes_max; what is longer is cut and told.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/base/result.h"

namespace weir::cli {

class LineReader {
  public:
    static constexpr std::size_t line_bytes_max = 64U << 20;

    /// "-" is stdin. Errors: NotFound, NotPermitted, Io.
    static Result<LineReader> open(const std::string& file);
    ~LineReader();
    LineReader(LineReader&& other) noexcept;
    LineReader(const LineReader&) = delete;

    /// The next line, without its end; valid until the next call. False: the end, or failed().
    bool next(std::string_view& line);
    std::uint64_t number() const { return m_number; } // of the last line, from 1
    bool too_long() const { return m_too_long; }      // the last line was cut
    bool failed() const { return m_failed; }

  private:
    LineReader(std::FILE* file, std::string name);
    bool fill();
    std::FILE* m_file;
    std::string m_name;
    std::vector<char> m_buffer;
    std::size_t m_begin = 0, m_end = 0; // what is not handed out yet
    std::uint64_t m_number = 0;
    bool m_at_end = false;
    bool m_too_long = false;
    bool m_failed = false;
};

} // namespace weir::cli
