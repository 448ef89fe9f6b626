// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/workspace/duration.h"

#include <cmath>

#include "connectors/base/characters.h"

namespace weir {
namespace {

struct Unit {
    std::string_view name;
    std::int64_t us;
};
// The first name of a length is the one that is written.
constexpr Unit units[] = {{"d", 86'400'000'000},
                          {"h", 3'600'000'000},
                          {"min", 60'000'000},
                          {"m", 60'000'000},
                          {"s", 1'000'000},
                          {"ms", 1'000},
                          {"us", 1}};
constexpr int whole_digits_max = 9;
constexpr int fraction_digits_max = 6;

} // namespace

std::optional<std::int64_t> parse_duration_us(std::string_view text) {
    std::size_t at = 0;
    std::int64_t whole = 0;
    while (at < text.size() && is_digit(text[at]) && at < whole_digits_max)
        whole = whole * 10 + (text[at++] - '0');
    if (at == 0)
        return std::nullopt;
    std::int64_t millionths = 0;
    if (at < text.size() && text[at] == '.') {
        ++at;
        int digits = 0;
        for (; at < text.size() && is_digit(text[at]) && digits < fraction_digits_max; ++digits)
            millionths = millionths * 10 + (text[at++] - '0');
        if (digits == 0)
            return std::nullopt;
        for (; digits < fraction_digits_max; ++digits)
            millionths *= 10;
    }
    if (at < text.size() && text[at] == ' ')
        ++at;
    for (const Unit& unit : units) {
        if (text.substr(at) != unit.name)
            continue;
        if (whole > INT64_MAX / unit.us - 1)
            return std::nullopt;
        const double part = static_cast<double>(millionths) * 1e-6 * static_cast<double>(unit.us);
        return whole * unit.us + std::llround(part);
    }
    return std::nullopt;
}

std::string format_duration_us(std::int64_t duration_us) {
    for (const Unit& unit : units)
        if (duration_us >= unit.us && duration_us % unit.us == 0)
            return std::to_string(duration_us / unit.us) + " " + std::string(unit.name);
    return std::to_string(duration_us) + " us";
}

} // namespace weir
