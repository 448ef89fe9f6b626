// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What groups committed stands for looks that nobody took.
#include "models/backlog/commit_recall.h"

#include <QtTest>

#include <algorithm>

#include "models/backlog/assessment.h"
#include "models/backlog/backlog_book.h"

using namespace weir;

namespace {

constexpr std::int64_t second = 1'000'000;

Micros at(std::int64_t seconds) {
    return Micros(seconds * second);
}

std::vector<EndThen> ends_every(std::int64_t step_s, std::initializer_list<std::int64_t> ends) {
    std::vector<EndThen> all;
    for (const std::int64_t end : ends)
        all.push_back({at(step_s * static_cast<std::int64_t>(all.size())), end});
    return all;
}

GroupReading reading_at(std::int64_t seconds, std::int64_t committed, std::int64_t end) {
    GroupReading reading;
    reading.at = at(seconds);
    reading.group.id = "loader";
    reading.group.state = kafka::GroupState::Stable;
    PartitionFacts p;
    p.at = {"orders", PartitionId(0)};
    p.begin = 0;
    p.committed = committed;
    p.end = end;
    p.member = "worker-1";
    reading.partitions.push_back(p);
    return reading;
}

} // namespace

class TestCommitRecall : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void times_come_closer_towards_the_end() {
        const std::vector<Micros> times = recalled_times({at(0), at(3600)});
        QCOMPARE(times.size(), recalled_looks_max);
        QCOMPARE(times.front(), at(0));
        QCOMPARE(times.back(), at(3599));
        QVERIFY(std::is_sorted(times.begin(), times.end()));
        const auto recent =
            std::count_if(times.begin(), times.end(), [](Micros time) { return time >= at(3000); });
        QVERIFY(recent >= 16); // of which verdicts are made
        const std::vector<Micros> few = recalled_times({at(0), at(1)});
        QVERIFY(few.front() == at(0) && few.back() == Micros(second / 2));
    }

    void each_time_has_the_newest_commit_until_then() {
        const std::vector<kafka::SeenCommit> commits{{at(5), 100}, {at(12), 110}, {at(18), 120}};
        const BacklogSamples looks =
            recalled_looks(commits, 120, at(0), ends_every(10, {200, 220, 240, 260}));
        QCOMPARE(looks.size(), std::size_t{3}); // before the first commit nothing is known
        QVERIFY(looks[0] == (BacklogSample{at(10), 100, 220, -1, 1, 0}));
        QVERIFY(looks[1] == (BacklogSample{at(20), 120, 240, -1, 1, 2})); // both moves
        QVERIFY(looks[2] == (BacklogSample{at(30), 120, 260, -1, 1, 0}));
    }

    void without_a_commit_it_stood_where_it_stands() {
        const BacklogSamples looks =
            recalled_looks({}, 100, at(10), ends_every(10, {200, 220, -1, 260}));
        QCOMPARE(looks.size(), std::size_t{2}); // since all is known, and where the end is
        QVERIFY(looks[0] == (BacklogSample{at(10), 100, 220, -1, 1, 0}));
        QVERIFY(looks[1] == (BacklogSample{at(30), 100, 260, -1, 1, 0}));
    }

    void a_deleted_commit_is_none_and_no_end_lies_before_what_is_read() {
        const std::vector<kafka::SeenCommit> commits{{at(0), 100}, {at(15), -1}, {at(25), 300}};
        const BacklogSamples looks =
            recalled_looks(commits, 300, at(0), ends_every(10, {90, 220, 240, 290}));
        QCOMPARE(looks.size(), std::size_t{3});
        QCOMPARE(looks[0].end, std::int64_t{100});
        QCOMPARE(looks[2].committed, std::int64_t{300});
        QCOMPARE(looks[2].end, std::int64_t{300});
    }

    void they_lie_between_what_was_seen_before_and_this_start() {
        SampleHistory history;
        history.add({at(100), 10, 20, -1}); // of the day before
        history.add({at(1000), 70, 90, -1});
        const BacklogSamples recalled{{at(90), 9, 20, -1, 1, 0},
                                      {at(500), 30, 50, -1, 1, 0},
                                      {at(900), 70, 80, -1, 1, 3},
                                      {at(1000), 70, 90, -1, 1, 0}};
        history.fill(recalled, at(1000));
        const BacklogSamples& all = *history.samples();
        QCOMPARE(all.size(), std::size_t{4});
        QCOMPARE(all[1].at, at(500));
        QCOMPARE(all[1].moves, 1U); // from 10
        QCOMPARE(all[2].moves, 3U);
        QCOMPARE(all[3].at, at(1000));
        QCOMPARE(all[3].moves, 0U); // it moved before, as is known now
        history.fill(recalled, at(1000));
        QCOMPARE(history.samples()->size(), std::size_t{4}); // nothing twice
        SampleHistory none;
        none.fill({}, at(1000));
        QVERIFY(none.empty());
    }

    void there_is_no_more_of_them_than_room() {
        SampleHistory history;
        history.add({at(1000), 500, 900, -1});
        BacklogSamples recalled;
        for (std::int64_t i = 0; i < 300; ++i)
            recalled.push_back({at(i), i, 2 * i, -1, 1, i == 0 ? 0U : 1U});
        history.fill(recalled, at(1000));
        QVERIFY(history.samples()->size() <= SampleHistory::capacity);
        QCOMPARE(history.samples()->front().at, at(0));
        QCOMPARE(history.samples()->back().at, at(1000));
    }

    void a_verdict_is_had_at_once() {
        const auto behind = ends_every(10, {1000, 1200, 1400, 1600, 1800});
        std::vector<kafka::SeenCommit> commits;
        for (std::int64_t i = 0; i < 5; ++i)
            commits.push_back({at(10 * i), 900 + 100 * i});
        BacklogBook book;
        book.absorb({reading_at(50, 1300, 2000)});
        QVERIFY(book.group("loader")->verdict == Verdict::Unknown);
        const kafka::TopicPartition place{"orders", PartitionId(0)};
        book.fill("loader", place, recalled_looks(commits, 1300, at(0), behind));
        book.absorb({reading_at(52, 1300, 2020)});
        QVERIFY2(book.group("loader")->verdict == Verdict::Warn,
                 book.group("loader")->reason.c_str());
        QCOMPARE(book.group("loader")->partitions[0].samples->front().at, at(0));
    }
};

QTEST_GUILESS_MAIN(TestCommitRecall)
#include "tst_commit_recall.moc"
