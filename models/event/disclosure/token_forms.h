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

namespace weir::tokens {

/// Numbers drawn from HMAC-SHA-256(key, value, try, block): the same ones every time.
class Draw {
  public:
    Draw(std::string_view key, std::string_view value, int attempt);
    std::uint8_t byte();
    /// Below `limit`, close to evenly. REQUIRES: limit > 0.
    std::uint32_t below(std::uint32_t limit);
    char hex();
    char digit() { return static_cast<char>('0' + below(10)); }

  private:
    void refill();
    std::string_view m_key, m_value;
    std::array<std::uint8_t, 32> m_block{};
    std::size_t m_used = 32;
    std::uint32_t m_blocks = 0;
    int m_attempt;
};

std::string text(std::string_view value, std::string_view reason, Draw& draw);
/// The first `kept` digits stay.
std::string number(std::string_view digits, std::size_t kept, Draw& draw);

} // namespace weir::tokens
