// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "models/synth/pacer.h"

using weir::synth::Pacer;
using namespace std::chrono_literals;

class TestPacer : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void events_come_evenly_and_none_too_many() {
        Pacer pacer(1000, 0ns);
        QCOMPARE(pacer.due(0ns), 0u);
        QCOMPARE(pacer.due(999us), 0u);
        std::uint64_t sum = 0;
        std::uint64_t most = 0;
        for (Pacer::Time t = 1ms; t <= 60s; t += 700us) {
            const std::uint64_t n = pacer.due(t);
            most = std::max(most, n);
            sum += n;
        }
        QCOMPARE(most, 1u);
        QVERIFY(sum >= 59'999 && sum <= 60'000);
        QCOMPARE(pacer.skipped(), 0u);
    }

    void waiting_as_told_wakes_at_the_next_event() {
        Pacer pacer(3, 10s);
        Pacer::Time t = 10s;
        for (int i = 0; i < 300; ++i) {
            t += pacer.wait(t);
            QCOMPARE(pacer.due(t), 1u);
        }
        QVERIFY(t >= 109'999ms && t <= 110'001ms);
    }

    void a_stall_is_not_followed_by_a_flood() {
        Pacer pacer(1000, 0ns, 100ms);
        QCOMPARE(pacer.due(10s), 100u);
        QCOMPARE(pacer.skipped(), 9'900u);
        QCOMPARE(pacer.due(10s), 0u);
        QCOMPARE(pacer.due(10s + 5ms), 5u);
    }

    void the_rate_can_be_changed_on_the_way() {
        Pacer pacer(10, 0ns);
        QCOMPARE(pacer.due(100ms), 1u);
        pacer.set_rate(1000, 100ms);
        QCOMPARE(pacer.due(110ms), 10u);
        QVERIFY(pacer.wait(110ms) == 1ms);
    }

    void a_clock_that_stands_or_goes_back_does_no_harm() {
        Pacer pacer(1000, 5s);
        QCOMPARE(pacer.due(1s), 0u);
        QVERIFY(pacer.wait(1s) >= 4s);
        QCOMPARE(pacer.due(5s + 3ms), 3u);
        QCOMPARE(pacer.due(5s + 1ms), 0u);
    }
};

QTEST_GUILESS_MAIN(TestPacer)
#include "tst_pacer.moc"
