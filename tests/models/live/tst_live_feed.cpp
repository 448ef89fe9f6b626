// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: threads
//
// The feed of the Live view: rows merged, filtered, paused, let go.
#include <QtTest>

#include <set>

#include "models/live/live_feed.h"
#include "tests/support/gated_decoder.h"
#include "tests/support/live_world.h"

using namespace weir;

namespace {

LiveFeedOptions options_for(const LiveWorld& world) {
    LiveFeedOptions options;
    options.vocabulary = world.vocabulary();
    options.rules.disclosure = DisclosurePolicy::none();
    return options;
}

std::shared_ptr<const Filter> filter(const char* text) {
    auto parsed = Filter::parse(text, Micros::now());
    return parsed ? std::move(parsed).value() : nullptr;
}

std::vector<std::int64_t> offsets(const LiveSnapshot& snapshot) {
    std::vector<std::int64_t> found;
    for (std::uint64_t i = 0; i < snapshot.matched(); ++i) {
        const RowRef ref = snapshot.rows.at(i);
        found.push_back(snapshot.segment(ref)->row(ref.row).offset);
    }
    return found;
}

/// Whether the newest snapshot says what is asked for; for QTRY_VERIFY.
template <class Says>
bool snapshot_says(const LiveFeed& feed, Says says) {
    return says(*feed.snapshot());
}

} // namespace

