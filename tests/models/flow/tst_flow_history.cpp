// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The ledger's past: what is kept of it is what it said, and what a watch left open is told apart.
#include <QtTest>

#include "models/flow/flow_history.h"
#include "tests/support/flow_world.h"
#include "tests/support/kept_past.h"

using namespace weir;
using namespace weir::test;

namespace {

constexpr std::int64_t second_us = FlowWorld::second_us;
constexpr std::int64_t minute_us = FlowWorld::minute_us;

/// Rows as a whole, by app version, and the reasons, in words.
std::string rows_of(const FlowSeen& seen, const Vocabulary& words) {
    std::string text;
    for (const std::optional<std::size_t> by :
         {std::optional<std::size_t>(), std::optional<std::size_t>(3)})
        for (const FlowRow& row :
             flow_report(seen, words, *DisclosurePolicy::none(), {.range = {}, .by = by}).rows) {
            text += row.name + " " + row.value;
            for (const std::int64_t count : row.figures.counts.counts)
                text += " " + std::to_string(count);
            for (const auto& [reason, count] : row.reasons)
                text += " " + reason + "=" + std::to_string(count);
            text += "\n";
        }
    return text;
}

void pass(const FlowWorld& w, const std::string& id, std::int64_t at_us, const char* version) {
    w.see("raw_events", id, at_us, 1, version);
    w.see("unique_events", id, at_us + second_us, 1, version);
}

} // namespace

class TestFlowHistory : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void another_process_says_what_this_one_said() {
        FlowWorld w;
        FlowWorld other; // whose words have other numbers
        other.words->dimensions[3]->id("9.9");
        other.words->reasons->id("another_reason");
        FlowHistory history(*other.words, other.options);
        KeptPast past(history.folds());
        for (int i = 0; i < 500; ++i) {
            pass(w, "e" + std::to_string(i), i * second_us, i % 3 == 0 ? "4.7.1" : "4.7.0");
            if (i % 7 == 0)
                w.see("invalid_events", "e" + std::to_string(i), (i + 2) * second_us);
            if (i % 60 == 0)
                for (const auto& lane : w.lanes)
                    lane->drain(past);
        }
        for (const auto& lane : w.lanes)
            lane->drain(past);
        past.publish();
        QCOMPARE(rows_of({{history.snapshot()}}, *other.words), rows_of(w.seen(), *w.words));
    }

    void a_rejection_that_is_taken_back_is_taken_back_in_the_past_too() {
        FlowWorld w;
        FlowHistory history(*w.words, w.options);
        KeptPast past(history.folds());
        w.see("raw_events", "a", 0);
        w.see("invalid_events", "a", 2 * second_us);
        for (const auto& lane : w.lanes)
            lane->drain(past);
        w.see("unique_events", "a", second_us); // so that it was the next stage that rejected it
        for (const auto& lane : w.lanes)
            lane->drain(past);
        past.publish();
        QCOMPARE(rows_of({{history.snapshot()}}, *w.words), rows_of(w.seen(), *w.words));
    }

    void what_a_watch_left_open_is_judged_by_how_far_it_had_come() {
        FlowWorld w;
        FlowHistory history(*w.words, w.options);
        const KeptFold& whole = *history.folds().front();
        FlowCell open;
        open.events = 3;
        open[FlowCount::In] = open[FlowCount::Joined] = 3;
        open[FlowCount::Settled] = 1;
        const FlowKeys keys(*w.words, w.options);
        std::vector<store::HistoryWatch> ended;
        for (const std::string& place : FlowWorld::places)
            ended.push_back({1, place, Micros(2 * minute_us), Micros(10 * minute_us)});
        const auto outside = [&](std::int64_t begin_us) {
            store::HistoryCell cell{std::string(FlowKeys::whole), minute_us, begin_us,
                                    keys.key(FlowScope{0, no_place}), open.encode()};
            const bool changed = whole.end_watch(cell, ended);
            const auto after = FlowCell::decode(cell.value);
            return changed ? (*after)[FlowCount::Unwatched] : std::int64_t{0};
        };
        QCOMPARE(outside(minute_us), 2);     // before the places behind were read
        QCOMPARE(outside(5 * minute_us), 0); // they had their minute: unaccounted
        QCOMPARE(outside(9 * minute_us), 2); // they still had time
        ended.pop_back();                    // nobody looked among the dead letters
        QCOMPARE(outside(5 * minute_us), 2);
    }
};

QTEST_GUILESS_MAIN(TestFlowHistory)
#include "tst_flow_history.moc"
