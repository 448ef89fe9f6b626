// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include <algorithm>
#include <cmath>
#include <random>

#include "models/event/quantile/quantile_sketch.h"
#include "tests/support/verify.h"

using namespace weir;

namespace {

std::int64_t exact(const std::vector<std::int64_t>& sorted, double q) {
    return sorted[static_cast<std::size_t>(q * static_cast<double>(sorted.size() - 1))];
}

bool within(std::int64_t got, std::int64_t wanted) {
    const double error = std::abs(static_cast<double>(got - wanted));
    // Values are whole microseconds: the middle of a bin is rounded to one.
    return error <= QuantileSketch::relative_error * std::abs(static_cast<double>(wanted)) + 0.5;
}

/// Values spread evenly over the decades between 1 µs and 30 days.
std::vector<std::int64_t> durations(std::size_t count, unsigned seed, double negative_share = 0) {
    std::mt19937_64 random(seed);
    std::uniform_real_distribution<double> exponent(
        0, std::log10(static_cast<double>(QuantileSketch::largest_us)));
    std::uniform_real_distribution<double> share(0, 1);
    std::vector<std::int64_t> all(count);
    for (std::int64_t& one : all) {
        one = std::llround(std::pow(10, exponent(random)));
        if (share(random) < negative_share)
            one = -one;
    }
    return all;
}

QuantileSketch sketch_of(const std::vector<std::int64_t>& values) {
    QuantileSketch sketch;
    for (const std::int64_t value : values)
        sketch.add(value);
    return sketch;
}

} // namespace

