// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Which records were counted: the same as a set of offsets says, as long as there are few holes.
#include <QtTest>

#include <random>
#include <set>

#include "models/event/fold/counted_ranges.h"

using namespace weir;

namespace {

const CountedRanges::Key here{"raw_events", PartitionId(0)};

ReadStretch stretch(std::int64_t first, std::int64_t next) {
    return {Offset(first), Offset(next), Micros(next)};
}

} // namespace

class TestCountedRanges : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void it_says_what_a_set_of_offsets_says() {
        std::mt19937 random(3);
        for (int round = 0; round < 50; ++round) {
            CountedRanges ranges;
            std::set<std::int64_t> all;
            for (int i = 0; i < 40; ++i) {
                const auto first = static_cast<std::int64_t>(random() % 1'000);
                const auto next = first + static_cast<std::int64_t>(random() % 30);
                ranges.add(here, stretch(first, next));
                for (std::int64_t at = first; at < next; ++at)
                    all.insert(at);
            }
            std::set<std::int64_t> told;
            std::int64_t before = -1;
            for (const ReadStretch& one : ranges.of(here)) {
                QVERIFY(one.first.value() > before); // apart, not touching
                before = one.next.value();
                for (std::int64_t at = one.first.value(); at < one.next.value(); ++at)
                    told.insert(at);
            }
            QVERIFY(told == all);
        }
    }

    void past_its_bound_it_claims_the_least_between_two() {
        CountedRanges ranges;
        const auto count = static_cast<std::int64_t>(CountedRanges::ranges_max);
        for (std::int64_t i = 0; i < count; ++i)
            ranges.add(here, stretch(i * 100, i * 100 + 50));
        ranges.add(here, stretch(55, 60));
        QCOMPARE(ranges.of(here).size(), CountedRanges::ranges_max);
        QCOMPARE(ranges.of(here).front().next, Offset(60));
    }

    void partitions_are_apart() {
        CountedRanges ranges;
        ranges.add(here, stretch(0, 5));
        QVERIFY(ranges.of({"raw_events", PartitionId(1)}).empty());
        ranges.forget(here);
        QVERIFY(ranges.empty());
    }
};

QTEST_GUILESS_MAIN(TestCountedRanges)
#include "tst_counted_ranges.moc"
