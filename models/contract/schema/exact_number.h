// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Numbers of JSON judged as text, exactly: no detour through double, any number of digits.
//
// Thread contract: immutable. Bound: time follows the digits there are, not the exponent.
// REQUIRES (all): the text is a number of JSON.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/event/decimal.h"

namespace weir::schema {

/// Whether the value is whole: 1, 1.0, 10e-1. `by_spelling`: only as digits (draft-04).
bool is_whole(std::string_view text, bool by_spelling);

/// A number that many others are compared with.
class Bound {
  public:
    explicit Bound(std::string_view text);
    /// Less than, equal to or greater than 0 as `text` is to this number.
    int compare(std::string_view text) const;
    const std::string& text() const { return m_text; }

  private:
    std::string m_text;
    Decimal m_exact;
    std::int64_t m_small = 0;
    bool m_is_small = false;
};

/// multipleOf.
class Divisor {
  public:
    /// REQUIRES: the number is above 0.
    explicit Divisor(std::string_view text);
    bool divides(std::string_view text) const;
    const std::string& text() const { return m_text; }

  private:
    bool divides_large(std::string_view digits, std::uint64_t zeros) const;

    std::string m_text;
    std::uint64_t m_small = 0;          // the digits as a number; 0: they need m_large
    std::vector<std::uint32_t> m_large; // least first
    std::int64_t m_exponent = 0;        // value = digits × 10^exponent
    std::uint64_t m_zeros_max = 0;      // more zeros behind a dividend change nothing
};

/// Equal numbers have equal hashes, however they are spelt.
std::uint64_t number_hash(std::string_view text);

} // namespace weir::schema
