// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/schema/plain_pattern.h"

#include <charconv>

namespace weir::schema {

namespace {

using Set = std::bitset<128>;
constexpr std::size_t pieces_max = 64;

/// REQUIRES: both are ASCII.
void add_range(Set& set, char first, char last) {
    for (auto c = static_cast<unsigned char>(first); c <= static_cast<unsigned char>(last); ++c)
        set.set(c);
}

/// What \d, \w and escaped punctuation stand for.
bool add_escape(Set& set, char c) {
    if (c == 'd' || c == 'w')
        add_range(set, '0', '9');
    if (c == 'w') {
        add_range(set, 'a', 'z');
        add_range(set, 'A', 'Z');
        add_range(set, '_', '_');
    }
    if (c == 'd' || c == 'w')
        return true;
    if (c <= ' ' || c == 0x7F || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
        (c >= 'A' && c <= 'Z'))
        return false;
    add_range(set, c, c);
    return true;
}

/// From behind '[' to behind ']'.
bool read_class(std::string_view text, std::size_t& i, Set& set) {
    if (i < text.size() && (text[i] == '^' || text[i] == ']'))
        return false;
    while (i < text.size() && text[i] != ']') {
        if (static_cast<signed char>(text[i]) < 0x20)
            return false;
        if (text[i] == '\\') {
            if (i + 1 >= text.size() || !add_escape(set, text[i + 1]))
                return false;
            i += 2;
            if (i < text.size() && text[i] == '-' && i + 1 < text.size() && text[i + 1] != ']')
                return false;
        } else if (i + 2 < text.size() && text[i + 1] == '-' && text[i + 2] != ']') {
            if (text[i + 2] == '\\' || static_cast<signed char>(text[i + 2]) < text[i])
                return false;
            add_range(set, text[i], text[i + 2]);
            i += 3;
        } else {
            add_range(set, text[i], text[i]);
            ++i;
        }
    }
    return i < text.size() && text[i++] == ']';
}

bool read_atom(std::string_view text, std::size_t& i, Set& set) {
    const char c = text[i++];
    if (c == '[')
        return read_class(text, i, set);
    if (c == '\\')
        return i < text.size() && add_escape(set, text[i++]);
    if (static_cast<signed char>(c) < 0x20 ||
        std::string_view("^$.|?*+(){}]").find(c) != std::string_view::npos)
        return false;
    add_range(set, c, c);
    return true;
}

bool read_count(std::string_view text, std::size_t& i, std::uint32_t& least, std::uint32_t& most) {
    const auto number = [&](std::uint32_t& value) {
        const auto [stop, failed] =
            std::from_chars(text.data() + i, text.data() + text.size(), value);
        i = static_cast<std::size_t>(stop - text.data());
        return failed == std::errc();
    };
    if (!number(least))
        return false;
    most = least;
    if (i < text.size() && text[i] == ',') {
        ++i;
        if (i < text.size() && text[i] == '}')
            most = UINT32_MAX;
        else if (!number(most))
            return false;
    }
    return i < text.size() && text[i++] == '}' && least <= most;
}

bool read_quantifier(std::string_view text, std::size_t& i, std::uint32_t& least,
                     std::uint32_t& most) {
    if (i >= text.size() || std::string_view("?*+{").find(text[i]) == std::string_view::npos)
        return true;
    const char c = text[i++];
    if (c == '{' && !read_count(text, i, least, most))
        return false;
    if (c == '?' || c == '*')
        least = 0;
    if (c == '*' || c == '+')
        most = UINT32_MAX;
    return i >= text.size() || text[i] != '?'; // lazy: the answer is the same, but leave it
}

} // namespace

bool PlainPattern::never_goes_back(const std::vector<Piece>& pieces) {
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        if (pieces[i].least == pieces[i].most)
            continue;
        for (std::size_t next = i + 1; next < pieces.size(); ++next) {
            if ((pieces[i].set & pieces[next].set).any())
                return false;
            if (pieces[next].least > 0)
                break;
        }
    }
    return true;
}

std::optional<PlainPattern> PlainPattern::parse(std::string_view pattern) {
    if (pattern.size() < 2 || pattern.front() != '^' || pattern.back() != '$')
        return std::nullopt;
    pattern = pattern.substr(1, pattern.size() - 2);
    if (!pattern.empty() && pattern.back() == '\\')
        return std::nullopt;
    PlainPattern plain;
    for (std::size_t i = 0; i < pattern.size();) {
        Piece piece;
        if (!read_atom(pattern, i, piece.set) ||
            !read_quantifier(pattern, i, piece.least, piece.most) ||
            plain.m_pieces.size() == pieces_max)
            return std::nullopt;
        plain.m_pieces.push_back(piece);
    }
    if (!never_goes_back(plain.m_pieces))
        return std::nullopt;
    return plain;
}

bool PlainPattern::matches(std::string_view text) const {
    std::size_t at = 0;
    for (const Piece& piece : m_pieces) {
        std::uint32_t count = 0;
        while (count < piece.most && at < text.size() &&
               static_cast<unsigned char>(text[at]) < 0x80 &&
               piece.set.test(static_cast<unsigned char>(text[at]))) {
            ++at;
            ++count;
        }
        if (count < piece.least)
            return false;
    }
    return at == text.size();
}

} // namespace weir::schema
