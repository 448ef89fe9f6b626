// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/axis_ticks.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>

#include "connectors/base/time_units.h"

namespace weir {
namespace {

constexpr std::array<std::int64_t, 24> time_steps_us{100'000,
                                                     200'000,
                                                     500'000,
                                                     second_us,
                                                     2 * second_us,
                                                     5 * second_us,
                                                     10 * second_us,
                                                     15 * second_us,
                                                     30 * second_us,
                                                     60 * second_us,
                                                     120 * second_us,
                                                     300 * second_us,
                                                     600 * second_us,
                                                     900 * second_us,
                                                     1'800 * second_us,
                                                     3'600 * second_us,
                                                     7'200 * second_us,
                                                     10'800 * second_us,
                                                     21'600 * second_us,
                                                     43'200 * second_us,
                                                     day_us,
                                                     2 * day_us,
                                                     7 * day_us,
                                                     28 * day_us};

/// By how much local time is ahead of UTC then.
std::int64_t ahead_us(const ZoneClock& clock, std::int64_t time_us) {
    const QDateTime then = QDateTime::fromMSecsSinceEpoch(time_us / 1000, Qt::UTC);
    return clock.zone().offsetFromUtc(then) * second_us;
}

QString tick_text(std::int64_t time_us, std::int64_t step_us, const ZoneClock& clock) {
    if (step_us >= day_us) {
        const QDateTime then = QDateTime::fromMSecsSinceEpoch(time_us / 1000, clock.zone());
        return QLocale::c().toString(then.date(), QStringLiteral("d MMM"));
    }
    const Precision precision = step_us >= 60 * second_us ? Precision::Minutes
                                : step_us >= second_us    ? Precision::Seconds
                                                          : Precision::Millis;
    return clock.time(time_us, precision);
}

} // namespace

std::vector<double> number_ticks(double least, double most_value, int most) {
    const double span = most_value - least;
    if (!(span > 0) || !std::isfinite(span))
        return {least};
    constexpr double slack = 1e-9;
    const double power = std::pow(10, std::floor(std::log10(span / std::max(1, most))));
    for (const double factor : {1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0}) { // the finest that fits
        const double step = factor * power;
        const double first = std::ceil(least / step - slack);
        const double last = std::floor(most_value / step + slack);
        if (last - first + 1 > most)
            continue;
        std::vector<double> ticks;
        for (int i = 0; i <= static_cast<int>(last - first); ++i)
            ticks.push_back((first + i) * step);
        return ticks;
    }
    return {least};
}

std::vector<double> decade_ticks(double least, double most_value, int most) {
    const int first = static_cast<int>(std::ceil(std::log10(least) - 1e-9));
    const int last = static_cast<int>(std::floor(std::log10(most_value) + 1e-9));
    const int step = std::max(1, (last - first + most) / std::max(1, most));
    std::vector<double> ticks;
    for (int exponent = first; exponent <= last; exponent += step)
        ticks.push_back(std::pow(10, exponent));
    return ticks;
}

std::vector<double> duration_ticks(double least_us, double most_us, int most) {
    constexpr std::array<double, 15> known{1,   1e1, 1e2,   1e3,    1e4,     1e5,     1e6,    1e7,
                                           6e7, 6e8, 3.6e9, 3.6e10, 8.64e10, 8.64e11, 8.64e12};
    std::vector<double> within;
    for (const double tick : known)
        if (tick >= least_us * (1 - 1e-9) && tick <= most_us * (1 + 1e-9))
            within.push_back(tick);
    const std::size_t room = static_cast<std::size_t>(std::max(1, most));
    const std::size_t step = (within.size() + room - 1) / room;
    std::vector<double> ticks;
    for (std::size_t i = 0; i < within.size(); i += step)
        ticks.push_back(within[i]);
    return ticks;
}

std::vector<TimeTick> time_ticks(std::int64_t from_us, std::int64_t to_us, int most,
                                 const ZoneClock& clock) {
    std::vector<TimeTick> ticks;
    if (to_us <= from_us || most < 1)
        return ticks;
    std::int64_t step_us = time_steps_us.back();
    for (const std::int64_t step : time_steps_us)
        if ((to_us - from_us) / step < most) {
            step_us = step;
            break;
        }
    while ((to_us - from_us) / step_us >= most)
        step_us *= 2;
    // Round in local time; where a change of the clocks lies within, each mark is asked anew.
    const std::int64_t ahead = ahead_us(clock, from_us);
    std::int64_t local = (from_us + ahead) / step_us * step_us;
    for (; static_cast<int>(ticks.size()) < most; local += step_us) {
        const std::int64_t guess = local - ahead;
        const std::int64_t time_us =
            step_us > 3'600 * second_us ? local - ahead_us(clock, guess) : guess;
        if (time_us >= to_us)
            break;
        if (time_us >= from_us)
            ticks.push_back({time_us, tick_text(time_us, step_us, clock)});
    }
    return ticks;
}

} // namespace weir
