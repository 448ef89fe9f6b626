// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/live/printable.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace weir {

namespace {

void escape_byte(unsigned char byte, std::string& out) {
    static constexpr char digits[] = "0123456789abcdef";
    switch (byte) {
    case '\n':
        out += "\\n";
        return;
    case '\r':
        out += "\\r";
        return;
    case '\t':
        out += "\\t";
        return;
    default:
        break;
    }
    out += "\\x";
    out += digits[byte >> 4];
    out += digits[byte & 15];
}

std::uint32_t code_point(std::string_view bytes, std::size_t at, std::size_t length) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[at + i]); };
    if (length == 2)
        return (byte(0) & 0x1Fu) << 6 | (byte(1) & 0x3Fu);
    if (length == 3)
        return (byte(0) & 0x0Fu) << 12 | (byte(1) & 0x3Fu) << 6 | (byte(2) & 0x3Fu);
    return (byte(0) & 0x07u) << 18 | (byte(1) & 0x3Fu) << 12 | (byte(2) & 0x3Fu) << 6 |
           (byte(3) & 0x3Fu);
}

struct CodePoints {
    std::uint32_t first, last;
};

/// What steers the text around it or is not seen itself, so that two texts look alike: Unicode's
/// control and format characters (Cc, Cf), line separators, and letters that are drawn as nothing.
/// Variation selectors are not among them: emoji are written with them.
constexpr CodePoints unseen[] = {
    {0x80, 0x9F},       {0xAD, 0xAD},       {0x34F, 0x34F},     {0x600, 0x605},
    {0x61C, 0x61C},     {0x6DD, 0x6DD},     {0x70F, 0x70F},     {0x890, 0x891},
    {0x8E2, 0x8E2},     {0x115F, 0x1160},   {0x17B4, 0x17B5},   {0x180E, 0x180E},
    {0x200B, 0x200F},   {0x2028, 0x202E},   {0x2060, 0x206F},   {0x3164, 0x3164},
    {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},   {0xFFF9, 0xFFFB},   {0x110BD, 0x110BD},
    {0x110CD, 0x110CD}, {0x13430, 0x1343F}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A},
    {0xE0000, 0xE0FFF},
};

bool steers(std::uint32_t c) {
    const auto* const range =
        std::lower_bound(std::begin(unseen), std::end(unseen), c,
                         [](const CodePoints& r, std::uint32_t at) { return r.last < at; });
    return range != std::end(unseen) && range->first <= c;
}

void append_hex_digits(std::uint32_t number, int count, std::string& out) {
    for (int shift = 4 * (count - 1); shift >= 0; shift -= 4)
        out += "0123456789abcdef"[(number >> shift) & 15];
}

void escape_code_point(std::uint32_t c, std::string& out) {
    out += c > 0xFFFF ? "\\U" : "\\u";
    append_hex_digits(c, c > 0xFFFF ? 8 : 4, out);
}

void escape_for_json(std::uint32_t c, std::string& out) {
    out += "\\u";
    if (c > 0xFFFF) {
        append_hex_digits(0xD800 + ((c - 0x10000) >> 10), 4, out);
        out += "\\u";
        c = 0xDC00 + ((c - 0x10000) & 0x3FF);
    }
    append_hex_digits(c, 4, out);
}

} // namespace

std::size_t utf8_length(std::string_view bytes, std::size_t at) {
    const auto first = static_cast<unsigned char>(bytes[at]);
    if (first < 0x80)
        return 1;
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || at + length > bytes.size())
        return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((static_cast<unsigned char>(bytes[at + i]) & 0xC0) != 0x80)
            return 0;
    }
    const std::uint32_t c = code_point(bytes, at, length);
    const bool overlong = (length == 3 && c < 0x800) || (length == 4 && c < 0x10000);
    const bool surrogate = c >= 0xD800 && c <= 0xDFFF;
    return overlong || surrogate || c > 0x10FFFF ? 0 : length;
}

std::string printable(std::string_view bytes, std::size_t bytes_max, LineBreaks breaks) {
    std::string out;
    out.reserve(std::min(bytes.size(), bytes_max) + 4);
    for (std::size_t at = 0; at < bytes.size();) {
        if (at >= bytes_max) {
            out += "…";
            break;
        }
        const auto byte = static_cast<unsigned char>(bytes[at]);
        if (breaks == LineBreaks::Kept && (byte == '\n' || byte == '\t')) {
            out += bytes[at++];
            continue;
        }
        const std::size_t length = utf8_length(bytes, at);
        if (length == 0 || byte < 0x20 || byte == 0x7F) {
            escape_byte(byte, out);
            ++at;
            continue;
        }
        if (length > 1 && steers(code_point(bytes, at, length)))
            escape_code_point(code_point(bytes, at, length), out);
        else
            out += bytes.substr(at, length);
        at += length;
    }
    return out;
}

std::string printable_json(std::string_view json) {
    std::string out;
    out.reserve(json.size());
    for (std::size_t at = 0; at < json.size();) {
        const std::size_t length = utf8_length(json, at);
        if (length == 0) {
            out += "\uFFFD";
        } else if (json[at] == '\x7F') {
            escape_for_json(0x7F, out);
        } else if (length > 1 && steers(code_point(json, at, length))) {
            escape_for_json(code_point(json, at, length), out);
        } else {
            out += json.substr(at, length);
        }
        at += std::max<std::size_t>(length, 1);
    }
    return out;
}

PrintableUnit printable_unit(std::string_view bytes, std::size_t at) {
    const auto byte = static_cast<unsigned char>(bytes[at]);
    if (byte >= 0x20 && byte < 0x7F)
        return {};
    const bool named = byte == '\n' || byte == '\r' || byte == '\t';
    const std::size_t length = utf8_length(bytes, at);
    if (length <= 1) // a control character, or no UTF-8: \n or \x1b
        return {1, named ? std::size_t{2} : std::size_t{4}};
    const std::uint32_t c = code_point(bytes, at, length);
    if (steers(c))
        return {length, c > 0xFFFF ? std::size_t{10} : std::size_t{6}};
    return {length, length};
}

} // namespace weir
