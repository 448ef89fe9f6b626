// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Decimal numbers compared as text, exactly: no detour through double, any number of digits.
// 1e2 == 100 == 100.0, and -7210194211959421178 keeps every digit.
//
// Thread contract: plain values and free functions. Bound: exponents are clamped to ±10^15; beyond
// that only the sign of a difference in magnitude counts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace weir {

/// Sign, digits (optionally with one point), optionally an exponent: JSON's grammar, and leading
/// zeros and a plus sign as people and headers write them.
bool is_decimal(std::string_view text);

/// Where the parts of a decimal's text lie: ±0.d1d2d3… × 10^magnitude.
struct DecimalParts {
    bool negative = false;
    std::string_view digits; // without zeros at either end; may hold the point; empty: zero
    std::int64_t magnitude = 0;

    /// The value is the digits, as a whole number, × 10^exponent.
    std::int64_t exponent() const;
    bool is_zero() const { return digits.empty(); }
};
/// REQUIRES: is_decimal(text)
DecimalParts split_decimal(std::string_view text);

/// A number prepared for many comparisons: ±0.d1d2d3… × 10^magnitude.
class Decimal {
  public:
    Decimal() = default;
    /// REQUIRES: is_decimal(text)
    explicit Decimal(std::string_view text);

    /// Less than, equal to or greater than 0 as `text` is to this number. REQUIRES:
    /// is_decimal(text)
    int compare(std::string_view text) const;

    /// The value, if it is whole and fits.
    bool to_int64(std::int64_t& value) const;

  private:
    bool m_negative = false;
    std::string m_digits; // no leading and no trailing zeros; empty: zero
    std::int64_t m_magnitude = 0;
};

} // namespace weir
