// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/disclosure/quotation.h"

#include "models/event/json/json_tape.h"

namespace weir {

namespace {

bool is_hex(std::string_view digits) {
    return digits.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

/// Bytes of JSON's escape at the front of `text`; 0: it is none.
std::size_t escape_size(std::string_view text) {
    constexpr std::size_t unicode_bytes = 6;
    if (text.size() < 2)
        return 0;
    if (text[1] != 'u')
        return std::string_view("\"\\/bfnrt").find(text[1]) != std::string_view::npos ? 2 : 0;
    return text.size() >= unicode_bytes && is_hex(text.substr(2, 4)) ? unicode_bytes : 0;
}

/// With what reads as JSON's escapes unescaped; anything else stays.
std::string unescaped_where_it_can_be(std::string_view text) {
    std::string valid; // every lone backslash escaped
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t escape = text[i] == '\\' ? escape_size(text.substr(i)) : 1;
        if (escape == 0)
            valid += "\\\\";
        else
            valid += text.substr(i, escape);
        i += escape == 0 ? 1 : escape;
    }
    std::string out;
    append_unescaped(valid, out);
    return out;
}

std::string_view without_quotes(std::string_view text) {
    const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
    return quoted ? text.substr(1, text.size() - 2) : text;
}

} // namespace

Quotation::Quotation(std::string text)
    : m_text(std::move(text))
    , m_cut(m_text.find("…") != std::string::npos) {
    if (m_text.find('\\') != std::string::npos)
        m_unescaped = unescaped_where_it_can_be(m_text);
}

bool Quotation::repeats(std::string_view value) const {
    if (value.size() < quoted_bytes_min)
        return !value.empty() && value == without_quotes(m_text);
    const std::string_view beginning = value.substr(0, beginning_bytes);
    return m_text.find(beginning) != std::string::npos ||
           m_unescaped.find(beginning) != std::string::npos;
}

} // namespace weir
