// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/filter/time_text.h"

#include <array>
#include <cstdint>

#include "connectors/base/characters.h"

namespace weir {

namespace {

/// Takes text from the front, piece by piece.
class Taker {
  public:
    explicit Taker(std::string_view text)
        : m_rest(text) {}
    bool done() const { return m_rest.empty(); }
    bool take(char c) {
        if (m_rest.empty() || m_rest.front() != c)
            return false;
        m_rest.remove_prefix(1);
        return true;
    }
    bool take_any(std::string_view set) {
        if (m_rest.empty() || set.find(m_rest.front()) == std::string_view::npos)
            return false;
        m_rest.remove_prefix(1);
        return true;
    }
    /// Exactly `count` digits.
    bool number(int count, int& value) {
        value = 0;
        for (int i = 0; i < count; ++i) {
            if (m_rest.empty() || m_rest.front() < '0' || m_rest.front() > '9')
                return false;
            value = value * 10 + (m_rest.front() - '0');
            m_rest.remove_prefix(1);
        }
        return true;
    }
    std::string_view digits() {
        std::size_t n = 0;
        while (n < m_rest.size() && m_rest[n] >= '0' && m_rest[n] <= '9')
            ++n;
        const std::string_view found = m_rest.substr(0, n);
        m_rest.remove_prefix(n);
        return found;
    }
    std::string_view letters() {
        std::size_t n = 0;
        while (n < m_rest.size() && ((m_rest[n] | 0x20) >= 'a' && (m_rest[n] | 0x20) <= 'z'))
            ++n;
        const std::string_view found = m_rest.substr(0, n);
        m_rest.remove_prefix(n);
        return found;
    }

