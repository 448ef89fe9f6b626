// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "models/synth/incident_plan.h"
#include "models/synth/truth.h"

using namespace weir;
using namespace weir::synth;

namespace {

/// Ten minutes in which each kind of incident has its minute.
Scenario ten_minutes() {
    auto scenario = Scenario::parse(R"({"weir_scenario": 1, "name": "ten", "events_per_s": 10,
        "duration": "10 min", "faults": [
        {"fault": "stalled_worker", "stage": "enrich", "from": "1 min", "until": "2 min"},
        {"fault": "slow_worker", "stage": "load", "events_per_s": 50, "from": "3 min",
         "until": "5 min"},
        {"fault": "slow_worker", "stage": "load", "events_per_s": 5, "from": "4 min",
         "until": "5 min"},
        {"fault": "silent_drop", "stage": "enrich", "share": 0.5, "from": "6 min"},
        {"fault": "broker_outage", "from": "9 min"}]})",
                                    "ten.json");
    if (!scenario)
        qFatal("%s", scenario.error().text().c_str());
    return *scenario;
}

const Micros begin(1'000'000'000'000'000);

/// So many seconds after the beginning.
Micros at(double seconds) {
    return begin + Micros(static_cast<std::int64_t>(seconds * 1e6));
}

} // namespace

class TestIncidentPlan : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void before_the_scenario_begins_nothing_happens() {
        const IncidentPlan plan(ten_minutes(), all_incidents());
        QVERIFY(!plan.stalled("enrich", at(90)));
        QVERIFY(!plan.events_per_s("load", at(200)));
        QVERIFY(!plan.broker_away(at(550)));
    }

    void each_stage_has_its_own_troubles_at_their_time() {
        IncidentPlan plan(ten_minutes(), all_incidents());
        plan.begin(begin);
        QVERIFY(!plan.stalled("enrich", at(59.9)));
        QVERIFY(plan.stalled("enrich", at(60)));
        QVERIFY(!plan.stalled("load", at(60)));
        QVERIFY(!plan.stalled("enrich", at(120)));
        QVERIFY(!plan.events_per_s("load", at(179)));
        QCOMPARE(plan.events_per_s("load", at(180)).value_or(0), 50.0);
        QCOMPARE(plan.events_per_s("load", at(250)).value_or(0), 5.0); // the slower of two
        QVERIFY(!plan.events_per_s("enrich", at(250)));
        QVERIFY(plan.broker_away(at(599)));
        QVERIFY(!plan.broker_away(at(600))); // none outlasts the scenario
        QCOMPARE(plan.longest_outage().count(), 60'000);
    }

    void it_may_begin_anew() {
        IncidentPlan plan(ten_minutes(), all_incidents());
        plan.begin(begin);
        plan.begin(at(1'000));
        QVERIFY(!plan.stalled("enrich", at(90)));
        QVERIFY(plan.stalled("enrich", at(1'090)));
    }

    void what_somebody_else_brings_about_is_not_planned() {
        IncidentPlan plan(ten_minutes(), bit_of(Trouble::SlowWorker));
        plan.begin(begin);
        QVERIFY(!plan.stalled("enrich", at(90)));
        QVERIFY(plan.events_per_s("load", at(200)));
        QVERIFY(plan.carries_out(Trouble::SlowWorker) && !plan.carries_out(Trouble::SilentDrop));
        QCOMPARE(plan.longest_outage().count(), 0);
    }

    void events_are_lost_by_the_stage_that_is_told_to() {
        IncidentPlan plan(ten_minutes(), all_incidents());
        QVERIFY(plan.lose("enrich", EventHash(7)));
        QVERIFY(plan.lose("enrich", EventHash(7)));
        QVERIFY(plan.loses("enrich", EventHash(7)));
        QVERIFY(!plan.loses("load", EventHash(7)) && !plan.loses("enrich", EventHash(8)));
    }

    void there_is_an_end_to_what_is_lost() {
        IncidentPlan plan(ten_minutes(), all_incidents());
        for (std::size_t i = 0; i < IncidentPlan::lost_max; ++i)
            QVERIFY(plan.lose("enrich", EventHash(i)));
        QVERIFY(!plan.lose("load", EventHash(1)));
        QVERIFY(!plan.loses("load", EventHash(1)));
    }

    void the_truth_says_which_are_carried_out() {
        TruthWriter writer;
        TruthHead head;
        head.carried_out = bit_of(Trouble::SlowWorker);
        const std::string lines = writer.head(head, ten_minutes());
        const auto says = [&](const char* text) { return lines.find(text) != std::string::npos; };
        QVERIFY2(says(R"({"incident":"slow_worker","stage":"load","events_per_s":50.0,)"
                      R"("from":"1970-01-01T00:03:00.000Z","until":"1970-01-01T00:05:00.000Z",)"
                      R"("carried_out":true})"),
                 lines.c_str());
        QVERIFY2(says(R"({"incident":"broker_outage","from":"1970-01-01T00:09:00.000Z",)"
                      R"("until":"1970-01-01T00:10:00.000Z","carried_out":false})"),
                 lines.c_str());
    }
};

QTEST_GUILESS_MAIN(TestIncidentPlan)
#include "tst_incident_plan.moc"
