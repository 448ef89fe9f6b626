// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The heatmap of durations, and what a rectangle on it has in common: both add up to the events.
#include <QtTest>

#include <cmath>
#include <numeric>
#include <random>

#include "models/latency/latency_difference.h"
#include "models/latency/latency_heatmap.h"
#include "tests/support/latency_world.h"

using namespace weir;
using namespace weir::test;

namespace {

constexpr std::int64_t second_us = LatencyWorld::second_us;
constexpr std::int64_t minute_us = 60 * second_us;
constexpr std::int64_t noon_us = LatencyWorld::noon_us;

LatencyPath hop(const LatencyWorld& world) {
    for (const LatencyPath& path : latency_paths(world.seen(), *world.words, ClockPolicy::Raw))
        if (path.kind == LatencyPath::Kind::Stage)
            return path;
    return {};
}

std::uint64_t sum(const std::vector<std::uint64_t>& counts) {
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

} // namespace

class TestLatencyPicture : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void every_event_is_in_one_cell() {
        std::mt19937_64 random(3);
        LatencyWorld world;
        std::uint64_t negative = 0;
        for (int i = 0; i < 5'000; ++i) {
            const auto taken =
                std::llround(std::pow(10, static_cast<double>(random() % 9'000) / 1e3));
            const bool behind = i % 10 == 0;
            negative += behind ? 1 : 0;
            world.pass(std::to_string(i),
                       noon_us + static_cast<std::int64_t>(random() % 840) * second_us,
                       behind ? -taken : taken);
        }
        const LatencyRange range{noon_us - 3'600 * second_us, noon_us + 3'600 * second_us};
        for (const std::int64_t width : {10 * second_us, minute_us, 7 * minute_us}) {
            const auto slices = latency_slices(world.seen(), hop(world), range, width);
            const LatencyHeatmap map = latency_heatmap(slices, range, width);
            QCOMPARE(sum(map.counts) + sum(map.negative), 5'000u);
            QCOMPARE(sum(map.negative), negative);
            QVERIFY(map.from_us <= range.from_us && map.to_us() >= range.to_us);
            QVERIFY(map.most > 0 && map.total == 5'000);
        }
    }

    void rows_are_where_their_edges_say() {
        LatencyHeatmap map;
        map.least_us = 100;
        map.rows = 40;
        for (double us = 100; us < 9e6; us *= 1.07) {
            const std::size_t row = map.row_of(us);
            QVERIFY(us >= map.edge_us(row) * 0.999 && us <= map.edge_us(row + 1) * 1.001);
        }
        QCOMPARE(map.row_of(0), std::size_t(0));
        QCOMPARE(map.row_of(1e30), std::size_t(39));
    }

    void an_empty_range_has_columns_and_no_events() {
        const LatencyHeatmap map =
            latency_heatmap({}, {noon_us, noon_us + 5 * minute_us}, 10 * second_us);
        QCOMPARE(map.columns, std::size_t(30));
        QCOMPARE(map.total, 0u);
        QVERIFY(map.rows > 0);
        const LatencyHeatmap year =
            latency_heatmap({}, {0, 366LL * 86'400 * second_us}, 10 * second_us);
        QVERIFY(year.columns <= LatencyHeatmap::columns_max);
    }

    void what_is_slow_is_of_one_version_and_the_list_says_so_first() {
        LatencyWorld world;
        for (int i = 0; i < 2'000; ++i) {
            const bool slow = i >= 1'000 && i % 4 == 0;
            world.pass(std::to_string(i), noon_us + i / 4 * second_us,
                       slow ? 3 * second_us : 40'000,
                       slow         ? "4.7.1"
                       : i % 3 == 0 ? "4.6.0"
                                    : "4.7.0");
        }
        const LatencySelection slow{
            {noon_us + 4 * minute_us, noon_us + 9 * minute_us}, second_us, 10 * second_us};
        const auto found = latency_differences(world.seen(), hop(world), slow,
                                               {noon_us, noon_us + 3'600 * second_us}, *world.words,
                                               *DisclosurePolicy::none());
        QCOMPARE(found.size(), std::size_t(5)); // four dimensions and the partition
        const DimensionDifference& first = found.front();
        QCOMPARE(first.dimension, std::string("app_version"));
        QCOMPARE(first.values.front().value, std::string("4.7.1"));
        QCOMPARE(first.inside, std::uint64_t(250));
        QCOMPARE(first.outside, std::uint64_t(1'750));
        QCOMPARE(first.share_inside(first.values.front()), 1.0);
        QCOMPARE(first.share_outside(first.values.front()), 0.0);
        QVERIFY(!first.alike());
        for (const DimensionDifference& other : found)
            if (other.dimension != "app_version")
                QVERIFY2(other.alike(), other.dimension.c_str());
    }

    void nothing_selected_has_nothing_in_common() {
        LatencyWorld world;
        world.pass("a", noon_us, 1'000);
        const LatencySelection none{{noon_us, noon_us + minute_us}, second_us, 2 * second_us};
        QVERIFY(latency_differences(world.seen(), hop(world), none, {}, *world.words,
                                    *DisclosurePolicy::none())
                    .empty());
    }
};

QTEST_GUILESS_MAIN(TestLatencyPicture)
#include "tst_latency_picture.moc"
