// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Cells by time: whatever gets coarser, is trimmed or comes late, nothing is lost or counted twice.
#include <QtTest>

#include <map>
#include <random>

#include "models/latency/latency_trail.h"

using namespace weir;

namespace {

constexpr std::int64_t second_us = 1'000'000;
const LatencyScope here{.to = PlaceId(3)};

void add(LatencyTrail& trail, std::int64_t time_us, ValueId value = no_value,
         std::size_t table = 0) {
    LatencyTrail::Tables* const tables = trail.tables(time_us, here);
    if (tables == nullptr)
        return;
    LatencyCell& cell = (*tables)[table].cell(value, trail);
    cell.sketches.resize(1);
    cell.sketches.front().add(1'000);
    ++cell.events;
}

std::uint64_t events_in(const LatencyBuckets& buckets, std::size_t table = 0) {
    std::uint64_t sum = 0;
    for (const auto& bucket : buckets)
        for (const LatencyBucket::Scope& scope : bucket->scopes)
            for (const auto& [value, cell] : scope.tables[table])
                sum += cell->events;
    return sum;
}

} // namespace

class TestLatencyTrail : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void old_buckets_are_added_up_in_coarser_ones() {
        LatencyTrail trail({{second_us, 5}, {10 * second_us, 100}}, 1, 1'000);
        for (int second = 0; second < 100; ++second)
            add(trail, second * second_us);
        const LatencyBuckets all = trail.publish();
        QCOMPARE(events_in(all), 100u);
        QCOMPARE(all.size(), std::size_t(5 + 10));
        QCOMPARE(all.front()->width_us, 10 * second_us);
        QCOMPARE(all.back()->width_us, second_us);
        QCOMPARE(all.back()->begin_us, 99 * second_us);
    }

    void nothing_is_lost_in_any_order_of_times() {
        std::mt19937 random(11);
        for (int round = 0; round < 20; ++round) {
            LatencyTrail trail({{second_us, 4}, {8 * second_us, 6}, {64 * second_us, 3}}, 2, 40);
            constexpr std::uint64_t count = 2'000;
            for (std::uint64_t i = 0; i < count; ++i) {
                const auto time_us =
                    static_cast<std::int64_t>(random() % 1'000) * second_us - 300 * second_us;
                add(trail, time_us, ValueId(static_cast<std::uint16_t>(random() % 5)));
                if (i % 97 == 0)
                    trail.publish();
            }
            QCOMPARE(events_in(trail.publish()) + trail.let_go(), count);
        }
    }

    void what_is_drained_adds_up_to_all_in_any_order_of_times() {
        std::mt19937 random(17);
        for (int round = 0; round < 20; ++round) {
            LatencyTrail trail({{second_us, 4}, {8 * second_us, 6}, {64 * second_us, 30}}, 1, 40);
            std::map<ValueId, QuantileSketch> drained;
            std::uint64_t events = 0;
            const auto drain = [&] {
                trail.drain([&](std::int64_t, std::int64_t, const LatencyScope&, std::size_t,
                                ValueId value, const LatencyCell& cell, const LatencyCell* before) {
                    const LatencyCell more = cell.since(before);
                    events += more.events;
                    if (!more.sketches.empty())
                        drained[value].merge(more.sketches.front());
                });
            };
            constexpr std::uint64_t count = 3'000;
            for (std::uint64_t i = 0; i < count; ++i) {
                add(trail, static_cast<std::int64_t>(random() % 1'000) * second_us,
                    ValueId(static_cast<std::uint16_t>(random() % 5)));
                if (random() % 50 == 0)
                    trail.publish();
                if (random() % 70 == 0)
                    drain();
            }
            drain();
            drain();
            QCOMPARE(events, count);
            std::map<ValueId, QuantileSketch> all;
            for (const auto& bucket : trail.publish())
                for (const LatencyBucket::Scope& scope : bucket->scopes)
                    for (const auto& [value, cell] : scope.tables[0])
                        all[value].merge(cell->sketches.front());
            QVERIFY(drained == all);
        }
    }

    void late_events_are_counted_where_their_time_is_now() {
        LatencyTrail trail({{second_us, 5}, {10 * second_us, 100}}, 1, 1'000);
        for (int second = 0; second < 50; ++second)
            add(trail, second * second_us);
        add(trail, 12 * second_us);
        for (const auto& bucket : trail.publish())
            if (bucket->begin_us == 10 * second_us)
                QCOMPARE(bucket->scopes.front().tables.front().front().second->events, 11u);
    }

    void what_was_published_stays_as_it_was() {
        LatencyTrail trail({{10 * second_us, 5}}, 1, 1'000);
        add(trail, 0);
        const LatencyBuckets before = trail.publish();
        add(trail, second_us);
        add(trail, 20 * second_us);
        QCOMPARE(events_in(before), 1u);
        const LatencyBuckets after = trail.publish();
        QCOMPARE(events_in(after), 3u);
        trail.publish();
        QCOMPARE(trail.publish().front(), after.front()); // nothing changed: nothing was made
    }

    void too_many_values_are_one_and_the_largest_stay() {
        LatencyTrail trail({{10 * second_us, 5}}, 1, 100'000);
        for (int round = 0; round < 20; ++round)
            for (std::uint16_t value = 1; value <= 2'000; ++value)
                if (value <= 50 || round == value % 20)
                    add(trail, 0, ValueId(value));
        const LatencyBuckets all = trail.publish();
        const LatencyCells& cells = all.front()->scopes.front().tables.front();
        QVERIFY(cells.size() <= LatencyTrail::values_max);
        QCOMPARE(events_in(all), 50u * 20 + 1'950u);
        std::uint64_t other = 0;
        std::size_t large = 0;
        for (const auto& [value, cell] : cells) {
            other += value == other_value ? cell->events : 0;
            large += value.value() <= 50 && value != other_value ? 1 : 0;
        }
        QVERIFY(other > 0);
        QCOMPARE(large, std::size_t(50));
    }

    void a_budget_of_cells_makes_old_buckets_coarser_before_their_time() {
        LatencyTrail trail({{second_us, 1'000}, {100 * second_us, 100}}, 1, 50);
        for (int second = 0; second < 100; ++second)
            for (std::uint16_t value = 0; value < 10; ++value)
                add(trail, second * second_us, ValueId(value));
        QCOMPARE(events_in(trail.publish()), 1'000u);
        QVERIFY2(trail.cells() <= 70, qPrintable(QString::number(trail.cells())));
    }
};

QTEST_GUILESS_MAIN(TestLatencyTrail)
#include "tst_latency_trail.moc"
