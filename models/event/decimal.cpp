// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/decimal.h"

#include <algorithm>

#include "connectors/base/characters.h"

namespace weir {

namespace {

constexpr std::int64_t exponent_max = 1'000'000'000'000'000;

std::int64_t parse_exponent(std::string_view text) {
    const bool negative = text.front() == '-';
    if (negative || text.front() == '+')
        text.remove_prefix(1);
    std::int64_t value = 0;
    for (const char c : text)
        value = std::min(value * 10 + (c - '0'), exponent_max);
    return negative ? -value : value;
}

} // namespace

DecimalParts split_decimal(std::string_view text) {
    DecimalParts parts;
    parts.negative = text.front() == '-';
    if (parts.negative || text.front() == '+')
        text.remove_prefix(1);
    std::size_t end = 0;
    std::size_t whole = std::string_view::npos; // digits before the point
    while (end < text.size() && (is_digit(text[end]) || text[end] == '.')) {
        if (text[end] == '.')
            whole = end;
        ++end;
    }
    const std::int64_t exponent = end < text.size() ? parse_exponent(text.substr(end + 1)) : 0;
    if (whole == std::string_view::npos)
        whole = end;
    std::size_t first = 0;
    while (first < end && (text[first] == '0' || text[first] == '.'))
        ++first;
    if (first == end)
        return {}; // zero has no sign
    std::size_t last = end;
    while (text[last - 1] == '0' || text[last - 1] == '.')
        --last;
    parts.digits = text.substr(first, last - first);
    const auto lead = static_cast<std::int64_t>(first);
    const auto point = static_cast<std::int64_t>(whole);
    parts.magnitude = (first < whole ? point - lead : point - lead + 1) + exponent;
    return parts;
}

std::int64_t DecimalParts::exponent() const {
    const auto points = digits.find('.') == std::string_view::npos ? 0 : 1;
    return magnitude - (static_cast<std::int64_t>(digits.size()) - points);
}

bool is_decimal(std::string_view text) {
    std::size_t i = 0;
    const auto digits = [&] {
        const std::size_t begin = i;
        while (i < text.size() && is_digit(text[i]))
            ++i;
        return i > begin;
    };
    if (i < text.size() && (text[i] == '-' || text[i] == '+'))
        ++i;
    if (!digits())
        return false;
    if (i < text.size() && text[i] == '.') {
        ++i;
        if (!digits())
            return false;
    }
    if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
        ++i;
        if (i < text.size() && (text[i] == '-' || text[i] == '+'))
            ++i;
        if (!digits())
            return false;
    }
    return i == text.size();
}

Decimal::Decimal(std::string_view text) {
    const DecimalParts parts = split_decimal(text);
    m_negative = parts.negative;
    m_magnitude = parts.magnitude;
    for (const char c : parts.digits) {
        if (c != '.')
            m_digits.push_back(c);
    }
}

int Decimal::compare(std::string_view text) const {
    const DecimalParts parts = split_decimal(text);
    const bool zero = parts.is_zero();
    if (zero || m_digits.empty()) {
        if (zero && m_digits.empty())
            return 0;
        const bool negative = zero ? !m_negative : parts.negative;
        return negative ? -1 : 1;
    }
    if (parts.negative != m_negative)
        return parts.negative ? -1 : 1;
    const int larger = parts.negative ? -1 : 1; // the answer if the text is larger in size
    if (parts.magnitude != m_magnitude)
        return parts.magnitude > m_magnitude ? larger : -larger;
    std::size_t i = 0;
    for (const char c : parts.digits) {
        if (c == '.')
            continue;
        const char own = i < m_digits.size() ? m_digits[i] : '0';
        if (c != own)
            return c > own ? larger : -larger;
        ++i;
    }
    return i < m_digits.size() ? -larger : 0;
}

bool Decimal::to_int64(std::int64_t& value) const {
    if (m_digits.empty()) {
        value = 0;
        return true;
    }
    const auto count = static_cast<std::int64_t>(m_digits.size());
    if (m_magnitude < count || m_magnitude > 19)
        return false;
    // Built on the negative side, which reaches one further.
    std::int64_t sum = 0;
    for (std::int64_t i = 0; i < m_magnitude; ++i) {
        const int digit = i < count ? m_digits[static_cast<std::size_t>(i)] - '0' : 0;
        if (__builtin_mul_overflow(sum, std::int64_t{10}, &sum) ||
            __builtin_sub_overflow(sum, std::int64_t{digit}, &sum))
            return false;
    }
    if (!m_negative && sum == INT64_MIN)
        return false;
    value = m_negative ? sum : -sum;
    return true;
}

} // namespace weir
