// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "models/sandbox/retention/retention_plan.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace weir::sandbox;
using std::chrono::days;

class TestRetentionPlan : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void periods_are_read_in_any_order() {
        const auto plan = parse_retention("archive=90d,hot=1w");
        VERIFY_OK(plan);
        QVERIFY(plan->archives());
        QCOMPARE(plan->hot.count(), days(7).count());
        QCOMPARE(plan->archive.count(), days(90).count());
        QCOMPARE(plan->ids.count(), days(90).count());
        QCOMPARE(plan->all().count(), days(90).count());
    }

    void without_an_archive_rows_go_and_ids_may_stay() {
        const auto plan = parse_retention("hot=7d,ids=30d");
        VERIFY_OK(plan);
        QVERIFY(!plan->archives());
        QCOMPARE(plan->ids.count(), days(30).count());
        QCOMPARE(plan->all().count(), days(7).count());
    }

    void what_cannot_be_meant_is_refused_data() {
        QTest::addColumn<QString>("text");
        for (const char* text :
             {"", "archive=90d", "hot", "hot=", "hot=7", "hot=12h", "hot=36h", "hot=0d", "hot=-1d",
              "hot=7d,hot=8d", "hot=7d,cold=9d", "hot=7d,archive=7d", "hot=7d,ids=6d", "hot=40000d",
              "hot=7d,,archive=9d"})
            QTest::newRow(text) << QString::fromLatin1(text);
    }
    void what_cannot_be_meant_is_refused() {
        QFETCH(QString, text);
        VERIFY_ERROR(parse_retention(text.toStdString()), ErrorCode::Usage);
    }

    void days_are_read_as_they_are_written() {
        const Day day = day_of(Micros(1'777'636'800'123'456));
        QVERIFY(day_of_text("2026-05-01") == day);
        for (const char* text : {"", "2026-5-01", "2026-13-01", "2026-02-30", "2026-05-01x",
                                 "-026-05-01", "20x6-05-01"})
            QVERIFY2(!day_of_text(text), text);
    }
};

QTEST_GUILESS_MAIN(TestRetentionPlan)
#include "tst_retention_plan.moc"
