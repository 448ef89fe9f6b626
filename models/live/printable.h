// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Bytes from outside as one line of text that shows what is there and steers nothing.
// Thread contract: pure functions. Bound: the output is at most about four times `bytes_max`.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weir {

inline constexpr std::size_t cell_bytes_max = 512;

/// What becomes of \n and \t, which are safe where a text has lines.
enum class LineBreaks { Escaped, Kept };

/// Control characters, line breaks, marks that turn the direction of writing, characters that are
/// not seen and bytes that are not UTF-8 are written as escapes (\n, \x1b, \u202e, \U000e0041);
/// what is longer than `bytes_max` ends in "…".
std::string printable(std::string_view bytes, std::size_t bytes_max = cell_bytes_max,
                      LineBreaks breaks = LineBreaks::Escaped);

/// JSON as a terminal may be given it: what printable() escapes and JSON lets stand in its strings
/// is written as \u009b there, a character beyond the first 65,536 as its two surrogates; a byte
/// that is not UTF-8 becomes U+FFFD. It reads as the same values.
std::string printable_json(std::string_view json);

/// What printable() writes as one: a character, or the escape of one or of a byte.
struct PrintableUnit {
    std::size_t bytes = 1;   // of what is given
    std::size_t columns = 1; // at most, of what is written; a character as wide as it has bytes
};
/// REQUIRES: at < bytes.size(). Line breaks are escaped.
PrintableUnit printable_unit(std::string_view bytes, std::size_t at);

/// Length in bytes of the UTF-8 character at `at`, or 0 if the bytes there are none.
std::size_t utf8_length(std::string_view bytes, std::size_t at);

} // namespace weir
