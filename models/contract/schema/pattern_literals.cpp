// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/schema/pattern_literals.h"

#include "connectors/base/characters.h"

namespace weir::schema {

namespace {

void pop_character(std::string& text) {
    while (!text.empty()) {
        const bool inner = (static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80U;
        text.pop_back();
        if (!inner)
            return;
    }
}

bool is_special(char ch) {
    return std::string_view("\\.[](){}+*?$^").find(ch) != std::string_view::npos;
}

/// The last byte of a class or of a count that begins there.
std::size_t end_of_bracket(std::string_view pattern, std::size_t begin) {
    const char closing = pattern[begin] == '[' ? ']' : '}';
    std::size_t at = begin + 1;
    while (at < pattern.size() && pattern[at] != closing)
        at += pattern[at] == '\\' ? 2 : 1;
    return at;
}

} // namespace

std::string literal_beginning(std::string_view pattern) {
    if (!pattern.starts_with('^') || pattern.find('|') != std::string_view::npos)
        return {};
    std::string literal;
    for (std::size_t i = 1; i < pattern.size(); ++i) {
        const char ch = pattern[i];
        const bool escaped = ch == '\\' && i + 1 < pattern.size() && !is_alnum(pattern[i + 1]);
        if (!escaped && is_special(ch)) {
            // What may be there or not, or again, is not sure to be there.
            if (ch == '?' || ch == '*' || ch == '{')
                pop_character(literal);
            break;
        }
        literal += escaped ? pattern[++i] : ch;
    }
    return literal;
}

std::string literal_end(std::string_view pattern) {
    if (!pattern.ends_with('$') || pattern.find('|') != std::string_view::npos)
        return {};
    std::string literal;
    for (std::size_t i = 0; i + 1 < pattern.size(); ++i) {
        const char ch = pattern[i];
        const bool escape = ch == '\\';
        const bool escaped = escape && !is_alnum(pattern[i + 1]);
        if (escaped && i + 2 == pattern.size())
            return {}; // the dollar itself
        if (escaped || !is_special(ch)) {
            literal += escaped ? pattern[++i] : ch;
            continue;
        }
        literal.clear(); // what follows is certain, what was before is not at the end
        if (escape)
            ++i;
        else if (ch == '[' || ch == '{')
            i = end_of_bracket(pattern, i);
    }
    return literal;
}

} // namespace weir::schema