  private:
    std::string_view m_rest;
};

std::int64_t days_from_civil(int year, int month, int day) {
    using namespace std::chrono;
    const sys_days days = std::chrono::year(year) / month / day;
    return days.time_since_epoch().count();
}

bool valid_date(int year, int month, int day) {
    using namespace std::chrono;
    if (year < 1 || month < 1 || day < 1)
        return false;
    return (std::chrono::year(year) / month / day).ok();
}

std::int64_t fraction_us(std::string_view digits) {
    std::int64_t value = 0;
    for (std::size_t i = 0; i < 6; ++i)
        value = value * 10 + (i < digits.size() ? digits[i] - '0' : 0);
    return value;
}

/// hh:mm[:ss[.fraction]] in microseconds.
bool take_clock(Taker& in, std::int64_t& us) {
    int hour = 0;
    int minute = 0;
    int second = 0;
    if (!in.number(2, hour) || !in.take(':') || !in.number(2, minute) || hour > 23 || minute > 59)
        return false;
    std::int64_t fraction = 0;
    if (in.take(':')) {
        if (!in.number(2, second) || second > 60) // 60: a leap second
            return false;
        if (in.take_any(".,")) {
            const std::string_view digits = in.digits();
            if (digits.empty())
                return false;
            fraction = fraction_us(digits);
        }
    }
    us = ((hour * 60 + minute) * 60LL + second) * 1'000'000 + fraction;
    return true;
}

/// Z or ±hh:mm or ±hhmm; nothing means UTC.
bool take_zone(Taker& in, std::int64_t& us) {
    us = 0;
    if (in.done() || in.take_any("Zz"))
        return true;
    const bool minus = in.take('-');
    int hour = 0;
    int minute = 0;
    if ((!minus && !in.take('+')) || !in.number(2, hour))
        return false;
    in.take(':');
    if (!in.number(2, minute) || hour > 23 || minute > 59)
        return false;
    us = (hour * 60 + minute) * 60'000'000LL * (minus ? -1 : 1);
    return true;
}

struct Unit {
    std::string_view name;
    std::int64_t factor;
};
constexpr std::array<Unit, 7> time_units{{{"us", 1},
                                          {"ms", 1'000},
                                          {"s", 1'000'000},
                                          {"m", 60'000'000},
                                          {"h", 3'600'000'000},
                                          {"d", 86'400'000'000},
                                          {"w", 604'800'000'000}}};
constexpr std::array<Unit, 8> size_units{{{"", 1},
                                          {"B", 1},
                                          {"kB", 1'000},
                                          {"KiB", 1 << 10},
                                          {"MB", 1'000'000},
                                          {"MiB", 1 << 20},
                                          {"GB", 1'000'000'000},
                                          {"GiB", 1 << 30}}};

/// whole.fraction × factor, if it fits; fractions of the smallest unit are cut.
std::optional<std::int64_t> scaled(std::string_view whole, std::string_view fraction,
                                   std::int64_t factor) {
    std::int64_t value = 0;
    for (const char c : whole) {
        if (__builtin_mul_overflow(value, std::int64_t{10}, &value) ||
            __builtin_add_overflow(value, std::int64_t{c - '0'}, &value))
            return std::nullopt;
    }
    if (__builtin_mul_overflow(value, factor, &value))
        return std::nullopt;
    std::int64_t part = 0;
    std::int64_t scale = 1;
    for (std::size_t i = 0; i < fraction.size() && i < 6; ++i) {
        part = part * 10 + (fraction[i] - '0');
        scale *= 10;
    }
    if (__builtin_add_overflow(value, part * factor / scale, &value))
        return std::nullopt;
    return value;
}

template <std::size_t N>
const Unit* unit_named(const std::array<Unit, N>& units, std::string_view name) {
    for (const Unit& unit : units) {
        if (unit.name == name)
            return &unit;
    }
    return nullptr;
}

} // namespace

std::optional<Micros> parse_instant(std::string_view text) {
    Taker in(text);
    int year = 0;
    int month = 0;
    int day = 0;
    if (!in.number(4, year) || !in.take('-') || !in.number(2, month) || !in.take('-') ||
        !in.number(2, day) || !valid_date(year, month, day))
        return std::nullopt;
    std::int64_t clock_us = 0;
    std::int64_t zone_us = 0;
    if (!in.done() &&
        (!in.take_any("Tt ") || !take_clock(in, clock_us) || !take_zone(in, zone_us) || !in.done()))
        return std::nullopt;
    return Micros(days_from_civil(year, month, day) * 86'400'000'000 + clock_us - zone_us);
}

std::optional<Micros> parse_relative(std::string_view text, Micros now) {
    if (text.substr(0, 3) != "now")
        return std::nullopt;
    text.remove_prefix(3);
    if (text.empty())
        return now;
    const bool minus = text.front() == '-';
    if (!minus && text.front() != '+')
        return std::nullopt;
    const std::optional<Micros> duration = parse_duration(text.substr(1));
    std::int64_t value = 0;
    if (!duration || duration->value() < 0 ||
        (minus ? __builtin_sub_overflow(now.value(), duration->value(), &value)
               : __builtin_add_overflow(now.value(), duration->value(), &value)))
        return std::nullopt;
    return Micros(value);
}

std::optional<Micros> parse_duration(std::string_view text) {
    Taker in(text);
    const bool minus = in.take('-');
    std::int64_t sum = 0;
    bool any = false;
    while (!in.done()) {
        const std::string_view whole = in.digits();
        const std::string_view fraction = in.take('.') ? in.digits() : std::string_view();
        std::string_view name = in.letters();
        if (name.empty() && in.take('\xC2') && in.take('\xB5') && in.letters() == "s")
            name = "us"; // the micro sign
        const Unit* unit = unit_named(time_units, name);
        if (whole.empty() || unit == nullptr)
            return std::nullopt;
        const std::optional<std::int64_t> part = scaled(whole, fraction, unit->factor);
        if (!part || __builtin_add_overflow(sum, *part, &sum))
            return std::nullopt;
        any = true;
    }
    if (!any)
        return std::nullopt;
    return Micros(minus ? -sum : sum);
}

std::optional<std::int64_t> parse_size(std::string_view text) {
    Taker in(text);
    const std::string_view whole = in.digits();
    const std::string_view fraction = in.take('.') ? in.digits() : std::string_view();
    const Unit* unit = unit_named(size_units, in.letters());
    if (whole.empty() || unit == nullptr || !in.done())
        return std::nullopt;
    return scaled(whole, fraction, unit->factor);
}

std::string_view size_unit(std::string_view text) {
    const std::string small = lower(text);
    for (const Unit& unit : size_units) {
        const std::string name = lower(unit.name);
        if (!small.empty() && (small == name || small + 'b' == name))
            return unit.name;
    }
    return {};
}

} // namespace weir
