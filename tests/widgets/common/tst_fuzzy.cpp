// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// How the palette finds things by a few letters, and how the window's busy time is filed.
#include <QTest>

#include "widgets/common/busy_meter.h"
#include "widgets/common/fuzzy.h"

using namespace weir;

class FuzzyTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void letters_must_come_in_order();
    void starts_of_words_count_more();
    void words_come_in_any_order();
    void what_matched_is_told();
    void long_texts_are_looked_at_up_to_a_bound();
    void busy_quantiles();
};

void FuzzyTest::letters_must_come_in_order() {
    QVERIFY(fuzzy_match(QStringLiteral("ltncy"), QStringLiteral("Latency")).score > 0);
    QCOMPARE(fuzzy_match(QStringLiteral("yx"), QStringLiteral("Latency")).score, 0);
    QCOMPARE(fuzzy_match(QStringLiteral("aal"), QStringLiteral("Lag")).score, 0);
    QCOMPARE(fuzzy_match({}, QStringLiteral("Latency")).score, 1);
}

void FuzzyTest::starts_of_words_count_more() {
    const auto score = [](const char* pattern, const char* text) {
        return fuzzy_match(QLatin1String(pattern), QLatin1String(text)).score;
    };
    QVERIFY(score("ow", "Open workspace") > score("ow", "Show"));
    QVERIFY(score("live", "Live") > score("live", "Alive or valued"));
    QVERIFY(score("ev", "raw_events") > score("ev", "Reverse"));
    QVERIFY(score("the", "Theme: dark") > score("the", "Switch on hours e"));
}

void FuzzyTest::words_come_in_any_order() {
    QVERIFY(fuzzy_match(QStringLiteral("dark theme"), QStringLiteral("Theme: dark")).score > 0);
    QCOMPARE(fuzzy_match(QStringLiteral("dark blue"), QStringLiteral("Theme: dark")).score, 0);
}

void FuzzyTest::what_matched_is_told() {
    const FuzzyMatch match = fuzzy_match(QStringLiteral("opw"), QStringLiteral("Open workspace"));
    QCOMPARE(match.positions, (std::vector<int>{0, 1, 5}));
}

void FuzzyTest::long_texts_are_looked_at_up_to_a_bound() {
    const QString text = QString(5000, QLatin1Char('a')) % QLatin1Char('z');
    QVERIFY(fuzzy_match(QStringLiteral("aaa"), text).score > 0);
    QCOMPARE(fuzzy_match(QStringLiteral("z"), text).score, 0);
}

void FuzzyTest::busy_quantiles() {
    BusyMeter meter;
    QCOMPARE(meter.quantile_us(0.99), 0);
    for (int i = 0; i < 990; ++i) {
        meter.add(1'000'000);
        meter.add(1'000'000); // two pieces of work in one tick
        meter.close_tick();
    }
    for (int i = 0; i < 10; ++i) {
        meter.add(30'000'000);
        meter.close_tick();
    }
    QCOMPARE(meter.ticks(), 1000U);
    QCOMPARE(meter.max_us(), 30'000);
    QVERIFY(meter.quantile_us(0.5) >= 2'000 && meter.quantile_us(0.5) <= 2'400);
    QVERIFY(meter.quantile_us(0.99) <= 2'400);
    QCOMPARE(meter.quantile_us(1.0), 30'000);
    meter.close_tick(); // nothing was done
    QCOMPARE(meter.last_us(), 0);
}

QTEST_APPLESS_MAIN(FuzzyTest)
#include "tst_fuzzy.moc"
