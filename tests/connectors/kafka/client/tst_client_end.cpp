// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: threads
//
// Waiting for an end that may never come.
#include <QElapsedTimer>
#include <QtTest>

#include <future>

#include "connectors/kafka/client/client_end.h"

using namespace weir::kafka;
using namespace std::chrono_literals;

class TestClientEnd : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void an_end_that_comes_is_waited_for() {
        bool ended = false;
        QVERIFY(end_within(30s, [&] {
            QTest::qSleep(50);
            ended = true;
        }));
        QVERIFY(ended);
    }

    void one_that_does_not_is_left_behind_and_lets_go_when_it_has_come() {
        std::promise<void> may_end;
        const auto kept = std::make_shared<int>(1);
        QElapsedTimer since;
        since.start();
        QVERIFY(!end_within(100ms, [kept, wait = may_end.get_future().share()] { wait.wait(); }));
        QVERIFY(since.elapsed() >= 100);
        QCOMPARE(kept.use_count(), 2);
        may_end.set_value();
        QTRY_COMPARE_WITH_TIMEOUT(kept.use_count(), 1, 30'000);
    }
};

QTEST_GUILESS_MAIN(TestClientEnd)
#include "tst_client_end.moc"
