// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Where an axis has its marks.
#include <QTest>

#include <cmath>
#include <random>

#include "widgets/common/axis_ticks.h"

using namespace weir;

namespace {

constexpr std::int64_t minute_us = 60'000'000;
constexpr std::int64_t noon_us = 1'795'521'600'000'000; // 2026-11-24T12:00:00Z

QStringList texts(const std::vector<TimeTick>& ticks) {
    QStringList all;
    for (const TimeTick& tick : ticks)
        all.append(tick.text);
    return all;
}

} // namespace

class AxisTicksTest : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void numbers_are_round_and_within() {
        QCOMPARE(number_ticks(0, 100, 6), (std::vector<double>{0, 20, 40, 60, 80, 100}));
        QCOMPARE(number_ticks(0, 1, 3), (std::vector<double>{0, 0.5, 1}));
        QCOMPARE(number_ticks(0, 7, 2), (std::vector<double>{0, 5})); // never the least alone
        QCOMPARE(number_ticks(7, 7, 5), (std::vector<double>{7}));
        std::mt19937 random(3);
        std::uniform_real_distribution<double> exponent(-3, 9);
        for (int i = 0; i < 2'000; ++i) {
            const double most_value = std::pow(10, exponent(random));
            const double least = i % 3 == 0 ? -most_value / 3 : 0;
            const int most = 2 + i % 9;
            const std::vector<double> ticks = number_ticks(least, most_value, most);
            QVERIFY(static_cast<int>(ticks.size()) <= most);
            for (const double tick : ticks)
                QVERIFY(tick >= least * (1 + 1e-6) - 1e-9 && tick <= most_value * (1 + 1e-6));
        }
    }

    void decades_are_powers_of_ten() {
        QCOMPARE(decade_ticks(5, 2'000, 9), (std::vector<double>{10, 100, 1'000}));
        QCOMPARE(decade_ticks(1, 1e9, 4).size(), std::size_t(4));
        QVERIFY(decade_ticks(2, 9, 5).empty());
    }

    void durations_are_those_that_people_count_in() {
        QCOMPARE(duration_ticks(5e6, 4e9, 9), (std::vector<double>{1e7, 6e7, 6e8, 3.6e9}));
        QVERIFY(duration_ticks(1, 1e12, 5).size() <= 5);
        QVERIFY(duration_ticks(2, 9, 5).empty());
    }

    void times_are_round_in_the_zone_of_the_user() {
        const ZoneClock utc;
        QCOMPARE(texts(time_ticks(noon_us, noon_us + 15 * minute_us, 4, utc)),
                 QStringList(
                     {QStringLiteral("12:00"), QStringLiteral("12:05"), QStringLiteral("12:10")}));
        const ZoneClock india = ZoneClock::from_id(QStringLiteral("Asia/Kolkata"));
        const auto there = time_ticks(noon_us, noon_us + 180 * minute_us, 4, india);
        QCOMPARE(there.front().text, QStringLiteral("18:00")); // half an hour after noon UTC
        QCOMPARE(there.front().time_us, noon_us + 30 * minute_us);
        QCOMPARE(texts(time_ticks(noon_us, noon_us + 4 * 1'440 * minute_us, 5, utc)).front(),
                 QStringLiteral("25 Nov"));
    }

    void however_long_the_range_there_are_some_and_not_too_many() {
        for (std::int64_t span_us = 1'000'000; span_us < 4'000'000'000'000'000; span_us *= 3) {
            const auto ticks = time_ticks(noon_us, noon_us + span_us, 8, ZoneClock());
            QVERIFY(!ticks.empty());
            QVERIFY(ticks.size() <= 8);
        }
        QVERIFY(time_ticks(noon_us, noon_us, 8, ZoneClock()).empty());
    }
};

QTEST_GUILESS_MAIN(AxisTicksTest)
#include "tst_axis_ticks.moc"
