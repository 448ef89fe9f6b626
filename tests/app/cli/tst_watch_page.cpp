// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The page that weir watch serves, look by look: it can be read whatever names hold, its counters
// never go back, and what it leaves out it says.
#include <QtTest>

#include <algorithm>

#include "app/cli/watch_page.h"
#include "tests/support/open_metrics_check.h"

using namespace weir;
using namespace weir::cli;
using namespace weir::test;

namespace {

WatchLook look_of(std::int64_t in, std::int64_t unaccounted) {
    WatchLook look;
    look.at = Micros(1'700'000'000'000'000);
    look.connection = "shop \"prod\"";
    look.state.partitions = 3;
    look.stats.events = static_cast<std::uint64_t>(in);
    FlowRow row;
    row.name = "deduplicate";
    row.judged = true;
    row.figures.counts[FlowCount::In] = in;
    row.figures.unaccounted = unaccounted;
    look.flow_all.rows = look.flow.rows = {row};
    return look;
}

std::shared_ptr<const GroupBacklog> group_of(const std::string& id, Verdict verdict, int partitions,
                                             std::int64_t lag) {
    auto group = std::make_shared<GroupBacklog>();
    group->group.id = id;
    group->verdict = verdict;
    group->lag_messages = lag * partitions;
    for (int i = 0; i < partitions; ++i) {
        PartitionBacklog one;
        one.facts.at = {"raw_events", PartitionId(i)};
        one.assessment.lag_messages = lag;
        one.assessment.lag_us = 1'500'000;
        group->partitions.push_back(std::move(one));
    }
    return group;
}

void add_reason(WatchLook& look, const std::string& reason, std::uint64_t events) {
    InvalidRow row;
    row.reason = reason;
    row.now.events = events;
    look.invalid_all.rows.push_back(row);
}

} // namespace

class TestWatchPage : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void before_the_first_look_nothing_is_up() {
        const OpenMetricsCheck page(WatchPage::nothing_yet("shop"));
        QVERIFY2(page.mistake().empty(), page.mistake().c_str());
        QCOMPARE(page.value("weir_up{connection=\"shop\"}"), std::string("0"));
    }

    void counters_never_go_back() {
        WatchPage page;
        const auto in = [&](std::int64_t count) {
            const OpenMetricsCheck check(page.render(look_of(count, 0)));
            return check.value("weir_stage_events_total{stage=\"deduplicate\",fate=\"in\"}");
        };
        QCOMPARE(in(100), std::string("100"));
        QCOMPARE(in(130), std::string("130"));
        QCOMPARE(in(90), std::string("130")); // what is old was let go
        QCOMPARE(in(95), std::string("135"));
    }

    void a_gauge_says_what_is_now() {
        WatchPage page;
        const auto lost = [&](std::int64_t count) {
            const OpenMetricsCheck check(page.render(look_of(10, count)));
            return check.value("weir_stage_unaccounted{stage=\"deduplicate\"}");
        };
        QCOMPARE(lost(4), std::string("4"));
        QCOMPARE(lost(0), std::string("0"));
    }

    void reasons_beyond_the_bound_are_counted_together() {
        WatchPage page;
        WatchLook look = look_of(1, 0);
        for (std::size_t i = 0; i < WatchPage::reasons_max + 5; ++i)
            add_reason(look, "reason " + std::to_string(i), 2);
        const OpenMetricsCheck first(page.render(look));
        QVERIFY2(first.mistake().empty(), first.mistake().c_str());
        QCOMPARE(first.value("weir_invalid_events_total{reason=\"(other)\"}"), std::string("10"));
        QCOMPARE(first.value("weir_left_out{what=\"reasons\"}"), std::string("5"));
        // One that has no counter becomes the most frequent: it gets none, so that none goes back.
        std::reverse(look.invalid_all.rows.begin(), look.invalid_all.rows.end());
        look.invalid_all.rows.front().now.events = 1'000;
        const OpenMetricsCheck then(page.render(look));
        for (const auto& [name, count] : first.counters())
            QVERIFY2(then.counters().at(name) >= count, name.c_str());
        QCOMPARE(then.value("weir_invalid_events_total{reason=\"(other)\"}"), std::string("1008"));
    }

