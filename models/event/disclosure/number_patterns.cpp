// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Card, phone, social security and bank account numbers.
#include <string>

#include "connectors/base/characters.h"
#include "models/event/disclosure/value_patterns.h"

namespace weir::patterns {
namespace {

constexpr std::size_t digits_max = 24; // more in one run is none of these numbers

/// A longest run of digits and single separators, e.g. "4111 1111 1111 1111".
struct Run {
    std::size_t begin = 0, end = 0; // in the text
    std::size_t count = 0;          // of digits
    char digits[digits_max];
    std::size_t groups = 0;
    std::size_t group_sizes[digits_max];
    bool bracketed = false; // an area code in brackets
};

bool parts_digits(char ch) {
    return ch == ' ' || ch == '-' || ch == '.' || ch == '/' || ch == '(' || ch == ')';
}

bool bounded(std::string_view text, std::size_t begin, std::size_t end) {
    const bool before = begin == 0 || (!is_alnum(text[begin - 1]) && text[begin - 1] != '_');
    const bool after = end == text.size() || (!is_alnum(text[end]) && text[end] != '_');
    return before && after;
}

/// Whether what stands at the point is the fraction of a whole number: ".0", ".00".
bool is_zero_fraction(std::string_view text, std::size_t point) {
    std::size_t end = point + 1;
    while (end < text.size() && text[end] == '0')
        ++end;
    if (end == point + 1)
        return false;
    if (end == text.size())
        return true;
    const bool goes_on =
        parts_digits(text[end]) && end + 1 < text.size() && is_digit(text[end + 1]);
    return !goes_on && !is_alnum(text[end]) && text[end] != '_';
}

/// The next run at or after `from`; false at the end. Runs that are too long have count 0.
bool next_run(std::string_view text, std::size_t from, Run& run) {
    while (from < text.size() && !is_digit(text[from]))
        ++from;
    if (from == text.size())
        return false;
    run.count = 0;
    run.groups = 0;
    if (from > 0 && (is_alnum(text[from - 1]) || text[from - 1] == '_')) { // part of a word
        while (from < text.size() && is_alnum(text[from]))
            ++from;
        run.end = from;
        return true;
    }
    run.begin = from;
    run.bracketed = from > 0 && text[from - 1] == '(';
    bool too_long = false;
    std::size_t at = from;
    std::size_t separators = 0;
    for (; at < text.size() && separators <= 2; ++at) {
        if (!is_digit(text[at])) {
            if (!parts_digits(text[at]) || (text[at] == '.' && is_zero_fraction(text, at)))
                break;
            ++separators;
            continue;
        }
        if (run.count == digits_max) {
            too_long = true;
        } else {
            if (separators > 0 || run.groups == 0)
                run.group_sizes[run.groups++] = 0;
            run.digits[run.count++] = text[at];
            ++run.group_sizes[run.groups - 1];
        }
        separators = 0;
        run.end = at + 1;
    }
    if (too_long || !bounded(text, run.begin, run.end))
        run.count = 0;
    return true;
}

int number_of(const Run& run, std::size_t digits) {
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i)
        value = value * 10 + (run.digits[i] - '0');
    return value;
}

/// Whether a card network issues numbers of this beginning and length.
bool is_issued(const Run& run) {
    const int two = number_of(run, 2);
    const int four = number_of(run, 4);
    const std::size_t n = run.count;
    if (two / 10 == 4)
        return n == 13 || n == 16 || n == 19;
    if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720))
        return n == 16;
    if (two == 34 || two == 37)
        return n == 15;
    if (two == 30 || two == 36 || two == 38 || two == 39)
        return n == 14;
    return (two == 35 || two == 62 || two == 64 || two == 65 || four == 6011) && n >= 16 && n <= 19;
}

bool passes_luhn(const Run& run) {
    int sum = 0;
    for (std::size_t i = 0; i < run.count; ++i) {
        int digit = run.digits[run.count - 1 - i] - '0';
        if (i % 2 == 1)
            digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        sum += digit;
    }
    return sum % 10 == 0;
}

