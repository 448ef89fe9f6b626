// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/schema/exact_number.h"

#include <algorithm>
#include <charconv>

#include "connectors/base/characters.h"

namespace weir::schema {

namespace {

/// r = r × 10 + digit, least limb first.
void push_digit(std::vector<std::uint32_t>& r, std::uint32_t digit) {
    std::uint64_t carry = digit;
    for (std::uint32_t& limb : r) {
        carry += std::uint64_t{limb} * 10;
        limb = static_cast<std::uint32_t>(carry);
        carry >>= 32;
    }
    if (carry != 0)
        r.push_back(static_cast<std::uint32_t>(carry));
}

/// Whether a ≥ b; both of the same size or a longer by zeros or more.
bool at_least(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) {
    for (std::size_t i = std::max(a.size(), b.size()); i-- > 0;) {
        const std::uint32_t left = i < a.size() ? a[i] : 0;
        const std::uint32_t right = i < b.size() ? b[i] : 0;
        if (left != right)
            return left > right;
    }
    return true;
}

/// a -= b. REQUIRES: a ≥ b.
void subtract(std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) {
    std::int64_t borrow = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::int64_t limb = std::int64_t{a[i]} - borrow - (i < b.size() ? b[i] : 0U);
        borrow = limb < 0 ? 1 : 0;
        limb += borrow << 32;
        a[i] = static_cast<std::uint32_t>(limb);
    }
    while (!a.empty() && a.back() == 0)
        a.pop_back();
}

} // namespace

bool is_whole(std::string_view text, bool by_spelling) {
    const char* p = text.data() + (text.front() == '-' ? 1 : 0);
    const char* const end = text.data() + text.size();
    while (p < end && is_digit(*p))
        ++p;
    if (p == end)
        return true;
    if (by_spelling)
        return false;
    const DecimalParts parts = split_decimal(text);
    return parts.is_zero() || parts.exponent() >= 0;
}

Bound::Bound(std::string_view text)
    : m_text(text)
    , m_exact(text) {
    m_is_small = m_exact.to_int64(m_small);
}

int Bound::compare(std::string_view text) const {
    const bool negative = text.front() == '-';
    const char* p = text.data() + (negative ? 1 : 0);
    const char* const end = text.data() + text.size();
    if (!m_is_small || end - p > 18)
        return m_exact.compare(text);
    std::int64_t whole = 0;
    while (p < end && is_digit(*p))
        whole = whole * 10 + (*p++ - '0');
    bool fraction = false;
    if (p < end && *p == '.')
        while (++p < end && is_digit(*p))
            fraction = fraction || *p != '0';
    if (p < end)
        return m_exact.compare(text); // an exponent
    const std::int64_t value = negative ? -whole : whole;
    if (value != m_small)
        return value < m_small ? -1 : 1;
    if (!fraction)
        return 0;
    return negative ? -1 : 1;
}

Divisor::Divisor(std::string_view text)
    : m_text(text) {
    const DecimalParts parts = split_decimal(text);
    m_exponent = parts.exponent();
    std::string digits;
    for (const char c : parts.digits)
        if (c != '.')
            digits.push_back(c);
    if (digits.size() <= 18) {
        std::from_chars(digits.data(), digits.data() + digits.size(), m_small);
        m_zeros_max = 64;
        return;
    }
    for (const char c : digits)
        push_digit(m_large, static_cast<std::uint32_t>(c - '0'));
    m_zeros_max = 32 * m_large.size();
}

bool Divisor::divides(std::string_view text) const {
    const DecimalParts parts = split_decimal(text);
    if (parts.is_zero())
        return true;
    const std::int64_t exponent = parts.exponent() - m_exponent;
    if (exponent < 0) // the digits do not end in 0, so no power of ten divides them
        return false;
    // Ten to the n divides by all twos and fives of the divisor once n is as large as its bits.
    const auto zeros = std::min(static_cast<std::uint64_t>(exponent), m_zeros_max);
    if (m_small == 0)
        return divides_large(parts.digits, zeros);
    unsigned __int128 rest = 0;
    for (const char c : parts.digits)
        if (c != '.')
            rest = (rest * 10 + static_cast<unsigned>(c - '0')) % m_small;
    for (std::uint64_t i = 0; i < zeros && rest != 0; ++i)
        rest = rest * 10 % m_small;
    return rest == 0;
}

bool Divisor::divides_large(std::string_view digits, std::uint64_t zeros) const {
    std::vector<std::uint32_t> rest;
    const auto push = [&](std::uint32_t digit) {
        push_digit(rest, digit);
        while (at_least(rest, m_large))
            subtract(rest, m_large);
    };
    for (const char c : digits)
        if (c != '.')
            push(static_cast<std::uint32_t>(c - '0'));
    for (std::uint64_t i = 0; i < zeros && !rest.empty(); ++i)
        push(0);
    return rest.empty();
}

std::uint64_t number_hash(std::string_view text) {
    const DecimalParts parts = split_decimal(text);
    std::uint64_t hash = parts.negative ? 0x9E3779B97F4A7C15ULL : 0xC2B2AE3D27D4EB4FULL;
    if (parts.is_zero())
        return 0x165667B19E3779F9ULL;
    hash ^= static_cast<std::uint64_t>(parts.magnitude);
    for (const char c : parts.digits)
        if (c != '.')
            hash = (hash ^ static_cast<std::uint64_t>(c)) * 0x100000001B3ULL;
    return hash;
}

} // namespace weir::schema
