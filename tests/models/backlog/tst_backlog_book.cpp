// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is kept of samples over time: bounded, lossless where it stands still, over a restart.
#include "models/backlog/backlog_book.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <random>

#include "models/backlog/trend.h"
#include "tests/support/source_path.h"
#include "tests/support/verify.h"

using namespace weir;

namespace {

constexpr std::int64_t second = 1'000'000;

GroupReading reading_of(const std::string& group, std::int64_t at_s,
                        const std::vector<std::pair<std::int64_t, std::int64_t>>& places) {
    GroupReading reading;
    reading.at = Micros(at_s * second);
    reading.group.id = group;
    reading.group.state = kafka::GroupState::Stable;
    reading.group.members = 1;
    for (std::size_t i = 0; i < places.size(); ++i) {
        PartitionFacts p;
        p.at = {"orders", PartitionId(static_cast<std::int32_t>(i))};
        p.begin = 0;
        p.committed = places[i].first;
        p.end = places[i].second;
        p.member = "worker-1";
        reading.partitions.push_back(std::move(p));
    }
    return reading;
}

std::uint32_t looks_of(const BacklogSamples& samples) {
    std::uint32_t looks = 0;
    for (const BacklogSample& s : samples)
        looks += s.looks;
    return looks;
}

} // namespace

