// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// How the window writes numbers, durations and times, and what it reads as a time.
#include <QTest>

#include "widgets/common/number_text.h"
#include "widgets/common/time_range.h"
#include "widgets/common/zone_clock.h"

using namespace weir;

class TextTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void counts_keep_every_digit();
    void durations_data();
    void durations();
    void sizes_shares_and_rates();
    void times_agree_with_qt_in_every_zone_data();
    void times_agree_with_qt_in_every_zone();
    void a_time_outside_of_four_digit_years_says_so();
    void typed_times();
    void headings_begin_with_a_capital_and_names_stay();
    void ranges_survive_settings();
    void range_labels();
};

void TextTest::counts_keep_every_digit() {
    QCOMPARE(count_text(std::int64_t{0}), QStringLiteral("0"));
    QCOMPARE(count_text(std::int64_t{999}), QStringLiteral("999"));
    QCOMPARE(count_text(std::int64_t{83120442}), QStringLiteral("83,120,442"));
    QCOMPARE(count_text(std::int64_t{-7210194211959421178}),
             QStringLiteral("-7,210,194,211,959,421,178"));
    QCOMPARE(count_text(std::numeric_limits<std::int64_t>::min()),
             QStringLiteral("-9,223,372,036,854,775,808"));
    QCOMPARE(count_text(std::numeric_limits<std::uint64_t>::max()),
             QStringLiteral("18,446,744,073,709,551,615"));
}

