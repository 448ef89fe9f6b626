// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/enrich/measures.h"

#include <algorithm>
#include <iterator>

namespace weir::sandbox {
namespace {

/// What one unit is worth in the reference currency, in millionths.
struct Rate {
    std::string_view code;
    std::int64_t millionths;
};
constexpr Rate rates[] = {
    {"EUR", 1'000'000}, {"USD", 920'000}, {"GBP", 1'170'000}, {"CHF", 1'050'000}, {"JPY", 6'100},
    {"CNY", 128'000},   {"INR", 11'000},  {"BRL", 170'000},   {"CAD", 670'000},   {"AUD", 610'000},
    {"SEK", 88'000},    {"NOK", 86'000},  {"DKK", 134'000},   {"PLN", 232'000},   {"CZK", 40'000},
    {"MXN", 48'000},    {"KRW", 670},     {"TRY", 26'000},    {"NZD", 560'000},   {"ZAR", 50'000},
};

struct Sign {
    std::string_view text;
    std::string_view code;
};
// "$" and "kr" alone are several currencies.
constexpr Sign signs[] = {{"€", "EUR"},   {"US$", "USD"}, {"£", "GBP"},   {"CA$", "CAD"},
                          {"AU$", "AUD"}, {"NZ$", "NZD"}, {"R$", "BRL"},  {"₹", "INR"},
                          {"₩", "KRW"},   {"₺", "TRY"},   {"zł", "PLN"},  {"Kč", "CZK"},
                          {"MX$", "MXN"}, {"CN¥", "CNY"}, {"JP¥", "JPY"}, {"Fr.", "CHF"}};

constexpr std::string_view amounts[] = {"price",    "value",    "revenue", "total",
                                        "subtotal", "amount",   "tax",     "shipping",
                                        "discount", "refunded", "fee"};

// Endings that mean other things too ("_m", "_in", "_min", "_h") are none.
constexpr Unit units[] = {
    {"_s", "_ms", {1'000, 0}},           {"_sec", "_ms", {1'000, 0}},
    {"_seconds", "_ms", {1'000, 0}},     {"_us", "_ms", {1, -3}},
    {"_minutes", "_ms", {60'000, 0}},    {"_hours", "_ms", {3'600'000, 0}},
    {"_kg", "_g", {1'000, 0}},           {"_lb", "_g", {45'359'237, -5}},
    {"_oz", "_g", {28'349'523'125, -9}}, {"_cm", "_mm", {10, 0}},
    {"_km", "_mm", {1'000'000, 0}},      {"_ft", "_mm", {3'048, -1}},
    {"_miles", "_mm", {1'609'344, 0}},
};

char upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

bool same_letters(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                              [](char x, char y) { return upper(x) == upper(y); });
}

} // namespace

std::string_view currency_of(std::string_view text) {
    while (!text.empty() && text.front() == ' ')
        text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ')
        text.remove_suffix(1);
    for (const Rate& rate : rates)
        if (same_letters(text, rate.code))
            return rate.code;
    for (const Sign& sign : signs)
        if (text == sign.text)
            return sign.code;
    return {};
}

std::optional<std::string> in_reference_currency(std::string_view amount, std::string_view code) {
    const auto* const rate = std::find_if(std::begin(rates), std::end(rates),
                                          [&](const Rate& each) { return each.code == code; });
    if (rate == std::end(rates))
        return {};
    return scaled_to(amount, {rate->millionths, -6}, 2);
}

bool is_amount(std::string_view name) {
    return std::find(std::begin(amounts), std::end(amounts), name) != std::end(amounts);
}

const Unit* unit_of(std::string_view name) {
    for (const Unit& unit : units)
        if (name.size() > unit.ending.size() &&
            name.substr(name.size() - unit.ending.size()) == unit.ending)
            return &unit;
    return nullptr;
}

} // namespace weir::sandbox
