// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The ids of events that have gone through: found within the window, forgotten after it, and never
// more of them than there may be.
#include <QtTest>

#include "models/event/sighting.h"
#include "models/flow/seen_ids.h"

using namespace weir;

namespace {

std::uint64_t key(int number) {
    return hash_event_id("id" + std::to_string(number)).value();
}

} // namespace

class TestSeenIds : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void what_was_added_is_found_with_its_content_at_its_place() {
        SeenIds ids(100'000, 3'600);
        for (int i = 0; i < 20'000; ++i)
            ids.add(key(i), static_cast<std::uint16_t>(i % 3), static_cast<std::uint16_t>(i),
                    1'000);
        for (int i = 0; i < 20'000; ++i) {
            const auto found = ids.find(key(i), static_cast<std::uint16_t>(i % 3), 1'000);
            QVERIFY(found);
            QCOMPARE(*found, static_cast<std::uint16_t>(i));
            QVERIFY(!ids.find(key(i), static_cast<std::uint16_t>((i + 1) % 3), 1'000));
        }
        QVERIFY(!ids.cut_short());
    }

    void it_is_kept_for_the_window_and_forgotten_after_two() {
        SeenIds ids(100'000, 3'600);
        ids.add(key(1), 0, 1, 0);
        for (std::uint32_t second = 0; second <= 3'600; second += 60)
            ids.add(key(static_cast<int>(100 + second)), 0, 1, second);
        QVERIFY(ids.find(key(1), 0, 3'600));
        for (std::uint32_t second = 3'660; second <= 7'200; second += 60)
            ids.add(key(static_cast<int>(100 + second)), 0, 1, second);
        QVERIFY(!ids.find(key(1), 0, 7'200));
    }

    void it_is_forgotten_even_where_nothing_else_came_meanwhile() {
        SeenIds ids(100'000, 3'600);
        ids.add(key(1), 0, 1, 0);
        QVERIFY(ids.find(key(1), 0, 3'600));
        QVERIFY(!ids.find(key(1), 0, 36'000));
    }

    void past_its_bound_the_oldest_go_and_that_is_told() {
        SeenIds ids(3'000, 3'600);
        for (int i = 0; i < 10'000; ++i)
            ids.add(key(i), 0, 1, 5);
        QVERIFY(ids.size() <= 3'000);
        QVERIFY(ids.cut_short());
        QVERIFY(ids.find(key(9'999), 0, 5));
        QVERIFY(!ids.find(key(0), 0, 5));
    }
};

QTEST_GUILESS_MAIN(TestSeenIds)
#include "tst_seen_ids.moc"
