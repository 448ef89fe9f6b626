// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: threads
#include <QtTest>

#include <vector>

#include "models/event/serial_worker.h"

using namespace weir;

class TestSerialWorker : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void tasks_are_done_in_order_and_all_of_them_before_it_ends() {
        std::vector<int> done; // the worker's, and ours once it has ended
        {
            SerialWorker worker;
            for (int i = 0; i < 1000; ++i)
                worker.start([&done, i] { done.push_back(i); });
        }
        QCOMPARE(done.size(), std::size_t{1000});
        QVERIFY(std::is_sorted(done.begin(), done.end()));
    }

    void it_goes_on_after_it_was_waited_for() {
        SerialWorker worker;
        int done = 0;
        for (int round = 1; round <= 3; ++round) {
            worker.start([&done] { ++done; });
            worker.finish();
            QCOMPARE(done, round);
        }
    }

    void what_a_task_held_goes_with_it() {
        SerialWorker worker;
        std::weak_ptr<int> held;
        {
            auto owned = std::make_shared<int>(1);
            held = owned;
            worker.start([owned = std::move(owned)] {});
        }
        QTRY_VERIFY(held.expired()); // although the worker is still there
    }
};

QTEST_GUILESS_MAIN(TestSerialWorker)
#include "tst_serial_worker.moc"
