// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ASCII classes that do not ask the locale. Thread contract: plain functions.
#pragma once

#include <string>
#include <string_view>

namespace weir {

constexpr bool is_digit(char ch) {
    return ch >= '0' && ch <= '9';
}
constexpr bool is_letter(char ch) {
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
}
constexpr bool is_alnum(char ch) {
    return is_digit(ch) || is_letter(ch);
}
constexpr bool is_hex(char ch) {
    return is_digit(ch) || (ch >= 'a' && ch <= 'f') || (ch >= 'A' && ch <= 'F');
}
constexpr bool is_base64url(char ch) {
    return is_alnum(ch) || ch == '-' || ch == '_';
}
constexpr char lower(char ch) {
    return ch >= 'A' && ch <= 'Z' ? static_cast<char>(ch + 32) : ch;
}
inline std::string lower(std::string_view text) {
    std::string out(text);
    for (char& ch : out)
        ch = lower(ch);
    return out;
}
/// What a hex digit stands for; -1 for what is none.
constexpr int hex_value(char ch) {
    if (is_digit(ch))
        return ch - '0';
    return is_hex(ch) ? lower(ch) - 'a' + 10 : -1;
}

} // namespace weir