class TestQuantileSketch : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void what_was_added_since_and_what_was_there_are_all() {
        const auto values = durations(2'000, 9, 0.3);
        QuantileSketch sketch = sketch_of({values.begin(), values.begin() + 700});
        sketch.add(0);
        const QuantileSketch before = sketch;
        QCOMPARE(sketch.since(before).count(), 0u);
        for (std::size_t i = 700; i < values.size(); ++i)
            sketch.add(values[i]);
        sketch.add(5, std::uint64_t{1} << 33); // past what a bin's lower part holds
        const QuantileSketch more = sketch.since(before);
        QCOMPARE(more.count(), 1'300u + (std::uint64_t{1} << 33));
        QuantileSketch all = before;
        all.merge(more);
        QVERIFY(all == sketch);
        QVERIFY(sketch.since({}) == sketch);
    }

    void every_quantile_is_within_one_percent_of_the_sorted_values_data() {
        QTest::addColumn<int>("count");
        QTest::addColumn<double>("negative_share");
        for (const int count : {1, 2, 3, 10, 1'000, 50'000})
            for (const double share : {0.0, 0.3, 1.0})
                QTest::addRow("%d values, %.0f %% negative", count, share * 100) << count << share;
    }
    void every_quantile_is_within_one_percent_of_the_sorted_values() {
        QFETCH(int, count);
        QFETCH(double, negative_share);
        std::vector<std::int64_t> values =
            durations(static_cast<std::size_t>(count), 7, negative_share);
        const QuantileSketch sketch = sketch_of(values);
        std::sort(values.begin(), values.end());
        QCOMPARE(sketch.count(), std::uint64_t(values.size()));
        QCOMPARE(sketch.min_us(), values.front());
        QCOMPARE(sketch.max_us(), values.back());
        for (int i = 0; i <= 1'000; ++i) {
            const double q = i / 1'000.0;
            QVERIFY2(within(sketch.quantile(q), exact(values, q)),
                     qPrintable(QStringLiteral("q %1: %2 instead of %3")
                                    .arg(q)
                                    .arg(sketch.quantile(q))
                                    .arg(exact(values, q))));
        }
    }

    void each_microsecond_up_to_ten_thousand_finds_its_bin() {
        for (std::int64_t us = 0; us <= 10'000; ++us) {
            QuantileSketch sketch;
            sketch.add(us);
            const auto bins = sketch.bins();
            QCOMPARE(bins.size(), std::size_t{1});
            QVERIFY(bins[0].lower_us <= us && us <= bins[0].upper_us);
            QCOMPARE(sketch.quantile(0.5), us); // min and max are exact
        }
    }

    void parts_add_up_to_the_whole_in_any_order() {
        const std::vector<std::int64_t> values = durations(20'000, 11, 0.1);
        std::vector<QuantileSketch> parts(7);
        for (std::size_t i = 0; i < values.size(); ++i)
            parts[i * i % parts.size()].add(values[i]);
        QuantileSketch forward;
        QuantileSketch backward;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            forward.merge(parts[i]);
            backward.merge(parts[parts.size() - 1 - i]);
        }
        QVERIFY(forward == sketch_of(values));
        QVERIFY(backward == forward);
    }

    void negative_durations_stay_apart() {
        const QuantileSketch sketch = sketch_of({-3'600'000'000, -1, 0, 0, 5, 1'000});
        QCOMPARE(sketch.negative_count(), std::uint64_t{2});
        QCOMPARE(sketch.quantile(0), -3'600'000'000);
        QCOMPARE(sketch.quantile(0.2), -1);
        QCOMPARE(sketch.quantile(0.5), 0);
        QCOMPARE(sketch.quantile(1), 1'000);
        const auto bins = sketch.bins();
        QCOMPARE(bins.size(), std::size_t{5});
        QVERIFY(bins[0].negative && bins[1].negative && !bins[2].negative);
    }

    void what_lies_beyond_a_month_is_counted_and_its_extremes_are_kept() {
        QuantileSketch sketch = sketch_of({INT64_MAX, INT64_MIN, 10});
        QCOMPARE(sketch.count(), std::uint64_t{3});
        QCOMPARE(sketch.max_us(), INT64_MAX);
        QCOMPARE(sketch.min_us(), INT64_MIN);
        QCOMPARE(sketch.quantile(0.5), 10);
        QVERIFY(sketch.quantile(1) >= QuantileSketch::largest_us / 100 * 99);
    }

    void counts_past_32_bits_stay_exact() {
        QuantileSketch sketch;
        sketch.add(100, 5'000'000'000);
        sketch.add(100, 4'294'967'295);
        sketch.add(1'000'000, 3);
        QCOMPARE(sketch.count(), std::uint64_t{9'294'967'298});
        QCOMPARE(sketch.bins()[0].count, std::uint64_t{9'294'967'295});
        QuantileSketch twice = sketch;
        twice.merge(sketch);
        QCOMPARE(twice.bins()[0].count, std::uint64_t{18'589'934'590});
        QVERIFY(*QuantileSketch::decode(twice.encode()) == twice);
    }

    void it_is_the_same_after_it_was_kept() {
        for (const double share : {0.0, 0.5}) {
            const QuantileSketch sketch = sketch_of(durations(5'000, 3, share));
            const auto again = QuantileSketch::decode(sketch.encode());
            VERIFY_OK(again);
            QVERIFY(*again == sketch);
            QCOMPARE(again->quantile(0.99), sketch.quantile(0.99));
            QCOMPARE(again->max_us(), sketch.max_us());
        }
        QCOMPARE(QuantileSketch::decode(QuantileSketch().encode())->count(), std::uint64_t{0});
    }

    void bytes_that_are_none_are_refused() {
        const std::string good = sketch_of(durations(100, 5, 0.2)).encode();
        for (std::size_t size = 0; size < good.size(); ++size)
            VERIFY_ERROR(QuantileSketch::decode(good.substr(0, size)), ErrorCode::Corrupt);
        VERIFY_ERROR(QuantileSketch::decode(good + "x"), ErrorCode::Corrupt);
        std::mt19937 random(1);
        for (int i = 0; i < 20'000; ++i) {
            std::string bytes = good;
            bytes[random() % bytes.size()] = static_cast<char>(random());
            if (const auto read = QuantileSketch::decode(bytes); read && read->count() > 0)
                (void)read->quantile(0.5); // whatever it is, it is safe to ask
        }
    }

    void a_minute_of_one_stage_takes_two_kilobytes() {
        std::mt19937_64 random(9);
        std::lognormal_distribution<double> latency(std::log(40'000), 0.8); // around 40 ms
        QuantileSketch sketch;
        for (int i = 0; i < 60'000; ++i)
            sketch.add(std::llround(latency(random)));
        QVERIFY2(sketch.memory_bytes() <= 2'048,
                 qPrintable(QString::number(sketch.memory_bytes())));
        QVERIFY2(sketch.encode().size() <= 1'024,
                 qPrintable(QString::number(sketch.encode().size())));
    }
};

QTEST_GUILESS_MAIN(TestQuantileSketch)
#include "tst_quantile_sketch.moc"
