// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/schema/pattern_beginning.h"

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

} // namespace

std::string literal_beginning(std::string_view pattern) {
    if (!pattern.starts_with('^') || pattern.find('|') != std::string_view::npos)
        return {};
    std::string literal;
    for (std::size_t i = 1; i < pattern.size(); ++i) {
        const char ch = pattern[i];
        const bool escaped = ch == '\\' && i + 1 < pattern.size() && !is_alnum(pattern[i + 1]);
        if (!escaped && std::string_view("\\.[](){}+*?$^").find(ch) != std::string_view::npos) {
            // What may be there or not, or again, is not sure to be there.
            if (ch == '?' || ch == '*' || ch == '{')
                pop_character(literal);
            break;
        }
        literal += escaped ? pattern[++i] : ch;
    }
    return literal;
}

} // namespace weir::schema
