// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/disclosure/value_patterns.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "connectors/base/characters.h"
#include "models/event/decimal.h"

namespace weir {
namespace {

/// How often the characters come up that the patterns need.
struct Tally {
    std::size_t digits = 0, ats = 0, colons = 0, dots = 0;
};

constexpr int counter_bits = 16;
constexpr std::uint64_t counter_mask = (1U << counter_bits) - 1;

/// Per byte what it adds to four counters in one number.
constexpr std::array<std::uint64_t, 256> counter_table() {
    std::array<std::uint64_t, 256> table{};
    for (std::size_t ch = '0'; ch <= '9'; ++ch)
        table[ch] = 1;
    table['@'] = 1ULL << counter_bits;
    table[':'] = 1ULL << (2 * counter_bits);
    table['.'] = 1ULL << (3 * counter_bits);
    return table;
}
constexpr auto counters = counter_table();

Tally tally_of(std::string_view text) {
    Tally tally;
    while (!text.empty()) { // blocks that no counter can overflow in
        const std::string_view block = text.substr(0, counter_mask);
        std::uint64_t sum = 0;
        for (const char ch : block)
            sum += counters[static_cast<unsigned char>(ch)];
        tally.digits += sum & counter_mask;
        tally.ats += sum >> counter_bits & counter_mask;
        tally.colons += sum >> (2 * counter_bits) & counter_mask;
        tally.dots += sum >> (3 * counter_bits);
        text.remove_prefix(block.size());
    }
    return tally;
}

constexpr std::size_t shortest = 6; // a@b.co

} // namespace

bool patterns::is_uuid(std::string_view text) {
    if (text.size() != 36)
        return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        if (hyphen ? text[i] != '-' : !is_hex(text[i]))
            return false;
    }
    return true;
}

bool patterns::is_time(std::string_view text) {
    if (text.size() < 19 || text.size() > 35 || text[4] != '-' || text[7] != '-' ||
        (text[10] != 'T' && text[10] != ' ') || text[13] != ':' || text[16] != ':')
        return false;
    static constexpr std::size_t digits[] = {0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18};
    for (const std::size_t at : digits)
        if (!is_digit(text[at]))
            return false;
    for (const char ch : text.substr(19))
        if (!is_digit(ch) && ch != '.' && ch != '+' && ch != '-' && ch != ':' && ch != 'Z')
            return false;
    return true;
}

FieldClass class_of_text(std::string_view text) {
    if (text.size() < shortest || patterns::is_uuid(text) || patterns::is_time(text))
        return FieldClass::None;
    const Tally tally = tally_of(text);
    if (patterns::holds_token(text))
        return FieldClass::Token;
    if (tally.ats > 0 && tally.dots > 0 && patterns::holds_email(text))
        return FieldClass::Email;
    if (tally.digits >= 4 && tally.dots >= 3 && patterns::holds_ipv4(text))
        return FieldClass::Ip;
    if (tally.colons >= 2 && patterns::holds_ipv6(text))
        return FieldClass::Ip;
    if (tally.digits < 8)
        return FieldClass::None;
    const FieldClass number = patterns::class_of_numbers(text);
    if (number != FieldClass::None)
        return number;
    return patterns::is_iban(text) ? FieldClass::Iban : FieldClass::None;
}

/// By its value, however it is written: 4.111111111111111e15 is 4111111111111111.0.
FieldClass class_of_number(std::string_view number) {
    constexpr std::size_t card_digits_min = 13;
    constexpr std::size_t card_digits_max = 19;
    if (number.size() < card_digits_min && number.find_first_of("eE") == std::string_view::npos)
        return FieldClass::None;
    const DecimalParts parts = split_decimal(number);
    if (parts.exponent() < 0 || parts.magnitude < static_cast<std::int64_t>(card_digits_min) ||
        parts.magnitude > static_cast<std::int64_t>(card_digits_max))
        return FieldClass::None;
    std::array<char, card_digits_max> whole;
    whole.fill('0');
    std::copy_if(parts.digits.begin(), parts.digits.end(), whole.begin(), is_digit);
    const auto found =
        patterns::class_of_numbers({whole.data(), static_cast<std::size_t>(parts.magnitude)});
    return found == FieldClass::Card ? found : FieldClass::None;
}

} // namespace weir
