// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How many were different: held against an exact count, up to a million.
#include <QtTest>

#include <cmath>
#include <string>

#include "models/event/sighting.h"
#include "models/invalid/distinct_sketch.h"

using namespace weir;

namespace {

DistinctSketch of_range(int from, int to) {
    DistinctSketch sketch;
    for (int i = from; i < to; ++i)
        sketch.add(hash_value("user-" + std::to_string(i)));
    return sketch;
}

bool is_about(const DistinctSketch& sketch, double exact) {
    // Four standard deviations: one in 16,000 would be further off.
    const double off = std::abs(static_cast<double>(sketch.estimate()) - exact) / exact;
    return off < 4 * DistinctSketch::standard_error;
}

} // namespace

class TestDistinctSketch : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void few_are_counted_exactly_however_often_they_come() {
        DistinctSketch sketch;
        QCOMPARE(sketch.estimate(), 0u);
        for (int round = 0; round < 3; ++round)
            for (int i = 0; i < 128; ++i)
                sketch.add(hash_value(std::to_string(i)));
        QVERIFY(sketch.exact());
        QCOMPARE(sketch.estimate(), 128u);
        sketch.add(hash_value("one more"));
        QVERIFY(!sketch.exact());
    }

    void many_are_estimated_within_the_stated_error_data() {
        QTest::addColumn<int>("count");
        for (const int count : {129, 500, 2'500, 3'000, 10'000, 100'000, 1'000'000})
            QTest::newRow(std::to_string(count).c_str()) << count;
    }
    void many_are_estimated_within_the_stated_error() {
        QFETCH(int, count);
        QVERIFY2(is_about(of_range(0, count), count),
                 std::to_string(of_range(0, count).estimate()).c_str());
    }

    void two_add_up_to_what_one_would_be_that_had_seen_all() {
        const int cuts[][2] = {{50, 100}, {50, 5'000}, {4'900, 5'000}, {100, 250}, {0, 5'000}};
        for (const auto& [cut, end] : cuts) {
            // They overlap, too.
            DistinctSketch left = of_range(0, cut), right = of_range(cut / 2, end);
            DistinctSketch both = left;
            both.add(right);
            right.add(left);
            const DistinctSketch all = of_range(0, end);
            QCOMPARE(both.estimate(), all.estimate());
            QVERIFY(both == all && right == all);
        }
    }
};

QTEST_GUILESS_MAIN(TestDistinctSketch)
#include "tst_distinct_sketch.moc"
