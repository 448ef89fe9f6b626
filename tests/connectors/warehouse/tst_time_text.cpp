// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "connectors/warehouse/kind/time_text.h"

using namespace weir::warehouse;

class TestTimeText : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void times_are_read_to_the_microsecond_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("micros");
        QTest::addColumn<bool>("zone");
        QTest::newRow("postgres") << "2026-05-01 12:00:00.123456+00" << 1777636800123456LL << true;
        QTest::newRow("east") << "2026-05-01 17:30:00+05:30" << 1777636800000000LL << true;
        QTest::newRow("west") << "2026-05-01T08:00:00.5-0400" << 1777636800500000LL << true;
        QTest::newRow("seconds in the zone")
            << "1880-01-01 00:00:00+00:19:32" << -2840141972000000LL << true;
        QTest::newRow("wall clock") << "1970-01-01 00:00:00" << 0LL << false;
        QTest::newRow("before 1970") << "1969-12-31 23:59:59.999999Z" << -1LL << true;
        QTest::newRow("far") << "12026-01-01 00:00:00Z" << 317336745600000000LL << true;
        QTest::newRow("zeros past microseconds")
            << "1970-01-01T00:00:00.1000000000Z" << 100000LL << true;
    }
    void times_are_read_to_the_microsecond() {
        QFETCH(QString, text);
        QFETCH(qint64, micros);
        QFETCH(bool, zone);
        const auto read = read_time(text.toStdString());
        QVERIFY(read);
        QCOMPARE(qint64(read->micros), micros);
        QCOMPARE(read->has_zone, zone);
        const auto again = read_time(time_text(micros, zone));
        QVERIFY(again && again->micros == micros && again->has_zone == zone);
    }

    void what_is_no_time_or_finer_is_not_read() {
        for (const char* text :
             {"", "infinity", "2026-05-01", "2026-02-30 00:00:00", "2026-05-01 24:00:00",
              "2026-05-01 12:00:00.1234567", "0044-03-15 12:00:00+00 BC", "2026-05-01 12:00:00+",
              "2026-05-01 12:00:00.Z", "2026-05-01 12:00:00+05:", "294276-12-31 23:59:59+00"})
            QVERIFY2(!read_time(text), text);
    }

    void every_count_has_a_text() {
        QCOMPARE(time_text(0, true), std::string("1970-01-01T00:00:00Z"));
        QCOMPARE(time_text(-1, false), std::string("1969-12-31T23:59:59.999999"));
        QCOMPARE(time_text(INT64_MAX, true), std::string("294247-01-10T04:00:54.775807Z"));
        QCOMPARE(time_text(INT64_MIN, true), std::string("-290308-12-21T19:59:05.224192Z"));
    }
};

QTEST_GUILESS_MAIN(TestTimeText)
#include "tst_time_text.moc"
