// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/enrich/scaled_number.h"

#include <algorithm>

#include "models/event/decimal.h"

namespace weir::sandbox {
namespace {

constexpr std::size_t digits_max = 18;
constexpr std::int64_t exponent_max = 18;

/// ±whole × 10^exponent; at most 18 digits times a factor of 64 bits.
struct Product {
    bool negative = false;
    unsigned __int128 whole = 0;
    std::int64_t exponent = 0;
};

std::optional<Product> product_of(std::string_view number, Factor by) {
    if (!is_decimal(number))
        return {};
    const DecimalParts parts = split_decimal(number);
    Product product{parts.negative && !parts.is_zero(), 0, 0};
    if (parts.is_zero())
        return product;
    std::size_t digits = 0;
    for (const char c : parts.digits)
        if (c != '.') {
            product.whole = product.whole * 10 + static_cast<unsigned>(c - '0');
            if (++digits > digits_max)
                return {};
        }
    product.exponent = parts.exponent() + by.exponent;
    if (product.exponent > exponent_max || product.exponent < -exponent_max)
        return {};
    product.whole *= static_cast<unsigned __int128>(by.number);
    return product;
}

/// The digits with a point before the last `decimals` of them.
std::string text_of(bool negative, unsigned __int128 whole, std::int64_t decimals) {
    std::string digits;
    for (; whole > 0; whole /= 10)
        digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(whole % 10)));
    while (static_cast<std::int64_t>(digits.size()) <= decimals)
        digits.insert(digits.begin(), '0');
    if (decimals > 0)
        digits.insert(digits.size() - static_cast<std::size_t>(decimals), ".");
    return (negative ? "-" : "") + digits;
}

} // namespace

std::optional<std::string> scaled(std::string_view number, Factor by) {
    auto product = product_of(number, by);
    if (!product)
        return {};
    while (product->exponent < 0 && product->whole % 10 == 0) {
        product->whole /= 10;
        ++product->exponent;
        if (product->whole == 0)
            return "0";
    }
    std::string text =
        text_of(product->negative, product->whole, std::max<std::int64_t>(-product->exponent, 0));
    if (product->exponent > 0 && product->whole > 0)
        text.append(static_cast<std::size_t>(product->exponent), '0');
    return text;
}

std::optional<std::string> scaled_to(std::string_view number, Factor by, int decimals) {
    const auto product = product_of(number, by);
    if (!product)
        return {};
    unsigned __int128 whole = product->whole;
    std::int64_t shift = product->exponent + decimals;
    if (shift > 0 && whole > (static_cast<unsigned __int128>(1) << 60))
        return {}; // what it would be has no business being an amount
    for (; shift > 0; --shift)
        whole *= 10;
    unsigned __int128 divisor = 1;
    for (; shift < 0; ++shift)
        divisor *= 10;
    const unsigned __int128 rest = whole % divisor;
    whole /= divisor;
    if (rest * 2 > divisor || (rest * 2 == divisor && whole % 2 == 1))
        ++whole;
    return text_of(product->negative && whole > 0, whole, decimals);
}

} // namespace weir::sandbox