bool is_card(const Run& run) {
    if (run.count < 13 || run.count > 19 || !is_issued(run))
        return false;
    for (std::size_t g = 0; run.groups > 1 && g < run.groups; ++g)
        if (run.group_sizes[g] < 3 || run.group_sizes[g] > 7)
            return false;
    return passes_luhn(run);
}

constexpr std::size_t phone_digits_min = 8;
constexpr std::size_t phone_digits_max = 15;

/// A link that dials it. Some such numbers would pass for a card's.
bool is_dialled(std::string_view text, const Run& run) {
    if (run.count < phone_digits_min || run.count > phone_digits_max)
        return false;
    const std::string_view before = text.substr(0, run.begin);
    const auto follows = [&](std::string_view scheme) {
        return before.size() >= scheme.size() &&
               before.substr(before.size() - scheme.size()) == scheme;
    };
    return follows("tel:") || follows("sms:") || follows("wa.me/");
}

bool is_phone(std::string_view text, const Run& run) {
    if (run.count < phone_digits_min || run.count > phone_digits_max)
        return false;
    const bool plus = run.begin > 0 && text[run.begin - 1] == '+';
    const bool plus_bracket = run.begin > 1 && run.bracketed && text[run.begin - 2] == '+';
    if (plus || plus_bracket)
        return true;
    if (run.digits[0] == '0' && run.digits[1] == '0' && run.digits[2] != '0' && run.groups == 1)
        return run.count >= 12; // 00 in the place of the plus
    const std::size_t* sizes = run.group_sizes;
    if (run.digits[0] == '0') // a national number: 030 1234567, 0171/123 45 67, 0049 30 …
        return run.groups >= 2 && run.count >= 9 && sizes[0] >= 3 && sizes[0] <= 5;
    const std::size_t area = run.groups == 4 && sizes[0] == 1 && run.digits[0] == '1' ? 1 : 0;
    return run.groups == area + 3 && sizes[area] == 3 && sizes[area + 1] == 3 &&
           sizes[area + 2] == 4;
}

bool is_ssn(std::string_view text, const Run& run) {
    return run.groups == 3 && run.group_sizes[0] == 3 && run.group_sizes[1] == 2 &&
           run.group_sizes[2] == 4 && text[run.begin + 3] == '-' && text[run.begin + 6] == '-';
}

} // namespace

FieldClass class_of_numbers(std::string_view text) {
    Run run;
    for (std::size_t from = 0; next_run(text, from, run); from = run.end) {
        if (run.count == 0)
            continue;
        if (is_dialled(text, run))
            return FieldClass::Phone;
        if (is_card(run))
            return FieldClass::Card;
        if (is_ssn(text, run))
            return FieldClass::NationalId;
        if (is_phone(text, run))
            return FieldClass::Phone;
    }
    return FieldClass::None;
}

bool is_iban(std::string_view text) {
    constexpr std::size_t shortest = 15;
    constexpr std::size_t longest = 34;
    if (text.size() < shortest || !is_letter(text[0]) || !is_letter(text[1]) ||
        !is_digit(text[2]) || !is_digit(text[3]))
        return false;
    std::string plain;
    for (const char ch : text) {
        if (ch == ' ')
            continue;
        if (!is_alnum(ch) || plain.size() == longest)
            return false;
        plain += lower(ch);
    }
    if (plain.size() < shortest)
        return false;
    int rest = 0; // ISO 13616: the first four to the end, letters as 10 to 35, modulo 97 is 1
    for (std::size_t i = 0; i < plain.size(); ++i) {
        const char ch = plain[(i + 4) % plain.size()];
        rest = (is_digit(ch) ? rest * 10 + (ch - '0') : rest * 100 + (ch - 'a' + 10)) % 97;
    }
    return rest == 1;
}

} // namespace weir::patterns
