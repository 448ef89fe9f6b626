// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/decode/timestamps.h"

#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

#include "connectors/base/time_units.h"

namespace weir {

namespace {

constexpr Micros year_2000{946'684'800 * second_us};

/// Numbers of a fixed width; one look at `bad` in the end tells whether all were digits.
class Digits {
  public:
    int two(const char* p) { return one(p[0]) * 10 + one(p[1]); }
    int four(const char* p) { return two(p) * 100 + two(p + 2); }
    bool bad() const { return m_bad; }

  private:
    int one(char c) {
        const auto digit = static_cast<unsigned>(static_cast<unsigned char>(c)) - '0';
        m_bad |= digit > 9;
        return static_cast<int>(digit);
    }
    bool m_bad = false;
};

bool is_leap(int year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int days_in(int year, int month) {
    constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/// Days from 1970-01-01 in the proleptic Gregorian calendar: years are counted from March on, so
/// that the leap day is a year's last.
std::int64_t days_since_1970(int year, int month, int day) {
    const int y = month <= 2 ? year - 1 : year;
    const int m = month <= 2 ? month + 9 : month - 3;
    const std::int64_t of_years = std::int64_t{365} * y + y / 4 - y / 100 + y / 400;
    return of_years + (153 * m + 2) / 5 + day - 1 - 719'468;
}

/// ".123456789" from `p` on; the byte behind it, or null.
const char* fraction(const char* p, const char* end, std::int64_t& us) {
    constexpr std::int64_t units[] = {1'000'000, 100'000, 10'000, 1'000, 100, 10, 1};
    const char* const from = ++p;
    std::int64_t value = 0;
    int count = 0;
    for (; p < end && *p >= '0' && *p <= '9'; ++p) {
        if (count < 6) {
            value = value * 10 + (*p - '0');
            ++count;
        }
    }
    us = value * units[count];
    return p == from ? nullptr : p;
}

/// ":30.123Z", as most producers write it; us: from the minute on. False: it is not that.
bool parse_millis(const char* p, std::int64_t& us) {
    static_assert(std::endian::native == std::endian::little);
    constexpr std::uint64_t ones = 0x0101010101010101;
    constexpr std::uint64_t marks = 0xFF000000FF0000FF;
    constexpr std::uint64_t form = 0x5A3030302E30303A; // ":00.000Z", read backwards
    std::uint64_t text = 0;
    std::memcpy(&text, p, sizeof text);
    const std::uint64_t digits = text ^ form; // of the marks nothing is left
    if ((digits & marks) != 0 || (((digits + ones * 0x76) | digits) & ones * 0x80) != 0)
        return false;
    const auto digit = [digits](int at) {
        return static_cast<std::int64_t>(digits >> (8 * at) & 0xF);
    };
    const std::int64_t second = digit(1) * 10 + digit(2);
    us = second * second_us + (digit(4) * 100 + digit(5) * 10 + digit(6)) * 1'000;
    return second <= 60;
}

/// "Z" or "+01:00" (also "+0100" and "+01") up to `end`.
bool zone(const char* p, const char* end, std::int64_t& east_us) {
    const auto size = end - p;
    if (size == 1 && (*p == 'Z' || *p == 'z'))
        return true;
    if ((size != 6 && size != 5 && size != 3) || (*p != '+' && *p != '-'))
        return false;
    if (size == 6 && p[3] != ':')
        return false;
    Digits digits;
    const int hours = digits.two(p + 1);
    const int minutes = size == 3 ? 0 : digits.two(end - 2);
    if (digits.bad() || hours > 23 || minutes > 59)
        return false;
    east_us = (hours * 60 + minutes) * 60 * second_us * (*p == '-' ? -1 : 1);
    return true;
}

/// "2026-11-20T10:15" at `p`.
bool parse_minute(const char* p, std::int64_t& us) {
    if (p[4] != '-' || p[7] != '-' || (p[10] != 'T' && p[10] != ' ' && p[10] != 't') ||
        p[13] != ':')
        return false;
    Digits digits;
    const int year = digits.four(p);
    const int month = digits.two(p + 5);
    const int day = digits.two(p + 8);
    const int hour = digits.two(p + 11);
    const int minute = digits.two(p + 14);
    if (digits.bad() || month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 ||
        day > days_in(year, month))
        return false;
    us = days_since_1970(year, month, day) * day_us + (hour * 60 + minute) * 60 * second_us;
    return true;
}

} // namespace

bool parse_rfc3339(std::string_view text, bool zone_required, Micros& time) {
    MinuteMemo memo;
    return parse_rfc3339(text, zone_required, memo, time);
}

bool parse_rfc3339(std::string_view text, bool zone_required, MinuteMemo& memo, Micros& time) {
    constexpr std::size_t size_min = 19; // 2026-11-20T10:15:30
    if (text.size() < size_min)
        return false;
    const char* p = text.data();
    const char* const end = p + text.size();
    if (!memo.known || std::memcmp(p, memo.text.data(), memo.text.size()) != 0) {
        memo.known = parse_minute(p, memo.us);
        if (!memo.known)
            return false;
        std::memcpy(memo.text.data(), p, memo.text.size());
    }
    std::int64_t us = 0;
    if (text.size() == size_min + 5 && parse_millis(p + 16, us)) {
        time = Micros(memo.us + us);
        return true;
    }
    Digits digits;
    const int second = digits.two(p + 17);
    if (p[16] != ':' || digits.bad() || second > 60)
        return false;
    p += size_min;
    if (p < end && *p == '.')
        p = fraction(p, end, us);
    if (p == nullptr)
        return false;
    std::int64_t east_us = 0;
    if (p == end ? zone_required : !zone(p, end, east_us))
        return false;
    time = Micros(memo.us + second * second_us + us - east_us);
    return true;
}

bool parse_epoch(std::string_view text, std::int64_t unit_us, Micros& time) {
    constexpr std::int64_t limit = INT64_MAX / 2;
    const char* const end = text.data() + text.size();
    std::int64_t whole = 0;
    const auto [stop, failure] = std::from_chars(text.data(), end, whole);
    if (failure == std::errc() && stop == end) {
        if (whole > limit / unit_us || whole < -limit / unit_us)
            return false;
        time = Micros(whole * unit_us);
        return true;
    }
    double number = 0;
    const auto [last, problem] = std::from_chars(text.data(), end, number);
    if (problem != std::errc() || last != end || !std::isfinite(number))
        return false;
    number *= static_cast<double>(unit_us);
    if (std::abs(number) > static_cast<double>(limit))
        return false;
    time = Micros(std::llround(number));
    return true;
}

TimeState judge_time(Micros time, Micros now) {
    return time < year_2000 || time > now + Micros(366 * day_us) ? TimeState::Implausible
                                                                 : TimeState::Present;
}

} // namespace weir
