// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: threads
#include <QtTest>

#include <atomic>
#include <thread>

#include "connectors/kafka/read/read_budget.h"

using namespace weir::kafka;
using namespace std::chrono_literals;

namespace {

/// A budget on a clock that only the test moves.
struct Bench {
    std::chrono::steady_clock::time_point now{};
    ReadBudget budget;
    explicit Bench(double mb_s)
        : budget(mb_s, [this] { return now; }) {}
};

} // namespace

class TestReadBudget : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void without_a_limit_everybody_has_a_turn() {
        Bench b(0);
        b.budget.take(1'000'000'000);
        QVERIFY(b.budget.wait_turn(0ms));
        QCOMPARE(b.budget.bytes_taken(), 1'000'000'000);
    }

    void a_batch_is_paid_for_in_full_by_the_pause_after_it() {
        Bench b(10);               // 10 MB/s; the bucket holds 2.5 MB
        b.budget.take(12'500'000); // one big batch: 10 MB of debt
        QVERIFY(!b.budget.wait_turn(0ms));
        QCOMPARE(b.budget.pause(), 1'000'000us);
        b.now += 999ms;
        QVERIFY(!b.budget.wait_turn(0ms));
        b.now += 1ms;
        QVERIFY(b.budget.wait_turn(0ms));
    }

    void what_was_not_used_is_not_saved_up() {
        Bench b(10);
        b.now += 1h;
        QVERIFY(b.budget.wait_turn(0ms));
        b.budget.take(5'000'000);
        QVERIFY(!b.budget.wait_turn(0ms));
        QCOMPARE(b.budget.pause(), 250'000us);
    }

    void over_a_long_time_the_rate_is_kept() {
        Bench b(8);
        const auto began = b.now;
        std::int64_t taken = 0;
        while (taken < 100'000'000) {
            if (!b.budget.wait_turn(0ms))
                b.now += b.budget.pause() + 1us;
            else
                b.budget.take(700'000), taken += 700'000;
        }
        const double seconds = std::chrono::duration<double>(b.now - began).count();
        QVERIFY2(seconds > 12.0 && seconds < 12.6, std::to_string(seconds).c_str());
    }

    void lifting_the_limit_lets_waiting_readers_go() {
        ReadBudget budget(0.001);
        budget.take(1'000'000);
        std::atomic<bool> went{false};
        std::thread reader([&] {
            while (!budget.wait_turn(10s)) {
            }
            went = true;
        });
        QVERIFY(!went);
        budget.set_rate_mb_s(0);
        reader.join();
        QVERIFY(went);
        QCOMPARE(budget.rate_mb_s(), 0.0);
    }
};

QTEST_GUILESS_MAIN(TestReadBudget)
#include "tst_read_budget.moc"
