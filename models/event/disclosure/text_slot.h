// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where a small table keeps what is known of a short text.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace weir {

/// Good enough to tell the names and values of one stream apart: below `slots`, by the first and
/// the last 8 bytes and the length.
inline std::size_t slot_of(std::string_view text, std::size_t slots) {
    std::uint64_t head = 0;
    std::uint64_t tail = 0;
    if (text.size() >= sizeof head) {
        std::memcpy(&head, text.data(), sizeof head);
        std::memcpy(&tail, text.data() + text.size() - sizeof tail, sizeof tail);
    } else {
        for (const char ch : text)
            head = head << 8 | static_cast<unsigned char>(ch);
    }
    const std::uint64_t mixed = (head + tail * 31 + text.size()) * 0x9E3779B97F4A7C15ULL;
    return static_cast<std::size_t>(mixed >> 40) % slots;
}

} // namespace weir
