// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include <set>

#include "models/synth/scenario.h"
#include "models/synth/scenario_clock.h"

using namespace weir;
using namespace weir::synth;

namespace {

std::string scenario_with(const std::string& members) {
    return R"({"weir_scenario": 1, "name": "s", "events_per_s": 10, "duration": "1 h", )" +
           members + "}";
}

/// Where the mistake is, and what is said about it.
std::string mistake_in(const std::string& text) {
    const auto scenario = Scenario::parse(text, "s.json");
    return scenario ? "none" : scenario.error().text();
}

/// How many events fall into each stretch of `every`.
std::vector<int> counted(const Scenario& scenario, Micros every) {
    ScenarioClock clock(scenario, scenario.events_per_s, scenario.start);
    std::vector<int> counts;
    for (; clock.elapsed() < scenario.duration; clock.step()) {
        const auto at = static_cast<std::size_t>(clock.elapsed().value() / every.value());
        counts.resize(std::max(counts.size(), at + 1));
        ++counts[at];
    }
    return counts;
}

} // namespace

class TestScenario : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void those_that_come_with_weir_are_sound() {
        const auto names = Scenario::built_in();
        QVERIFY(names.size() >= 5);
        for (const std::string& name : names) {
            const auto scenario = Scenario::load(name);
            QVERIFY2(scenario.ok(), scenario ? "" : scenario.error().text().c_str());
            QCOMPARE(scenario->name, name);
        }
        const auto bad_day = Scenario::load("bad-day");
        std::set<Trouble> planned;
        for (const PlannedTrouble& plan : bad_day->troubles)
            planned.insert(plan.trouble);
        QCOMPARE(planned.size(), std::size_t(trouble_count));
    }

    void a_file_says_what_goes_wrong() {
        const auto scenario =
            Scenario::parse(scenario_with(R"("comment": "mine", "start": "2026-03-01T00:00:00Z",
                "population": {"users": 7, "sessions": 3},
                "faults": [{"fault": "wrong_type", "share": 0.25, "from": "2 min", "until": "3 min",
                            "where": {"platform": ["ios"], "type": ["purchase"]}},
                           {"fault": "skewed_clock", "behind": "90 s"},
                           {"fault": "silent_drop", "stage": "enrich", "share": 0.5}])"),
                            "s.json");
        QVERIFY2(scenario.ok(), scenario ? "" : scenario.error().text().c_str());
        QCOMPARE(scenario->users, 7u);
        QCOMPARE(scenario->sessions, 3u);
        QCOMPARE(scenario->start.value(), 1'772'323'200'000'000LL);
        QCOMPARE(scenario->duration.value(), 3'600'000'000LL);
        QCOMPARE(scenario->troubles.size(), 3u);
        const PlannedTrouble& first = scenario->troubles[0];
        QVERIFY(first.trouble == Trouble::WrongType);
        QCOMPARE(first.per_million, 250'000u);
        QCOMPARE(first.from.value(), 120'000'000LL);
        QCOMPARE(first.until.value(), 180'000'000LL);
        QVERIFY(first.where.platforms == std::vector<std::string>{"ios"});
        QVERIFY(first.where.types == std::vector<std::string>{"purchase"});
        QCOMPARE(scenario->troubles[1].skew.value(), -90'000'000LL);
        QCOMPARE(scenario->troubles[2].stage, std::string("enrich"));
    }

    void a_mistake_is_named_with_its_place_and_its_mend_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("said");
        const auto row = [](const char* name, const std::string& text, const char* said) {
            QTest::newRow(name) << QString::fromStdString(text) << QString::fromUtf8(said);
        };
        row("no JSON", "{\n\"weir_scenario\": 1,,", "s.json: the file is not valid JSON at line 2");
        row("a misspelt member", scenario_with(R"("faultz": [])"), "s.json#/faultz");
        row("a misspelt fault", scenario_with(R"("faults": [{"fault": "add_blocker"}])"),
            "s.json#/faults/0/fault");
        row("a misspelt fault has its mend",
            scenario_with(R"("faults": [{"fault": "add_blocker"}])"), "ad_blocker");
        row("a share over 1", scenario_with(R"("faults": [{"fault": "bad_time", "share": 2}])"),
            "s.json#/faults/0/share");
        row("no factor", scenario_with(R"("faults": [{"fault": "burst"}])"),
            "burst needs \"factor\"");
        row("slow, but how slow",
            scenario_with(R"("faults": [{"fault": "slow_worker", "stage": "load"}])"),
            "slow_worker needs \"events_per_s\"");
        row("a factor too many", scenario_with(R"("faults": [{"fault": "bad_time", "factor": 2}])"),
            "s.json#/faults/0/factor");
        row("backwards",
            scenario_with(R"("faults": [{"fault": "bad_time", "from": "2 s", "until": "1 s"}])"),
            "s.json#/faults/0/until");
        row("a burst of some",
            scenario_with(R"("faults": [{"fault": "burst", "factor": 2, "share": 0.5}])"),
            "s.json#/faults/0/share");
        row("both ways",
            scenario_with(
                R"("faults": [{"fault": "skewed_clock", "ahead": "1 s", "behind": "1 s"}])"),
            "either ahead or behind");
        row("a retry next week",
            scenario_with(R"("faults": [{"fault": "retry_same_id", "after": "7 d"}])"),
            "s.json#/faults/0/after");
        row("no time", scenario_with(R"("start": "tomorrow")"), "s.json#/start");
        row("beyond all times",
            scenario_with(R"("faults": [{"fault": "bad_time", "from": "999999999 d"}])"),
            "longer than ten years");
        row("another format",
            R"({"weir_scenario": 2, "name": "s", "events_per_s": 1, "duration": "1 s"})",
            "s.json#/weir_scenario");
    }
    void a_mistake_is_named_with_its_place_and_its_mend() {
        QFETCH(QString, text);
        QFETCH(QString, said);
        const std::string found = mistake_in(text.toStdString());
        QVERIFY2(found.find(said.toStdString()) != std::string::npos, found.c_str());
    }

    void a_file_that_is_not_there_leads_to_those_there_are() {
        const auto scenario = Scenario::load("/nonexistent/s.json");
        QVERIFY(!scenario.ok());
        QVERIFY(scenario.error().code == ErrorCode::NotFound);
        QVERIFY(scenario.error().advice.find("bad-day") != std::string::npos);
    }

    void a_burst_begins_and_ends_when_it_should() {
        auto scenario = Scenario::parse(
            scenario_with(R"("faults": [{"fault": "burst", "factor": 5, "from": "10 min",
                                         "until": "20 min"}])"),
            "s.json");
        QVERIFY(scenario.ok());
        QVERIFY(counted(*scenario, Micros(600'000'000)) ==
                (std::vector<int>{6'000, 30'000, 6'000, 6'000, 6'000, 6'000}));
    }

    void the_rhythm_is_that_of_the_day_and_the_week() {
        auto scenario = Scenario::load("week");
        QVERIFY(scenario.ok());
        const std::vector<int> hours = counted(*scenario, Micros(3'600'000'000));
        QCOMPARE(hours.size(), std::size_t(7 * 24));
        const Rhythm& rhythm = scenario->rhythm;
        for (std::size_t i = 0; i < hours.size(); ++i) { // it begins on a Monday
            const int expected = 7200 * rhythm.hours[i % 24] * rhythm.weekdays[i / 24] / 10'000;
            QVERIFY2(std::abs(hours[i] - expected) <= 2, std::to_string(i).c_str());
        }
    }
};

QTEST_GUILESS_MAIN(TestScenario)
#include "tst_scenario.moc"
