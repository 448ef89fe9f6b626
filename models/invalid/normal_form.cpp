// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/invalid/normal_form.h"

#include <algorithm>

#include "models/event/json/utf8.h"

namespace weir {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_space(char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '\x7f';
}

/// What may stand within a word or an id.
bool is_of_word(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '-' || c == '@' || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

/// "1.5", "shop.example", but not the full stop of a sentence.
bool joins(std::string_view text, std::size_t at) {
    return (text[at] == '.' || text[at] == ':' || text[at] == '/') && at + 1 < text.size() &&
           is_of_word(text[at + 1]);
}

std::string_view word_at(std::string_view text, std::size_t begin) {
    std::size_t end = begin;
    while (end < text.size()) {
        const bool scheme = end > begin && text.substr(end, 3) == "://";
        if (!scheme && !is_of_word(text[end]) && (end == begin || !joins(text, end)))
            break;
        end += scheme ? 3 : 1;
    }
    return text.substr(begin, end - begin);
}

bool is_quote(char c) {
    return c == '"' || c == '\'' || c == '`';
}

/// Where the quotation that begins at `at` ends; npos: it is no quotation (an apostrophe).
std::size_t closing_quote(std::string_view text, std::size_t at) {
    const bool opens = at == 0 || !is_of_word(text[at - 1]);
    return opens ? text.find(text[at], at + 1) : std::string_view::npos;
}

/// "UTF-8" and "http2" are words; "u17" and "4" are not.
bool is_name(std::string_view word) {
    const auto digits = std::count_if(word.begin(), word.end(), is_digit);
    const auto others = std::count_if(word.begin(), word.end(), [](char c) {
        return !is_digit(c) && is_of_word(c) && c != '-' && c != '_';
    });
    return digits == 0 || (digits == 1 && others > 1);
}

void append_word(std::string_view word, std::string& out) {
    const bool address =
        word.find('@') != std::string_view::npos || word.find("://") != std::string_view::npos;
    if (address || !is_name(word))
        out += '#';
    else
        out += word;
}

/// `text` as UTF-8, no longer than is looked at.
std::string readable(std::string_view text) {
    std::string out(text.substr(0, 4 * message_bytes_max));
    for (std::size_t bad = utf8_valid_prefix(out); bad < out.size(); bad = utf8_valid_prefix(out))
        out[bad] = '?';
    return out;
}

} // namespace

std::string normal_form(std::string_view message) {
    const std::string text = readable(message);
    std::string out;
    std::size_t at = 0;
    while (at < text.size() && out.size() <= message_bytes_max) {
        if (is_space(text[at])) {
            if (!out.empty() && out.back() != ' ')
                out += ' ';
            ++at;
        } else if (const std::size_t end =
                       is_quote(text[at]) ? closing_quote(text, at) : std::string_view::npos;
                   end != std::string_view::npos) {
            out += text[at];
            out += "…";
            out += text[at];
            at = end + 1;
        } else if (const std::string_view word = word_at(text, at); !word.empty()) {
            append_word(word, out);
            at += word.size();
        } else {
            out += text[at++];
        }
    }
    while (!out.empty() && out.back() == ' ')
        out.pop_back();
    if (out.size() > message_bytes_max || at < text.size()) {
        out.resize(std::min(out.size(), message_bytes_max));
        out.resize(utf8_valid_prefix(out));
        out += "…";
    }
    return out;
}

std::string general_pointer(std::string_view pointer) {
    std::string out;
    for (std::size_t at = 0; at < pointer.size();) {
        const std::size_t end = std::min(pointer.find('/', at + 1), pointer.size());
        const std::string_view token = pointer.substr(at, end - at);
        const bool number = token.size() > 1 && token.front() == '/' &&
                            std::all_of(token.begin() + 1, token.end(), is_digit);
        out += number ? std::string_view("/*") : token;
        at = end;
    }
    return out;
}

} // namespace weir