    void reasons_that_read_the_same_are_one() {
        WatchPage page;
        WatchLook look = look_of(1, 0);
        add_reason(look, "•••", 5); // as masked ones do
        add_reason(look, "•••", 3);
        for (int again = 0; again < 3; ++again)
            QCOMPARE(OpenMetricsCheck(page.render(look))
                         .value("weir_invalid_events_total{class=\"failed\",reason=\"•••\"}"),
                     std::string("8"));
    }

    void what_names_hold_does_not_break_it() {
        WatchPage page;
        WatchLook look = look_of(1, 0);
        add_reason(look, "a \"quoted\"\nreason \\ \xff", 1);
        add_reason(look, std::string(5'000, 'x'), 1);
        auto backlog = std::make_shared<BacklogSnapshot>();
        backlog->groups = {group_of("a\"b\n# EOF", Verdict::Stopped, 2, -3)};
        look.backlog = backlog;
        Finding finding;
        finding.code = "group_stopped";
        finding.scope.group = "a\"b\n# EOF";
        finding.consequences = {finding, finding};
        look.findings = {finding};
        const OpenMetricsCheck check(page.render(look));
        QVERIFY2(check.mistake().empty(), check.mistake().c_str());
        QCOMPARE(check.value("weir_group_lag_messages{group=\"a\\\"b\\n# EOF\",topic=\"raw_events\""
                             ",partition=\"1\"}"),
                 std::string("-3"));
        QCOMPARE(check.value("weir_group_lag_seconds{group=\"a\\\"b\\n# EOF\",topic=\"raw_events\""
                             ",partition=\"0\"}"),
                 std::string("1.500000"));
        QCOMPARE(check.value("weir_findings"), std::string("1"));
    }

    void no_data_is_no_sample() {
        WatchPage page;
        const OpenMetricsCheck check(page.render(look_of(1, 0)));
        QVERIFY(check.value("weir_behind_seconds").empty()); // nothing was read yet
        QVERIFY(check.value("weir_invalid_ratio").empty());
        WatchLook look = look_of(1, 0);
        look.flow.rows.front().judged = look.flow_all.rows.front().judged = false;
        const OpenMetricsCheck unjudged(page.render(look));
        QVERIFY(unjudged.value("weir_stage_unaccounted{stage=\"deduplicate\"}").empty());
    }

    void of_too_many_groups_the_worst_are_kept() {
        auto backlog = std::make_shared<BacklogSnapshot>();
        backlog->groups = {group_of("fine", Verdict::Ok, 4, 900),
                           group_of("late", Verdict::Warn, 4, 10),
                           group_of("later", Verdict::Warn, 4, 20)};
        std::size_t left_out = 0;
        QCOMPARE(worst_of(backlog, 12, left_out), std::shared_ptr<const BacklogSnapshot>(backlog));
        QCOMPARE(left_out, std::size_t{0});
        const auto worst = worst_of(backlog, 6, left_out);
        QCOMPARE(left_out, std::size_t{6});
        QCOMPARE(worst->groups[0]->group.id, std::string("later"));
        QCOMPARE(worst->groups[0]->partitions.size(), std::size_t{4});
        QCOMPARE(worst->groups[1]->group.id, std::string("late"));
        QCOMPARE(worst->groups[1]->partitions.size(), std::size_t{2});
        QVERIFY(worst->groups[2]->partitions.empty());
        QCOMPARE(backlog->groups[0]->partitions.size(), std::size_t{4}); // untouched
    }
};

QTEST_GUILESS_MAIN(TestWatchPage)
#include "tst_watch_page.moc"