void TextTest::durations_data() {
    QTest::addColumn<qint64>("us");
    QTest::addColumn<QString>("text");
    const auto row = [](qint64 us, const char* text) {
        QTest::newRow(text) << us << QString::fromUtf8(text);
    };
    row(0, "0 ms");
    row(850, "850 µs");
    row(4'200, "4.2 ms");
    row(37'000, "37 ms");
    row(999'400, "999 ms");
    row(999'600, "1 s"); // not 1000 ms
    row(4'200'000, "4.2 s");
    row(17'000'000, "17 s");
    row(59'700'000, "1 min"); // not 60 s
    row(298'000'000, "4 min 58 s");
    row(720'000'000, "12 min");
    row(12'000'000'000, "3 h 20 min");
    row(86'400'000'000, "24 h");
    row(9 * 86'400'000'000 + 4 * 3'600'000'000, "9 d 4 h");
    row(-1'200'000, "−1.2 s");
}

void TextTest::durations() {
    QFETCH(qint64, us);
    QFETCH(QString, text);
    QCOMPARE(duration_text(us), text);
}

void TextTest::sizes_shares_and_rates() {
    QCOMPARE(bytes_text(535), QStringLiteral("535 B"));
    QCOMPARE(bytes_text(12'400), QStringLiteral("12.4 kB"));
    QCOMPARE(bytes_text(999'700), QStringLiteral("1 MB"));
    QCOMPARE(compact_text(1'210'442), QStringLiteral("1.21 M"));
    QCOMPARE(compact_text(2'000'000), QStringLiteral("2 M"));
    QCOMPARE(compact_text(950), QStringLiteral("950"));
    QCOMPARE(rate_text(48'210.4), QStringLiteral("48,210 ev/s"));
    QCOMPARE(rate_text(1.4), QStringLiteral("1.4 ev/s"));
    QCOMPARE(rate_text(0), QStringLiteral("0 ev/s"));
    QCOMPARE(share_text(0.314), QStringLiteral("31.4 %"));
    QCOMPARE(share_text(0.0004), QStringLiteral("< 0.1 %"));
    QCOMPARE(share_text(0.9999), QStringLiteral("> 99.9 %"));
    QCOMPARE(share_text(0), QStringLiteral("0 %"));
    QCOMPARE(share_text(1), QStringLiteral("100 %"));
}

void TextTest::times_agree_with_qt_in_every_zone_data() {
    QTest::addColumn<QString>("zone");
    for (const char* zone : {"utc", "Europe/Berlin", "America/New_York", "Asia/Kolkata",
                             "Australia/Lord_Howe", "Pacific/Apia", "Africa/Monrovia"})
        QTest::newRow(zone) << QString::fromLatin1(zone);
}

void TextTest::times_agree_with_qt_in_every_zone() {
    QFETCH(QString, zone);
    const ZoneClock clock = ZoneClock::from_id(zone);
    QCOMPARE(clock.id(), zone);
    // From 1950 to 2049 in odd steps, and around the changes to summer time and back.
    std::vector<std::int64_t> times;
    for (std::int64_t ms = -631'152'000'000; ms < 2'500'000'000'000;
         ms += 86'400'000LL * 9 + 3'723'451)
        times.push_back(ms);
    for (std::int64_t ms : {1'774'746'000'000LL, 1'792'890'000'000LL, 1'772'953'200'000LL})
        for (std::int64_t step = -2; step <= 2; ++step)
            times.push_back(ms + step);
    for (std::int64_t ms : times) {
        const QDateTime qt = QDateTime::fromMSecsSinceEpoch(ms, clock.zone());
        QCOMPARE(clock.date_time(ms * 1000),
                 qt.toString(QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz")));
        std::int64_t back = 0;
        const QString with_micros = clock.date_time(ms * 1000 + 7, Precision::Micros);
        QVERIFY2(clock.parse(with_micros, 0, back), qPrintable(with_micros));
        if (qt == QDateTime(qt.date(), qt.time(), clock.zone())) // not the hour that comes twice
            QCOMPARE(back, ms * 1000 + 7);
    }
}

void TextTest::a_time_outside_of_four_digit_years_says_so() {
    const ZoneClock clock;
    QCOMPARE(clock.date_time(std::numeric_limits<std::int64_t>::max()),
             QStringLiteral("out of range"));
    QCOMPARE(clock.time(std::numeric_limits<std::int64_t>::min()), QStringLiteral("out of range"));
    QCOMPARE(clock.date_time(-1), QStringLiteral("1969-12-31 23:59:59.999"));
}

void TextTest::typed_times() {
    const ZoneClock berlin = ZoneClock::from_id(QStringLiteral("Europe/Berlin"));
    const std::int64_t now = 1'795'269'851'449'000; // 2026-11-21 14:04:11.449 UTC
    std::int64_t us = 0;
    const auto read = [&](const char* text) {
        us = -1;
        return berlin.parse(QString::fromLatin1(text), now, us);
    };
    QVERIFY(read("now"));
    QCOMPARE(us, now);
    QVERIFY(read("now-15m"));
    QCOMPARE(us, now - 900'000'000);
    QVERIFY(read("2026-11-21T13:04:11.449Z"));
    QCOMPARE(us, now - 3'600'000'000);
    QVERIFY(read("2026-11-21 16:04:11.449+01:00"));
    QCOMPARE(us, now + 3'600'000'000);
    QVERIFY(read("2026-11-21 15:04"));
    QCOMPARE(berlin.date_time(us), QStringLiteral("2026-11-21 15:04:00.000"));
    QVERIFY(read("9:30"));
    QCOMPARE(berlin.date_time(us), QStringLiteral("2026-11-21 09:30:00.000"));
    for (const char* wrong : {"", "soon", "25:00", "2026-13-01 10:00", "now-15", "2026-11-21"})
        QVERIFY2(!read(wrong), wrong);
}

void TextTest::headings_begin_with_a_capital_and_names_stay() {
    QCOMPARE(heading_text(QStringLiteral("no broker answers")),
             QStringLiteral("No broker answers"));
    for (const char* stays :
         {"", "No broker", "raw_events is gone", "kafka-1:9092 is silent", "▲ a"})
        QCOMPARE(heading_text(QString::fromUtf8(stays)), QString::fromUtf8(stays));
}

void TextTest::ranges_survive_settings() {
    for (const TimeRange& range : TimeRange::presets())
        QCOMPARE(TimeRange::from_id(range.id()), range);
    const TimeRange fixed = TimeRange::absolute(-5, 1'795'269'851'449'000);
    QCOMPARE(TimeRange::from_id(fixed.id()), fixed);
    for (const char* wrong : {"", "last:-1", "last:x", "abs:7:3", "abs:1", "week"})
        QCOMPARE(TimeRange::from_id(QLatin1String(wrong)), TimeRange::everything());
}

void TextTest::range_labels() {
    const ZoneClock utc;
    QCOMPARE(TimeRange::last(900'000'000).label(utc), QStringLiteral("Last 15 min"));
    QCOMPARE(TimeRange::last(3'600'000'000).label(utc), QStringLiteral("Last 1 h"));
    const std::int64_t from = 1'795'269'840'000'000;
    QCOMPARE(TimeRange::absolute(from, from + 1'800'000'000).label(utc),
             QStringLiteral("2026-11-21 14:04 to 14:34"));
    QVERIFY(TimeRange::last(10).contains(95, 100));
    QVERIFY(!TimeRange::last(10).contains(89, 100));
}

QTEST_APPLESS_MAIN(TextTest)
#include "tst_text.moc"
