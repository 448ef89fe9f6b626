// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The forms that a token can have; for Tokeniser alone. Thread contract: plain functions; a Draw
// has one owner.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "models/event/disclosure/field_classes.h"

namespace weir::tokens {

/// Numbers drawn from HMAC-SHA-256(key, value, try, block): the same ones every time.
class Draw {
  public:
    Draw(std::string_view key, std::string_view value, int attempt);
    std::uint8_t byte();
    /// Below `limit`, close to evenly. REQUIRES: limit > 0.
    std::uint32_t below(std::uint32_t limit);
    char hex();
    std::uint64_t word();
    char digit() { return static_cast<char>('0' + below(10)); }

  private:
    void refill();
    std::string_view m_key, m_value;
    std::array<std::uint8_t, 32> m_block{};
    std::size_t m_used = 32;
    std::uint32_t m_blocks = 0;
    int m_attempt;
};

/// `characters_max` (0: any) makes what is longer than it has to be shorter.
std::string text(std::string_view value, std::string_view reason, std::size_t characters_max,
                 Draw& draw);
/// Letters for letters, digits for digits; the first and the last bytes that are kept stay.
struct Kept {
    std::size_t first = 0, last = 0; // bytes
};
std::string alike(std::string_view value, Kept kept, Draw& draw);
/// As alike(); what of a text says where it belongs, not whose it is, stays as well: the domain of
/// an e-mail address; of a link the scheme and the end of the host, but nothing before an @ in it.
std::string alike_in_place(std::string_view value, Kept kept, Draw& draw);
/// The first `kept` digits stay.
std::string number(std::string_view digits, std::size_t kept, Draw& draw);
/// A multiple of `step` of as many digits, within [least, most] where these are known; empty: there
/// are not two of them, or `digits` is no whole number of 64 bits.
std::string multiple(std::string_view digits, const FormHints& hints, Draw& draw);

} // namespace weir::tokens