class TestLiveFeed : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void whoever_lets_it_go_waits_for_nothing() {
        const auto gate = std::make_shared<test::Gate>();
        gate->close();
        LiveWorld world;
        world.put(0, LiveWorld::purchases(10, 0));
        auto options = options_for(world);
        options.threads = 1;
        options.rules.decoders = [gate] { return std::make_unique<test::GatedDecoder>(gate); };
        auto feed = LiveFeed::start(options);
        options = {};
        feed->set_filter(filter("user == \"x\""));
        feed->offer(world.snapshots());
        QTRY_COMPARE(gate->waiting(), 1);
        feed.reset(); // its thread stands before the gate
        QCOMPARE(gate->waiting(), 1);
        gate->open();
        QTRY_COMPARE(gate.use_count(), 1L); // and is gone soon after
    }

    void merges_lanes_by_the_time_observed() {
        LiveWorld world(2);
        world.put(0, {{.offset = 10, .value = "{}", .observed_us = 100},
                      {.offset = 11, .value = "{}", .observed_us = 300}});
        world.put(1, {{.partition = 1, .offset = 20, .value = "{}", .observed_us = 200},
                      {.partition = 1, .offset = 21, .value = "{}", .observed_us = 400}});
        auto feed = LiveFeed::start(options_for(world));
        feed->offer(world.snapshots());
        QTRY_COMPARE(feed->snapshot()->matched(), 4u);
        QCOMPARE(offsets(*feed->snapshot()), (std::vector<std::int64_t>{10, 20, 11, 21}));
        QCOMPARE(feed->snapshot()->in_memory, 4u);
    }

    void what_was_read_back_stands_by_its_own_time_once_all_of_it_is_there() {
        constexpr std::int64_t now_us = 1'000'000'000;
        const auto row = [](std::int64_t offset, std::int64_t time_us, std::int64_t observed_us,
                            const char* type = "purchase") {
            return LiveWorldEvent{.offset = offset,
                                  .type = type,
                                  .value = "{}",
                                  .time_us = time_us,
                                  .observed_us = observed_us};
        };
        LiveWorld world(2); // two partitions, one after the other
        world.put(0, {row(10, 100, now_us), row(11, 300, now_us, "signup")});
        world.put(1, {row(20, 200, now_us + 1), row(21, 250, now_us + 1, "signup"),
                      row(22, 400, now_us + 1)});
        auto all = LiveFeed::start(options_for(world));
        auto some = LiveFeed::start(options_for(world));
        some->set_filter(filter("type == \"signup\""));
        for (LiveFeed* feed : {all.get(), some.get()})
            feed->offer(world.snapshots());
        QTRY_COMPARE(all->snapshot()->matched(), 5u);
        QTRY_COMPARE(some->snapshot()->matched(), 2u);
        const auto as_they_came = all->snapshot();
        QCOMPARE(offsets(*as_they_came), (std::vector<std::int64_t>{10, 11, 20, 21, 22}));
        for (LiveFeed* feed : {all.get(), some.get()})
            feed->offer(world.snapshots(), true);
        QTRY_COMPARE(offsets(*all->snapshot()), (std::vector<std::int64_t>{10, 20, 21, 11, 22}));
        QTRY_COMPARE(offsets(*some->snapshot()), (std::vector<std::int64_t>{21, 11}));
        QCOMPARE(offsets(*as_they_came), (std::vector<std::int64_t>{10, 11, 20, 21, 22}));
        // What comes from now on stands as it comes, by whatever clock.
        world.put(1, {row(23, now_us + 90, now_us + 100)});
        world.put(0, {row(12, now_us + 80, now_us + 101)});
        for (LiveFeed* feed : {all.get(), some.get()})
            feed->offer(world.snapshots(), true);
        QTRY_COMPARE(offsets(*all->snapshot()),
                     (std::vector<std::int64_t>{10, 20, 21, 11, 22, 23, 12}));
    }

    void filters_what_is_held_and_what_comes() {
        LiveWorld world;
        world.put(0, LiveWorld::purchases(20'000, 0));
        auto feed = LiveFeed::start(options_for(world));
        feed->offer(world.snapshots());
        const auto token =
            feed->set_filter(filter("type == \"purchase\" and properties.price > 100"));
        const auto done = [&](const LiveSnapshot& s) {
            return s.filter_token == token && !s.scanning && s.in_memory == 20'000;
        };
        QTRY_VERIFY(snapshot_says(*feed, done));
        std::uint64_t expected = 0;
        for (int i = 0; i < 20'000; ++i)
            expected += i % 3 == 0 && i % 200 >= 100 ? 1 : 0;
        QCOMPARE(feed->snapshot()->matched(), expected);

        world.put(0, LiveWorld::purchases(600, 20'000));
        feed->offer(world.snapshots());
        for (int i = 20'000; i < 20'600; ++i)
            expected += i % 3 == 0 && i % 200 >= 100 ? 1 : 0;
        QTRY_VERIFY(snapshot_says(
            *feed, [](const LiveSnapshot& s) { return s.in_memory == 20'600 && !s.scanning; }));
        QCOMPARE(feed->snapshot()->matched(), expected);
        const auto found = offsets(*feed->snapshot());
        QVERIFY(std::is_sorted(found.begin(), found.end()));
    }

    void finds_numbers_of_64_bits_and_more_exactly() {
        LiveWorld world;
        world.put(0, {{.offset = 1, .value = R"({"id":-7210194211959421178})"},
                      {.offset = 2, .value = R"({"id":-7210194211959421179})"},
                      {.offset = 3, .value = R"({"id":23958446825181076828})"},
                      {.offset = 4, .value = R"({"id":23958446825181076829})"}});
        auto feed = LiveFeed::start(options_for(world));
        feed->offer(world.snapshots());
        feed->set_filter(filter("$.id == -7210194211959421178"));
        QTRY_VERIFY(snapshot_says(*feed, [](const LiveSnapshot& s) {
            return s.filtered && !s.scanning && s.in_memory == 4;
        }));
        QCOMPARE(offsets(*feed->snapshot()), (std::vector<std::int64_t>{1}));
        const auto token = feed->set_filter(filter("$.id == 23958446825181076828"));
        QTRY_VERIFY(snapshot_says(
            *feed, [&](const LiveSnapshot& s) { return s.filter_token == token && !s.scanning; }));
        QCOMPARE(offsets(*feed->snapshot()), (std::vector<std::int64_t>{3}));
    }

    void answers_of_an_older_filter_are_dropped() {
        LiveWorld world;
        world.put(0, LiveWorld::purchases(50'000, 0));
        auto feed = LiveFeed::start(options_for(world));
        feed->offer(world.snapshots());
        feed->set_filter(filter("properties.price > 1"));
        const auto newest = feed->set_filter(filter("offset == 777"));
        QTRY_VERIFY(snapshot_says(*feed, [&](const LiveSnapshot& s) {
            return s.filter_token == newest && !s.scanning && s.in_memory == 50'000;
        }));
        QCOMPARE(offsets(*feed->snapshot()), (std::vector<std::int64_t>{777}));
    }

    void a_paused_range_stands_still_while_the_ring_turns_over() {
        const EventStoreLimits small{.rows = 4'000, .bytes = 1u << 20};
        LiveWorld world(1, small);
        world.put(0, LiveWorld::purchases(2'000, 0));
        auto options = options_for(world);
        options.pinned_bytes_max = 0; // all of it to disk
        auto feed = LiveFeed::start(options);
        feed->offer(world.snapshots());
        QTRY_COMPARE(feed->snapshot()->matched(), 2'000u);
        feed->pause();
        QTRY_VERIFY(feed->snapshot()->paused);
        const auto before = offsets(*feed->snapshot());

        for (int turn = 1; turn <= 20; ++turn) {
            world.put(0, LiveWorld::purchases(2'000, turn * 2'000));
            feed->offer(world.snapshots());
            QTRY_COMPARE(feed->snapshot()->arrived, static_cast<std::uint64_t>(turn + 1) * 2'000);
        }
        QCOMPARE(offsets(*feed->snapshot()), before);
        QCOMPARE(feed->snapshot()->given_up, 0u);
        QCOMPARE(feed->snapshot()->since_pause, 40'000u);
        QVERIFY(feed->snapshot()->spilled_bytes > 0);
        const RowRef first = feed->snapshot()->rows.at(0);
        QCOMPARE(feed->snapshot()->segment(first)->value(first.row),
                 std::string_view(LiveWorld::purchases(1, 0)[0].value));

        // A filter still answers on what was paused, and on that alone.
        feed->set_filter(filter("offset == 1999 or offset == 40000"));
        QTRY_VERIFY(
            snapshot_says(*feed, [](const LiveSnapshot& s) { return s.filtered && !s.scanning; }));
        QCOMPARE(offsets(*feed->snapshot()), (std::vector<std::int64_t>{1999}));

        feed->resume();
        QTRY_VERIFY(snapshot_says(*feed, [](const LiveSnapshot& s) {
            return !s.paused && !s.scanning && s.matched() == 1;
        }));
        QCOMPARE(offsets(*feed->snapshot()), (std::vector<std::int64_t>{40'000}));
    }

    void what_fits_neither_memory_nor_disk_is_counted() {
        const EventStoreLimits small{.rows = 4'000, .bytes = 1u << 20};
        LiveWorld world(1, small);
        world.put(0, LiveWorld::purchases(1'000, 0));
        auto options = options_for(world);
        options.pinned_bytes_max = 0;
        options.spill_bytes_max = 0;
        auto feed = LiveFeed::start(options);
        feed->offer(world.snapshots());
        QTRY_COMPARE(feed->snapshot()->matched(), 1'000u);
        feed->pause();
        QTRY_VERIFY(feed->snapshot()->paused);
        for (int turn = 1; turn <= 10; ++turn) {
            world.put(0, LiveWorld::purchases(1'000, turn * 1'000));
            feed->offer(world.snapshots());
        }
        QTRY_VERIFY(feed->snapshot()->given_up > 0);
        QVERIFY(!feed->snapshot()->spill_problem.empty());
        QCOMPARE(feed->snapshot()->matched() + feed->snapshot()->given_up, 1'000u);
    }

    void rows_leave_with_the_ring_and_none_is_lost_uncounted() {
        const EventStoreLimits small{.rows = 8'000, .bytes = 2u << 20};
        LiveWorld world(2, small);
        auto feed = LiveFeed::start(options_for(world));
        feed->set_filter(filter("type == \"purchase\""));
        std::int64_t next = 0;
        for (int turn = 0; turn < 60; ++turn) {
            world.put(turn % 2, LiveWorld::purchases(500, next));
            next += 500;
            feed->offer(world.snapshots());
        }
        const auto held = [&] {
            std::uint64_t rows = 0;
            for (const auto& lane : world.snapshots())
                rows += lane->rows_absorbed - lane->rows_released;
            return rows;
        };
        QTRY_VERIFY(snapshot_says(
            *feed, [&](const LiveSnapshot& s) { return s.arrived == 30'000 && !s.scanning; }));
        QCOMPARE(feed->snapshot()->in_memory, held());
        for (const std::int64_t offset : offsets(*feed->snapshot()))
            QCOMPARE(offset % 3, 0);
        const auto found = offsets(*feed->snapshot());
        QCOMPARE(std::set<std::int64_t>(found.begin(), found.end()).size(), found.size());
        QVERIFY(found.size() >= held() / 3 - 2 && found.size() <= held() / 3 + 2);
    }

    void a_masked_value_cannot_be_found() {
        LiveWorld world;
        world.put(0, {{.offset = 1, .value = R"({"email":"someone@example.org"})"},
                      {.offset = 2, .value = R"({"note":"nothing here"})"}});
        auto options = options_for(world);
        options.rules.disclosure = DisclosurePolicy::built_in_detectors();
        auto feed = LiveFeed::start(options);
        feed->offer(world.snapshots());
        feed->set_filter(filter("\"someone@example.org\""));
        QTRY_VERIFY(snapshot_says(*feed, [](const LiveSnapshot& s) {
            return s.filtered && !s.scanning && s.in_memory == 2;
        }));
        QCOMPARE(feed->snapshot()->matched(), 0u);
    }

    void other_rules_are_asked_of_all_that_is_held() {
        LiveWorld world;
        world.put(0, {{.offset = 1, .value = R"({"email":"someone@example.org"})"},
                      {.offset = 2, .value = R"({"note":"nothing here"})"}});
        auto feed = LiveFeed::start(options_for(world));
        feed->offer(world.snapshots());
        QTRY_COMPARE(feed->snapshot()->matched(), 2u);
        feed->pause();
        QTRY_VERIFY(feed->snapshot()->paused);
        const std::uint64_t token = feed->snapshot()->filter_token;
        const std::uint64_t version = feed->snapshot()->version;
        feed->set_rules({}); // the detectors
        QTRY_VERIFY(feed->snapshot()->version > version);
        QCOMPARE(feed->snapshot()->filter_token, token); // all rows, as before
        feed->set_filter(filter("\"someone@example.org\""));
        const auto left = [&](std::uint64_t matched) {
            const auto now = feed->snapshot();
            return now->filtered && !now->scanning && now->matched() == matched;
        };
        QTRY_VERIFY(left(0));
        feed->set_rules({DisclosurePolicy::none()});
        QTRY_VERIFY(left(1));
        QVERIFY(feed->snapshot()->paused && feed->snapshot()->filter_token > token);
    }

    void jumps_to_a_time_and_to_an_offset() {
        LiveWorld world;
        world.put(0, LiveWorld::purchases(5'000, 0));
        auto feed = LiveFeed::start(options_for(world));
        feed->offer(world.snapshots());
        QTRY_COMPARE(feed->snapshot()->matched(), 5'000u);
        JumpTarget three_seconds_in;
        three_seconds_in.time = Micros(1'795'226'403'000'000);
        const auto to_time = feed->jump(three_seconds_in);
        QTRY_VERIFY(feed->snapshot()->jump.token == to_time && feed->snapshot()->jump.done);
        QVERIFY(feed->snapshot()->jump.exact);
        QCOMPARE(feed->snapshot()->jump.row, std::optional<std::uint64_t>(3'000));

        const auto target =
            JumpTarget::parse_offset("3:1,204"); // 1204 % 6 == 4: not in partition 3
        QVERIFY(target.ok());
        const auto to_offset = feed->jump(*target);
        QTRY_VERIFY(feed->snapshot()->jump.token == to_offset && feed->snapshot()->jump.done);
        QVERIFY(!feed->snapshot()->jump.exact);
        QCOMPARE(feed->snapshot()->jump.row, std::optional<std::uint64_t>(1'203));
        QVERIFY(!feed->snapshot()->jump.beyond); // others lie before it
    }

    void an_observation_that_begins_anew_replaces_the_old_rows() {
        LiveWorld first;
        first.put(0, LiveWorld::purchases(100, 0));
        auto feed = LiveFeed::start(options_for(first));
        feed->offer(first.snapshots());
        QTRY_COMPARE(feed->snapshot()->matched(), 100u);
        LiveWorld second;
        second.put(0, LiveWorld::purchases(7, 500));
        feed->offer(second.snapshots());
        QTRY_COMPARE(feed->snapshot()->matched(), 7u);
        QCOMPARE(offsets(*feed->snapshot()).front(), 500);
    }

    void a_time_span_narrows_by_record_time_whatever_was_observed_when() {
        LiveWorld world;
        // Record times 0, 1, … 999 s; every tenth came late: old, but observed at the end.
        std::vector<LiveWorldEvent> events;
        for (int i = 0; i < 1'000; ++i)
            events.push_back({.offset = i,
                              .value = "{}",
                              .time_us = (i % 10 == 9 ? i - 9 : i) * 1'000'000LL,
                              .observed_us = i * 1'000'000LL});
        world.put(0, events);
        auto feed = LiveFeed::start(options_for(world));
        feed->offer(world.snapshots());
        const auto token = feed->set_time_span({900'000'000, 905'000'000});
        QTRY_VERIFY(snapshot_says(*feed, [&](const LiveSnapshot& s) {
            return s.filter_token == token && !s.scanning && s.in_memory == 1'000;
        }));
        QCOMPARE(offsets(*feed->snapshot()),
                 (std::vector<std::int64_t>{900, 901, 902, 903, 904, 909}));
        QVERIFY(feed->snapshot()->timed);
        QVERIFY(feed->snapshot()->filtered);

        // It goes together with a filter, narrows what comes, and is taken away again.
        feed->set_filter(filter("offset >= 904"));
        world.put(0, {{.offset = 1'000, .value = "{}", .time_us = 904'000'000},
                      {.offset = 1'001, .value = "{}", .time_us = 905'000'000}});
        feed->offer(world.snapshots());
        QTRY_COMPARE(offsets(*feed->snapshot()), (std::vector<std::int64_t>{904, 909, 1'000}));
        feed->set_filter(nullptr);
        feed->set_time_span({});
        QTRY_COMPARE(feed->snapshot()->matched(), 1'002u);
        QVERIFY(!feed->snapshot()->timed);
    }

    void a_span_that_follows_lets_old_rows_go_but_not_under_a_reader() {
        LiveWorld world;
        world.put(0, LiveWorld::purchases(10'000, 0));
        const std::int64_t first_us = LiveWorld::purchases(1, 0).front().time_us;
        auto feed = LiveFeed::start(options_for(world));
        feed->offer(world.snapshots());
        feed->set_time_span({first_us + 4'000'000, INT64_MAX});
        QTRY_COMPARE(feed->snapshot()->matched(), 6'000u);
        const std::uint64_t token = feed->snapshot()->filter_token;
        feed->slide_time_span(first_us + 5'000'000);
        QTRY_COMPARE(feed->snapshot()->matched(), 5'000u);
        QCOMPARE(offsets(*feed->snapshot()).front(), 5'000);
        QCOMPARE(feed->snapshot()->filter_token, token); // the same rows, less some at the end

        feed->pause();
        QTRY_VERIFY(feed->snapshot()->paused);
        feed->slide_time_span(first_us + 9'000'000);
        world.put(0, LiveWorld::purchases(500, 10'000));
        feed->offer(world.snapshots());
        QTRY_COMPARE(feed->snapshot()->since_pause, 500u);
        QCOMPARE(feed->snapshot()->matched(), 5'000u); // what is read stays
        // A range that the user sets narrows the paused rows as well.
        feed->set_time_span({first_us + 6'000'000, first_us + 7'000'000});
        QTRY_COMPARE(feed->snapshot()->matched(), 1'000u);
        feed->resume();
        QTRY_VERIFY(!feed->snapshot()->paused);
        QTRY_COMPARE(feed->snapshot()->matched(), 1'000u);
    }
};

QTEST_GUILESS_MAIN(TestLiveFeed)
#include "tst_live_feed.moc"
