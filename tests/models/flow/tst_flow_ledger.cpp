// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The ledger of flow: what becomes of events at every stage, on good days and on bad ones.
#include <QtTest>

#include <algorithm>

#include "tests/support/flow_world.h"

using namespace weir;
using namespace weir::test;

namespace {

constexpr std::int64_t second_us = FlowWorld::second_us;
constexpr std::int64_t minute_us = FlowWorld::minute_us;
constexpr std::int64_t hour_us = 60 * minute_us;

} // namespace

class TestFlowLedger : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void an_event_is_pending_until_it_is_seen_behind_the_stage() {
        FlowWorld w;
        w.read_all(second_us);
        w.see("raw_events", "a", second_us);
        QCOMPARE(w.stage(0)[FlowCount::In], 1);
        QCOMPARE(w.stage(0).pending, 1);
        w.see("unique_events", "a", 2 * second_us);
        QCOMPARE(w.stage(0)[FlowCount::Out], 1);
        QCOMPARE(w.stage(0)[output_count(0)], 1);
        QCOMPARE(w.stage(0).pending, 0);
        QCOMPARE(w.stage(1)[FlowCount::In], 1);
        QCOMPARE(w.stage(1).pending, 1);
    }

    void one_that_is_missing_past_its_limit_is_unaccounted_and_comes_back_if_it_turns_up() {
        FlowWorld w;
        w.see("raw_events", "lost", 0);
        w.read_all(minute_us);
        QCOMPARE(w.stage(0).pending, 1); // it may have been written until the limit's very end
        w.read_all(minute_us + 2 * second_us);
        QCOMPARE(w.stage(0).pending, 0);
        QCOMPARE(w.stage(0).unaccounted, 1);
        QCOMPARE(w.stage(0).unaccounted_since_us, FlowWorld::noon_us);
        QVERIFY(w.report().anything_unaccounted());
        w.see("unique_events", "lost", 2 * minute_us);
        QCOMPARE(w.stage(0).unaccounted, 0);
        QCOMPARE(w.stage(0)[FlowCount::Out], 1);
        QVERIFY(!w.report().anything_unaccounted());
    }

    void as_long_as_one_place_behind_is_not_read_so_far_nothing_is_unaccounted() {
        FlowWorld w;
        w.see("raw_events", "a", 0);
        w.read("raw_events", hour_us);
        w.read("unique_events", hour_us);
        w.read("enriched_events", hour_us);
        QCOMPARE(w.stage(0).outside, 1); // nobody has looked among the dead letters
        w.read("invalid_events", 30 * second_us);
        QCOMPARE(w.stage(0).pending, 1);
        w.read("invalid_events", hour_us);
        QCOMPARE(w.stage(0).unaccounted, 1);
    }

    void a_rejection_is_counted_by_reason_at_the_stage_that_made_it() {
        FlowWorld w;
        w.see("raw_events", "early", 0);
        w.see("invalid_events", "early", second_us);
        w.see("raw_events", "late", 0);
        w.see("unique_events", "late", second_us);
        w.see("invalid_events", "late", 2 * second_us);
        w.read_all(hour_us);
        const FlowReport report = w.report();
        QCOMPARE(report.rows[0].figures[FlowCount::Rejected], 1);
        QCOMPARE(report.rows[1].figures[FlowCount::Rejected], 1);
        QCOMPARE(report.rows[1].reasons.front().first, std::string("wrong_type"));
        QCOMPARE(report.rows[1].reasons.front().second, 1);
        QVERIFY(!report.anything_unaccounted());
    }

    void a_dead_letter_that_is_read_first_finds_its_stage_in_every_order() {
        std::vector<std::string> order{"invalid_events", "raw_events", "unique_events"};
        std::sort(order.begin(), order.end());
        do {
            FlowWorld w;
            for (const std::string& at : order)
                w.see(at, "a", second_us);
            w.read_all(hour_us);
            const FlowReport report = w.report();
            QCOMPARE(report.rows[0].figures[FlowCount::Rejected], 0);
            QCOMPARE(report.rows[0].figures[FlowCount::Out], 1);
            QCOMPARE(report.rows[1].figures[FlowCount::Rejected], 1);
            QVERIFY(report.rows[0].reasons.empty()); // what was booked for a moment is taken back
            QVERIFY(!report.anything_unaccounted());
        } while (std::next_permutation(order.begin(), order.end()));
    }

    void what_comes_again_is_told_by_its_content() {
        FlowWorld w;
        w.see("raw_events", "a", 0, 1);
        w.see("raw_events", "a", second_us, 1);
        w.see("raw_events", "a", 2 * second_us, 2);
        w.see("unique_events", "a", 3 * second_us, 1);
        w.see("raw_events", "a", 4 * second_us, 1); // also once it is through
        w.read_all(hour_us);
        const FlowFigures flow = w.stage(0);
        QCOMPARE(flow[FlowCount::In], 4);
        QCOMPARE(flow[FlowCount::Out], 1);
        QCOMPARE(flow[FlowCount::SameBytes], 2);
        QCOMPARE(flow[FlowCount::OtherContent], 1);
        QCOMPARE(FlowWorld::missing(flow), 0);
    }

    void an_id_that_is_used_again_after_the_window_is_a_new_event() {
        FlowWorld w;
        const auto passes = [&](std::int64_t at_us) {
            w.see("raw_events", "again", at_us);
            w.see("unique_events", "again", at_us + second_us);
            w.see("enriched_events", "again", at_us + 2 * second_us);
        };
        passes(0);
        for (int i = 0; i < 10; ++i) { // time goes on by other events
            w.see("raw_events", "other" + std::to_string(i), i * hour_us);
            w.see("unique_events", "other" + std::to_string(i), i * hour_us);
        }
        passes(10 * hour_us);
        w.read_all(10 * hour_us);
        QCOMPARE(w.stage(0).duplicate(), 0);
        QCOMPARE(w.stage(0)[FlowCount::Out], 12);
    }

    void an_event_may_be_seen_at_the_last_stage_first() {
        FlowWorld w;
        w.see("enriched_events", "a", 3 * second_us);
        w.see("unique_events", "a", 2 * second_us);
        w.see("raw_events", "a", second_us);
        w.read_all(hour_us);
        for (const std::size_t stage : {std::size_t{0}, std::size_t{1}}) {
            QCOMPARE(w.stage(stage)[FlowCount::Out], 1);
            QCOMPARE(w.stage(stage).unaccounted, 0);
            QCOMPARE(FlowWorld::missing(w.stage(stage)), 0);
        }
    }

    void a_place_that_is_watched_minutes_after_another_accuses_nobody() {
        FlowWorld w;
        for (int i = 0; i < 600; ++i)
            w.see("raw_events", "e" + std::to_string(i), i * second_us);
        w.read("raw_events", 600 * second_us);
        for (const char* late : {"unique_events", "enriched_events", "invalid_events"})
            w.read(late, 2 * hour_us, 300 * second_us);
        for (int i = 300; i < 599; ++i) // e599 is lost
            w.see("unique_events", "e" + std::to_string(i), i * second_us + 1'000);
        const FlowFigures flow = w.stage(0);
        QCOMPARE(flow.outside, 300);
        QCOMPARE(flow[FlowCount::Out], 299);
        QCOMPARE(flow.unaccounted, 1);
        QCOMPARE(FlowWorld::missing(flow), 0);
    }

    void reading_at_half_of_the_streams_rate_finds_nothing_unaccounted() {
        FlowWorld w;
        // Every second ten events are written, and passed on two seconds later; Weir reads half a
        // second's worth of each place in that time, and of one place even less.
        constexpr int per_second = 10;
        std::int64_t raw_read = 0, unique_read = 0, enriched_read = 0;
        const auto catch_up = [&](const char* at, std::int64_t& from, std::int64_t to,
                                  std::int64_t delay_s) {
            for (; from < to; ++from)
                w.see(at, "e" + std::to_string(from),
                      (from / per_second + delay_s) * second_us + from % per_second);
            w.read(at, (from / per_second + delay_s) * second_us);
        };
        for (std::int64_t second = 0; second < 1'200; ++second) {
            catch_up("raw_events", raw_read, second * per_second / 2, 0);
            catch_up("unique_events", unique_read, second * per_second / 2 - 20, 2);
            catch_up("enriched_events", enriched_read, second * per_second / 4 - 20, 4);
            w.read("invalid_events", second * second_us);
            if (second % 60 != 0)
                continue;
            const FlowReport report = w.report();
            QVERIFY(!report.anything_unaccounted());
            QCOMPARE(FlowWorld::missing(report.rows[0].figures), 0);
            QCOMPARE(FlowWorld::missing(report.rows[1].figures), 0);
            QCOMPARE(report.rows[1].figures.outside, 0);
        }
        QVERIFY(w.stage(1)[FlowCount::Out] > 2'000);
    }

    void a_burst_after_silence_is_pending_and_no_more() {
        FlowWorld w;
        w.see("raw_events", "before", 0);
        w.see("unique_events", "before", second_us);
        w.see("enriched_events", "before", 2 * second_us);
        w.read_all(12 * hour_us); // idle, and known to be read to its end
        QVERIFY(!w.report().anything_unaccounted());
        for (int i = 0; i < 5'000; ++i)
            w.see("raw_events", "burst" + std::to_string(i), 12 * hour_us);
        w.read_all(12 * hour_us + 30 * second_us);
        QCOMPARE(w.stage(0).pending, 5'000);
        QCOMPARE(w.stage(0).unaccounted, 0);
        for (int i = 0; i < 5'000; ++i)
            w.see("unique_events", "burst" + std::to_string(i), 12 * hour_us + 40 * second_us);
        w.read_all(13 * hour_us);
        QCOMPARE(w.stage(0).unaccounted, 0);
        QCOMPARE(w.stage(1).unaccounted, 5'000); // that one stage lets none pass
    }

    void what_has_no_id_is_counted_apart() {
        FlowWorld w;
        JoinEntry entry = w.entry_of("raw_events", "coordinates", 0);
        entry.key_source = KeySource::Coordinates;
        w.lanes[0]->absorb_entries({entry});
        entry.outcome = Outcome::Tombstone;
        w.lanes[0]->absorb_entries({entry});
        w.read_all(hour_us);
        const FlowFigures flow = w.stage(0);
        QCOMPARE(flow[FlowCount::In], 1);
        QCOMPARE(flow[FlowCount::Unjoinable], 1);
        QCOMPARE(FlowWorld::missing(flow), 0);
    }

    void what_was_replayed_is_known() {
        FlowWorld w;
        JoinEntry entry = w.entry_of("raw_events", "a", 0);
        w.lanes[entry.key.value() % 2]->absorb_entries({entry});
        entry.replay_count = 1;
        w.lanes[entry.key.value() % 2]->absorb_entries({entry});
        QCOMPARE(w.stage(0)[FlowCount::Replayed], 1);
        QCOMPARE(w.stage(0)[FlowCount::SameBytes], 1);
    }

    void by_a_dimension_the_version_that_loses_events_stands_out() {
        FlowWorld w;
        for (int i = 0; i < 100; ++i) {
            const std::string id = "e" + std::to_string(i);
            const char* version = i < 20 ? "4.7.1" : "4.7.0";
            w.see("raw_events", id, i * 1'000, 1, version);
            if (i >= 20)
                w.see("unique_events", id, second_us, 1, version);
        }
        w.read_all(hour_us);
        const FlowReport report = w.report({.by = 3});
        const auto of = [&](const std::string& value) {
            return std::find_if(
                       report.rows.begin(), report.rows.end(),
                       [&](const FlowRow& row) { return row.stage == 0 && row.value == value; })
                ->figures;
        };
        QCOMPARE(report.dimension, std::string("app_version"));
        QCOMPARE(of("4.7.1").unaccounted, 20);
        QCOMPARE(of("4.7.0").unaccounted, 0);
        QCOMPARE(of("4.7.0")[FlowCount::Out], 80);
    }

    void past_its_bound_ids_are_sampled_and_the_estimate_has_an_interval() {
        FlowWorld w(1, 4'000);
        constexpr int all = 40'000;
        for (int i = 0; i < all; ++i)
            w.see("raw_events", "e" + std::to_string(i), i);
        for (int i = 0; i < all; ++i)
            if (i % 4 != 0)
                w.see("unique_events", "e" + std::to_string(i), second_us);
        w.read_all(hour_us);
        const FlowRow row = w.report().rows[0];
        QVERIFY(row.estimate);
        QCOMPARE(row.figures[FlowCount::In], all); // counted, and not estimated
        const std::int64_t lost = row.figures.unaccounted;
        const std::int64_t error = row.error(lost);
        QVERIFY(error > 0);
        // Three times the half of a 95 % interval: nearly six standard deviations.
        QVERIFY2(std::abs(lost - all / 4) < 3 * error, qPrintable(QString::number(lost)));
        const std::int64_t passed = row.figures[FlowCount::Out];
        QVERIFY(std::abs(passed - all / 4 * 3) < 3 * row.error(passed));
        QVERIFY(w.seen().lanes.front()->open <= 4'000);
    }

    void a_restart_counts_what_was_under_way_as_outside_and_not_as_lost() {
        FlowWorld w;
        for (const std::string& at : FlowWorld::places)
            w.read(at, hour_us, 10 * second_us); // watched from then on
        w.see("raw_events", "before", 9 * second_us);
        w.see("unique_events", "unseen before", 11 * second_us);
        w.see("enriched_events", "unseen before", 12 * second_us);
        QCOMPARE(w.stage(0).outside, 1);
        QCOMPARE(w.stage(0)[FlowCount::Out], 0);
        QCOMPARE(w.stage(1)[FlowCount::Out], 1);
        QVERIFY(!w.report().anything_unaccounted());
    }

    void the_json_has_the_members_that_scripts_rely_on() {
        FlowWorld w;
        w.see("raw_events", "a", 0);
        w.see("raw_events", "a", 0);
        w.read_all(hour_us);
        const std::string json = to_json(w.report(), *w.options);
        QVERIFY2(json.find("\"stage\":\"deduplicate\",\"in\":2,\"out\":0,\"rejected\":0,"
                           "\"filtered\":null,\"duplicate\":1,\"retried\":1,\"pending\":0,"
                           "\"unaccounted\":1,\"estimate\":false,\"partial\":false") !=
                     std::string::npos,
                 json.c_str());
    }
};

QTEST_GUILESS_MAIN(TestFlowLedger)
#include "tst_flow_ledger.moc"