class TestBacklogBook : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void a_stretch_that_stands_still_is_two_samples() {
        SampleHistory history;
        for (std::int64_t i = 0; i < 1000; ++i)
            history.add({Micros(i * second), 5, 9, -1});
        QCOMPARE(history.samples()->size(), std::size_t{2});
        QCOMPARE(looks_of(*history.samples()), 1000U);
        QCOMPARE(history.samples()->front().at, Micros(0));
        QCOMPARE(history.samples()->back().at, Micros(999 * second));
    }

    /// Whatever comes: bounded, in order, every look and move counted, the first and the last kept.
    void any_history_is_bounded_and_counted() {
        std::mt19937_64 random(7);
        for (int round = 0; round < 20; ++round) {
            SampleHistory history;
            std::int64_t committed = 0, end = 0, before = -1;
            std::uint32_t moves = 0;
            const std::uint32_t looks = 1 + static_cast<std::uint32_t>(random() % 3000);
            for (std::uint32_t i = 0; i < looks; ++i) {
                end += static_cast<std::int64_t>(random() % 3);
                committed += random() % 4 == 0 ? static_cast<std::int64_t>(random() % 3) : 0;
                moves += before >= 0 && committed != before ? 1 : 0;
                before = committed;
                history.add({Micros(i * second), committed, end, -1});
            }
            const BacklogSamples& samples = *history.samples();
            QVERIFY(samples.size() <= SampleHistory::capacity);
            QCOMPARE(looks_of(samples), looks);
            QCOMPARE(samples.front().at, Micros(0));
            QCOMPARE(samples.back().end, end);
            std::uint32_t counted = 0;
            for (std::size_t i = 0; i < samples.size(); ++i) {
                counted += samples[i].moves;
                QVERIFY(i == 0 || samples[i - 1].at < samples[i].at);
            }
            QCOMPARE(counted, moves);
            SampleHistory again;
            QVERIFY(again.from_bytes(history.to_bytes()));
            QVERIFY(*again.samples() == samples);
        }
    }

    void bytes_that_are_no_history_are_refused() {
        SampleHistory history;
        for (std::int64_t i = 0; i < 40; ++i)
            history.add({Micros(i * second), i, 2 * i, i});
        const std::string good = history.to_bytes();
        std::mt19937_64 random(11);
        for (std::size_t cut = 0; cut < good.size(); ++cut)
            QVERIFY(!SampleHistory().from_bytes(good.substr(0, cut)));
        QVERIFY(!SampleHistory().from_bytes(good + "x"));
        QVERIFY(!SampleHistory().from_bytes(std::string(200, '\xff')));
        for (int i = 0; i < 2000; ++i) { // any answer, but no harm
            std::string bad = good;
            bad[random() % bad.size()] = static_cast<char>(random());
            SampleHistory().from_bytes(bad);
        }
    }

    void the_slope_is_the_one_of_a_line_with_outliers() {
        std::vector<TrendPoint> points;
        for (int i = 0; i < 30; ++i)
            points.push_back({static_cast<double>(i), 3.0 * i + (i % 7 == 0 ? 500.0 : 0.0)});
        QVERIFY(std::abs(*robust_slope(points) - 3.0) < 0.01);
        QVERIFY(!robust_slope({}));
        QVERIFY(!robust_slope(std::vector<TrendPoint>{{1, 2}, {1, 3}}));
    }

    void a_group_has_the_verdict_of_its_worst_partition() {
        BacklogBook book;
        for (std::int64_t i = 0; i < 4; ++i)
            book.absorb({reading_of("loader", i * 10, {{100 * i, 100 * i}, {7, 50 + i}})});
        const auto group = book.group("loader");
        QVERIFY(group->verdict == Verdict::Stalled);
        QVERIFY(group->reason.rfind("orders/1: no progress", 0) == 0);
        QCOMPARE(group->lag_messages, std::int64_t{46});
        QVERIFY(group->partitions[0].assessment.verdict == Verdict::Ok);
        QCOMPARE(*group->rate_in, 100 / 10 + 0.1);
    }

    void a_group_that_is_fine_speaks_of_the_partition_that_has_most_to_read() {
        BacklogBook book;
        for (std::int64_t i = 0; i < 4; ++i)
            book.absorb({reading_of("loader", i * 10, {{10 * i, 10 * i}, {10 * i, 10 * i + 3}})});
        const auto group = book.group("loader");
        QVERIFY(group->verdict == Verdict::Ok);
        QVERIFY2(group->reason.rfind("orders/1: keeps up", 0) == 0, group->reason.c_str());
        BacklogBook done;
        done.absorb({reading_of("loader", 0, {{7, 7}, {8, 8}})});
        QCOMPARE(done.group("loader")->reason, std::string("everything is read"));
    }

    void a_hot_partition_stands_out() {
        BacklogBook book;
        for (std::int64_t i = 0; i < 4; ++i)
            book.absorb({reading_of(
                "loader", i * 10,
                {{10 * i, 10 * i}, {10 * i, 10 * i}, {9, 10 * i}, {500 * i, 500 * i}})});
        const auto group = book.group("loader");
        QVERIFY(group->partitions[0].hot.empty());
        QVERIFY(QString::fromStdString(group->partitions[3].hot)
                    .contains(QStringLiteral("times the mean of 4 partitions")));
    }

    void samples_outlive_a_restart() {
        BacklogBook before;
        for (std::int64_t i = 0; i < 4; ++i)
            before.absorb({reading_of("loader", i * 10, {{7, 50 + i}})});
        const auto rows = before.unsaved();
        QCOMPARE(rows.size(), std::size_t{1});
        QVERIFY(before.unsaved().empty());
        BacklogBook after;
        for (const store::BacklogRow& row : rows)
            after.restore(row);
        QVERIFY(after.groups().empty()); // restored, but not read yet
        after.absorb({reading_of("loader", 40, {{7, 54}})});
        QVERIFY(after.group("loader")->verdict == Verdict::Stalled);
        after.restore({"broken", "t", PartitionId(0), Micros(1), "no samples"});
        after.keep_only({"other"});
        QVERIFY(!after.group("loader"));
    }

    /// tests/fixtures/store/backlog-v1.sqlite was written by format 1.
    void samples_of_format_1_are_read() {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("v1.sqlite"));
        QVERIFY(QFile::copy(
            QString::fromStdString(test::source_path("tests/fixtures/store/backlog-v1.sqlite")),
            path));
        const auto store = store::BacklogStore::open_read_only(path.toStdString());
        VERIFY_OK(store);
        SampleHistory history;
        bool whole = false;
        VERIFY_OK((*store)->load(
            [&](const store::BacklogRow& row) { whole = history.from_bytes(row.samples); }));
        QVERIFY(whole);
        QCOMPARE(history.samples()->size(), std::size_t{2});
        QCOMPARE(history.samples()->back().committed, std::int64_t{105});
        QCOMPARE(history.samples()->back().end, std::int64_t{150});
        QCOMPARE(history.samples()->back().moves, 1U);
    }

    void a_negative_lag_makes_up_for_no_other() {
        BacklogBook book;
        book.absorb({reading_of("mixed", 0, {{50, 20}, {10, 14}}),
                     reading_of("made-again", 0, {{50, 20}})});
        QCOMPARE(book.group("mixed")->lag_messages, std::int64_t{4});
        QCOMPARE(book.group("made-again")->lag_messages, std::int64_t{-30});
        QVERIFY(book.group("made-again")->verdict == Verdict::Lost);
    }

    void a_partition_that_is_gone_says_nothing_of_its_group() {
        BacklogBook book;
        GroupReading reading = reading_of("loader", 0, {{5, 5}, {900, -1}});
        reading.partitions[1].gone = true;
        book.absorb({std::move(reading)});
        QVERIFY(book.group("loader")->verdict == Verdict::Ok);
        QVERIFY(book.group("loader")->partitions[1].assessment.verdict == Verdict::Unknown);
    }
};

QTEST_GUILESS_MAIN(TestBacklogBook)
#include "tst_backlog_book.moc"
