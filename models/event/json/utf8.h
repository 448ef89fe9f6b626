// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
// Thread contract: pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weir {

/// Bytes of the well-formed sequence at `p` (1 to 4), 0 if there is none. REQUIRES: p < end.
inline std::size_t utf8_sequence(const char* p, const char* end) {
    const auto byte = [p](int i) { return static_cast<unsigned char>(p[i]); };
    const auto tail = [&](int i) { return (byte(i) & 0xC0U) == 0x80U; };
    const unsigned char lead = byte(0);
    if (lead < 0x80)
        return 1;
    const auto left = end - p;
    if (lead < 0xE0)
        return lead >= 0xC2 && left >= 2 && tail(1) ? 2 : 0;
    if (lead < 0xF0) {
        if (left < 3 || !tail(1) || !tail(2))
            return 0;
        if (lead == 0xE0)
            return byte(1) >= 0xA0 ? 3 : 0;
        return lead == 0xED && byte(1) >= 0xA0 ? 0 : 3;
    }
    if (lead > 0xF4 || left < 4 || !tail(1) || !tail(2) || !tail(3))
        return 0;
    if (lead == 0xF0)
        return byte(1) >= 0x90 ? 4 : 0;
    return lead == 0xF4 && byte(1) >= 0x90 ? 0 : 4;
}

/// Offset of the first byte that is not UTF-8, or text.size().
std::size_t utf8_valid_prefix(std::string_view text);
inline bool is_utf8(std::string_view text) {
    return utf8_valid_prefix(text) == text.size();
}

/// Appends one code point. REQUIRES: a Unicode scalar value.
void append_utf8(char32_t code_point, std::string& out);

} // namespace weir
