// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Numbers in as few bytes as they need: seven bits a byte, least first (LEB128); signed ones with
// their sign folded into the lowest bit. Thread contract: pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace weir {

inline void append_varint(std::uint64_t value, std::string& out) {
    for (; value >= 0x80; value >>= 7)
        out += static_cast<char>(value | 0x80);
    out += static_cast<char>(value);
}

/// Takes a number off the front of `in`. False: there is none.
inline bool read_varint(std::string_view& in, std::uint64_t& value) {
    value = 0;
    for (unsigned shift = 0; shift < 64 && !in.empty(); shift += 7) {
        const auto byte = static_cast<std::uint8_t>(in.front());
        in.remove_prefix(1);
        value |= std::uint64_t{byte & 0x7fU} << shift;
        if (byte < 0x80)
            return shift < 63 || byte <= 1;
    }
    return false;
}

inline void append_signed_varint(std::int64_t value, std::string& out) {
    append_varint(
        (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63), out);
}

inline bool read_signed_varint(std::string_view& in, std::int64_t& value) {
    std::uint64_t folded = 0;
    if (!read_varint(in, folded))
        return false;
    value = static_cast<std::int64_t>(folded >> 1) ^ -static_cast<std::int64_t>(folded & 1);
    return true;
}

} // namespace weir
