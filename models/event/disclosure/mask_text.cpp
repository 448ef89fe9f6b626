// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/disclosure/mask_text.h"

#include <algorithm>

#include "connectors/base/characters.h"
#include "models/event/json/utf8.h"

namespace weir {
namespace {

constexpr char number_mask = '9'; // never a leading zero
constexpr char exponent_mask = '0';
constexpr std::size_t unit_bytes = 6; // \uXXXX

bool is_ascii(char ch) {
    return static_cast<unsigned char>(ch) < 0x80;
}

bool is_number_char(char ch) {
    return is_digit(ch) || ch == '+' || ch == '-' || ch == '.' || ch == 'e' || ch == 'E';
}

/// The code unit of \uXXXX at `at`.
unsigned code_unit(std::string_view raw, std::size_t at) {
    unsigned value = 0;
    for (std::size_t i = at + 2; i < at + 6 && i < raw.size(); ++i) {
        const char ch = lower(raw[i]);
        value = value * 16 + static_cast<unsigned>(is_digit(ch) ? ch - '0' : ch - 'a' + 10);
    }
    return value;
}

bool is_escaped_unit(std::string_view raw, std::size_t at) {
    return at + 5 < raw.size() && raw[at] == '\\' && raw[at + 1] == 'u';
}

/// Whether two escaped units make one character.
bool is_pair_at(std::string_view raw, std::size_t at) {
    return code_unit(raw, at) >> 10 == 0xD800U >> 10 && is_escaped_unit(raw, at + unit_bytes) &&
           code_unit(raw, at + unit_bytes) >> 10 == 0xDC00U >> 10;
}

/// Masks \uXXXX (or a surrogate pair of them) at `at`; returns the bytes taken.
std::size_t append_masked_unit(std::string_view raw, std::size_t at, std::string& out) {
    const unsigned unit = code_unit(raw, at);
    if (unit < 0x80 && !is_alnum(static_cast<char>(unit))) {
        out.append(raw.substr(at, unit_bytes));
        return unit_bytes;
    }
    out.append(mask_character);
    return is_pair_at(raw, at) ? 2 * unit_bytes : unit_bytes;
}

/// Masks one character that is no escape; returns the bytes taken.
std::size_t append_masked_character(std::string_view text, std::size_t at, std::string& out) {
    const char ch = text[at];
    if (is_ascii(ch)) {
        if (is_alnum(ch))
            out.append(mask_character);
        else
            out += ch;
        return 1;
    }
    out.append(mask_character);
    return std::max<std::size_t>(1, utf8_sequence(text.data() + at, text.data() + text.size()));
}

} // namespace

void append_masked_text(std::string_view text, std::string& out) {
    for (std::size_t at = 0; at < text.size();)
        at += append_masked_character(text, at, out);
}

void append_masked_json(std::string_view raw, std::string& out) {
    for (std::size_t at = 0; at < raw.size();) {
        if (is_escaped_unit(raw, at)) {
            at += append_masked_unit(raw, at, out);
        } else if (raw[at] == '\\' && at + 1 < raw.size()) {
            out.append(raw.substr(at, 2)); // quotes, slashes and white space: part of the shape
            at += 2;
        } else {
            at += append_masked_character(raw, at, out);
        }
    }
}

std::size_t EscapedPlace::raw_at(std::size_t text_at) {
    while (m_text_at < text_at && m_raw_at < m_raw.size()) {
        std::size_t raw_size = 1;
        std::size_t text_size = 1;
        if (is_escaped_unit(m_raw, m_raw_at)) {
            const bool pair = is_pair_at(m_raw, m_raw_at);
            const unsigned unit = code_unit(m_raw, m_raw_at);
            raw_size = pair ? 2 * unit_bytes : unit_bytes;
            text_size = pair ? 4 : unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
        } else if (m_raw[m_raw_at] == '\\') {
            raw_size = 2;
        }
        m_raw_at += raw_size;
        m_text_at += text_size;
    }
    return m_raw_at;
}

void append_masked_number(std::string_view digits, std::string& out) {
    char mask = number_mask;
    for (const char ch : digits) {
        if (ch == 'e' || ch == 'E')
            mask = exponent_mask;
        out += is_digit(ch) ? mask : ch;
    }
}

bool could_be_made_by_masking(std::string_view literal) {
    if (literal.find(mask_character[0]) != std::string_view::npos)
        return true;
    const auto masked_digit = [](char ch) { return ch == number_mask || ch == exponent_mask; };
    if (std::none_of(literal.begin(), literal.end(), masked_digit))
        return false;
    // A number in JSON ends at white space or a structural character. A literal with neither lies
    // within a number or outside of all.
    if (std::all_of(literal.begin(), literal.end(), is_number_char))
        return true;
    return literal.find_first_of(" \t\r\n,:[]{}") != std::string_view::npos;
}

} // namespace weir
