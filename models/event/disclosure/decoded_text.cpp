// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/disclosure/decoded_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "connectors/base/base64.h"
#include "connectors/base/characters.h"
#include "models/event/json/utf8.h"

namespace weir {
namespace {

constexpr std::uint32_t ascii_end = 0x80;
constexpr std::uint32_t no_character = UINT32_MAX;

/// Exactly `count` hex digits at `at`, or no_character.
std::uint32_t hex_at(std::string_view text, std::size_t at, std::size_t count) {
    if (at + count > text.size())
        return no_character;
    std::uint32_t value = 0;
    for (const char ch : text.substr(at, count)) {
        if (!is_hex(ch))
            return no_character;
        value = value * 16 + static_cast<std::uint32_t>(hex_value(ch));
    }
    return value;
}

void append_utf8(std::uint32_t c, std::string& out) {
    const auto byte = [&out](std::uint32_t b) { out += static_cast<char>(b); };
    if (c < ascii_end) {
        byte(c);
    } else if (c < 0x800) {
        byte(0xC0 | c >> 6);
        byte(0x80 | (c & 0x3F));
    } else {
        byte(0xE0 | (c >> 12 & 0x0F));
        byte(0x80 | (c >> 6 & 0x3F));
        byte(0x80 | (c & 0x3F));
    }
}

/// A character reference `&#64;` or `&#x40;` at `at`: bytes taken, 0 if it is none.
std::size_t reference_at(std::string_view text, std::size_t at, std::uint32_t& c) {
    constexpr std::size_t digits_max = 6;
    std::size_t digit = at + 2;
    if (text.compare(at, 2, "&#") != 0)
        return 0;
    const bool hex = digit < text.size() && lower(text[digit]) == 'x';
    digit += hex ? 1 : 0;
    const std::size_t first = digit;
    c = 0;
    for (; digit < text.size() && digit < first + digits_max; ++digit) {
        if (hex ? !is_hex(text[digit]) : !is_digit(text[digit]))
            break;
        c = c * (hex ? 16 : 10) + static_cast<std::uint32_t>(hex_value(text[digit]));
    }
    if (digit == first || c > 0xFFFF)
        return 0;
    return digit - at + (digit < text.size() && text[digit] == ';' ? 1 : 0);
}

/// The escape at `at`, which is % \ or &; appends what it says. Bytes taken, 0 if it is none.
std::size_t take_escape(std::string_view text, std::size_t at, std::string& out) {
    const bool percent = text[at] == '%';
    const char next = at + 1 < text.size() ? lower(text[at + 1]) : '\0';
    if (percent && is_hex(next)) {
        const std::uint32_t byte = hex_at(text, at + 1, 2);
        if (byte == no_character)
            return 0;
        out += static_cast<char>(byte);
        return 3;
    }
    std::uint32_t c = no_character;
    std::size_t size = 0;
    if (next == 'u' && text[at] != '&') {
        c = hex_at(text, at + 2, 4);
        size = 6;
    } else if (next == 'x' && text[at] == '\\') {
        c = hex_at(text, at + 2, 2);
        size = 4;
    } else if (next == '#') {
        size = reference_at(text, at, c);
    }
    if (size == 0 || c == no_character)
        return 0;
    append_utf8(c, out);
    return size;
}

/// One round; false: there was no escape.
bool decode_once(std::string_view text, std::string& out) {
    out.clear();
    bool any = false;
    for (std::size_t at = 0; at < text.size();) {
        const char ch = text[at];
        const std::size_t taken =
            ch == '%' || ch == '\\' || ch == '&' ? take_escape(text, at, out) : 0;
        any = any || taken > 0;
        if (taken == 0)
            out += ch;
        at += std::max<std::size_t>(taken, 1);
    }
    return any;
}

bool is_control(char ch) {
    return static_cast<unsigned char>(ch) < 0x20 && ch != '\t' && ch != '\n' && ch != '\r';
}

/// Whether bytes that begin with a character below 0x80 are base64 with this one in front.
bool begins_ascii(char ch) {
    return (ch >= 'A' && ch <= 'Z') || (ch >= 'a' && ch <= 'f');
}

constexpr std::array<bool, 256> base64_table() {
    std::array<bool, 256> table{};
    for (std::size_t ch = 0; ch < ascii_end; ++ch)
        table[ch] = is_base64url(static_cast<char>(ch)) || ch == '+' || ch == '/';
    return table;
}
constexpr auto base64_characters = base64_table();

} // namespace

Unescaped decode_escapes(std::string_view text, std::string& out) {
    const auto holds = [&text](char ch) { return text.find(ch) != std::string_view::npos; };
    if ((!holds('%') && !holds('\\') && !holds('&')) || !decode_once(text, out))
        return Unescaped::Same;
    std::string next;
    for (int round = 1; round < decode_rounds_max; ++round) {
        if (!decode_once(out, next))
            return Unescaped::Decoded;
        out.swap(next);
    }
    return decode_once(out, next) ? Unescaped::TooDeep : Unescaped::Decoded;
}

bool decode_wrapped_text(std::string_view text, std::string& out) {
    constexpr std::size_t shortest = 11; // 8 bytes: no shorter text says whom it means
    while (!text.empty() && text.back() == '=')
        text.remove_suffix(1);
    if (text.size() < shortest || text.size() % 4 == 1 || !begins_ascii(text.front()))
        return false;
    for (const char ch : text)
        if (!base64_characters[static_cast<unsigned char>(ch)])
            return false;
    // Most words are base64 of no text, which their beginning tells.
    constexpr std::size_t beginning = 8;
    const auto holds_text = [&out](std::string_view encoded) {
        std::optional<std::string> bytes = base64_decoded(encoded);
        if (!bytes || std::any_of(bytes->begin(), bytes->end(), is_control))
            return false;
        out = std::move(*bytes);
        return true;
    };
    return holds_text(text.substr(0, beginning)) && holds_text(text) && is_utf8(out);
}

bool unwrap_text(std::string_view text, std::string& out) {
    return decode_escapes(text, out) != Unescaped::Same || decode_wrapped_text(text, out);
}

} // namespace weir
