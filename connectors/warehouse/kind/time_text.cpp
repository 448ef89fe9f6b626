// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/warehouse/kind/time_text.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

#include "connectors/base/time_units.h"

namespace weir::warehouse {

namespace {

constexpr int fraction_digits_max = 6;

/// Reads a text from its front.
class Cursor {
  public:
    explicit Cursor(std::string_view text)
        : m_text(text) {}
    bool done() const { return m_text.empty(); }
    bool take(char c) {
        if (m_text.empty() || m_text.front() != c)
            return false;
        m_text.remove_prefix(1);
        return true;
    }
    /// Digits, at least and at most so many.
    std::optional<int> digits(std::size_t least, std::size_t most) {
        std::size_t size = 0;
        while (size < m_text.size() && size < most && m_text[size] >= '0' && m_text[size] <= '9')
            ++size;
        int number = 0;
        if (size < least)
            return std::nullopt;
        std::from_chars(m_text.data(), m_text.data() + size, number);
        m_text.remove_prefix(size);
        return number;
    }
    /// Microseconds after the point; nullopt: finer than that.
    std::optional<std::int64_t> fraction() {
        std::int64_t us = 0;
        int count = 0;
        for (; !m_text.empty() && m_text.front() >= '0' && m_text.front() <= '9'; ++count) {
            const int digit = m_text.front() - '0';
            if (count < fraction_digits_max)
                us = us * 10 + digit;
            else if (digit != 0)
                return std::nullopt;
            m_text.remove_prefix(1);
        }
        for (int i = count; i < fraction_digits_max; ++i)
            us *= 10;
        return count == 0 ? std::nullopt : std::optional(us);
    }

  private:
    std::string_view m_text;
};

/// Seconds east of UTC: Z, +HH, +HH:MM, +HHMM, +HH:MM:SS.
std::optional<std::int64_t> read_zone(Cursor& in) {
    if (in.take('Z') || in.take('z'))
        return 0;
    const bool west = in.take('-');
    if (!west && !in.take('+'))
        return std::nullopt;
    const auto hours = in.digits(2, 2);
    if (!hours)
        return std::nullopt;
    std::int64_t seconds = *hours * 3600;
    bool colon = in.take(':');
    if (!in.done()) {
        const auto minutes = in.digits(2, 2);
        if (!minutes || *minutes > 59)
            return std::nullopt;
        seconds += *minutes * 60;
    } else if (colon) {
        return std::nullopt;
    }
    colon = in.take(':');
    if (colon) {
        const auto more = in.digits(2, 2);
        if (!more || *more > 59)
            return std::nullopt;
        seconds += *more;
    }
    return west ? -seconds : seconds;
}

} // namespace

std::optional<TimeText> read_time(std::string_view text) {
    Cursor in(text);
    const auto year = in.digits(4, 5);
    const auto month = year && in.take('-') ? in.digits(2, 2) : std::nullopt;
    const auto day = month && in.take('-') ? in.digits(2, 2) : std::nullopt;
    if (!day || !(in.take(' ') || in.take('T') || in.take('t')))
        return std::nullopt;
    const auto hour = in.digits(2, 2);
    const auto minute = hour && in.take(':') ? in.digits(2, 2) : std::nullopt;
    const auto second = minute && in.take(':') ? in.digits(2, 2) : std::nullopt;
    if (!second || *hour > 23 || *minute > 59 || *second > 59 || *year < 1 || *year > 32'767)
        return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok())
        return std::nullopt;
    std::int64_t us = std::chrono::sys_days(date).time_since_epoch().count() * day_us +
                      (*hour * 3600LL + *minute * 60LL + *second) * second_us;
    if (in.take('.')) {
        const auto fraction = in.fraction();
        if (!fraction)
            return std::nullopt;
        us += *fraction;
    }
    if (in.done())
        return TimeText{us, false};
    const auto zone = read_zone(in);
    if (!zone || !in.done())
        return std::nullopt;
    return TimeText{us - *zone * second_us, true};
}

std::string time_text(std::int64_t micros, bool has_zone) {
    std::int64_t day = micros / day_us;
    std::int64_t rest = micros % day_us;
    if (rest < 0) {
        rest += day_us;
        --day;
    }
    // Years past what <chrono> counts: a whole number of 400-year cycles is taken off before.
    constexpr std::int64_t cycle_days = 146'097;
    const std::int64_t cycles = day / cycle_days;
    const std::chrono::year_month_day date{
        std::chrono::sys_days(std::chrono::days(day - cycles * cycle_days))};
    const std::int64_t year = static_cast<int>(date.year()) + cycles * 400;
    const auto part = [rest](std::int64_t unit_s, int of) {
        return static_cast<int>(rest / second_us / unit_s) % of;
    };
    std::array<char, 64> text{};
    int size =
        std::snprintf(text.data(), text.size(), "%04lld-%02u-%02uT%02d:%02d:%02d",
                      static_cast<long long>(year), static_cast<unsigned>(date.month()),
                      static_cast<unsigned>(date.day()), part(3600, 24), part(60, 60), part(1, 60));
    if (const std::int64_t fraction = rest % second_us; fraction != 0) {
        size += std::snprintf(text.data() + size, text.size() - static_cast<std::size_t>(size),
                              ".%06lld", static_cast<long long>(fraction));
        while (text[static_cast<std::size_t>(size) - 1] == '0')
            --size;
    }
    return std::string(text.data(), static_cast<std::size_t>(size)) + (has_zone ? "Z" : "");
}

} // namespace weir::warehouse
