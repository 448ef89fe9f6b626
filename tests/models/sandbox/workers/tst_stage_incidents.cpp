// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "models/sandbox/workers/stage_incidents.h"
#include "tests/support/verify.h"

using namespace weir;
using sandbox::check_incidents;
using sandbox::StageIncidents;

namespace {

const Micros begin(1'000'000'000'000'000);

synth::Scenario minute_of(const std::string& faults) {
    auto scenario = synth::Scenario::parse(
        R"({"weir_scenario": 1, "name": "m", "events_per_s": 10, "duration": "1 min", "faults": [)" +
            faults + "]}",
        "m.json");
    if (!scenario)
        qFatal("%s", scenario.error().text().c_str());
    return *scenario;
}

StageIncidents of_load(const std::string& faults) {
    auto plan = std::make_shared<synth::IncidentPlan>(minute_of(faults), synth::all_incidents());
    plan->begin(begin);
    return {std::move(plan), "load"};
}

} // namespace

class TestStageIncidents : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void without_a_plan_a_worker_takes_what_comes() {
        StageIncidents none(nullptr, "load");
        QVERIFY(!none.stalled(begin));
        QCOMPARE(none.allowance(begin, 2'000), std::size_t{2'000});
        QVERIFY(!none.loses({}));
    }

    void a_slow_worker_takes_no_more_than_its_rate_and_evenly() {
        StageIncidents slow = of_load(
            R"({"fault": "slow_worker", "stage": "load", "events_per_s": 100, "until": "10 s"})");
        std::size_t taken = 0;
        for (int ms = 0; ms < 10'000; ms += 20) {
            const std::size_t most = slow.allowance(begin + Micros::from_ms(ms), 2'000);
            QVERIFY(most <= 25);
            slow.took(most);
            taken += most;
        }
        QVERIFY2(taken > 950 && taken <= 1'000, std::to_string(taken).c_str());
        QCOMPARE(slow.allowance(begin + Micros::from_ms(10'000), 2'000), std::size_t{2'000});
    }

    void what_was_not_taken_is_not_made_up_for() {
        StageIncidents slow =
            of_load(R"({"fault": "slow_worker", "stage": "load", "events_per_s": 100})");
        QCOMPARE(slow.allowance(begin, 2'000), std::size_t{0});
        QCOMPARE(slow.allowance(begin + Micros::from_ms(30'000), 2'000), std::size_t{25});
        QCOMPARE(slow.allowance(begin + Micros::from_ms(30'000), 10), std::size_t{10});
    }

    void very_slow_is_one_after_the_other() {
        StageIncidents slow =
            of_load(R"({"fault": "slow_worker", "stage": "load", "events_per_s": 0.5})");
        QCOMPARE(slow.allowance(begin, 2'000), std::size_t{0});
        QCOMPARE(slow.allowance(begin + Micros::from_ms(1'900), 2'000), std::size_t{0});
        QCOMPARE(slow.allowance(begin + Micros::from_ms(2'100), 2'000), std::size_t{1});
        slow.took(1);
        QCOMPARE(slow.allowance(begin + Micros::from_ms(2'200), 2'000), std::size_t{0});
    }

    void what_cannot_be_carried_out_is_told_before_data() {
        QTest::addColumn<QString>("fault");
        QTest::addColumn<bool>("embedded");
        QTest::addColumn<QString>("said");
        const auto row = [](const char* name, const char* fault, bool embedded, const char* said) {
            QTest::newRow(name) << QString::fromUtf8(fault) << embedded << QString::fromUtf8(said);
        };
        row("a stage elsewhere", R"({"fault": "stalled_worker", "stage": "enrich"})", true,
            "no such stage runs here");
        row("losses nobody could tell", R"({"fault": "silent_drop", "stage": "attribute"})", true,
            "the truth cannot tell");
        row("somebody else's broker", R"({"fault": "broker_outage", "until": "5 s"})", false,
            "Weir cannot stop a broker that it has not started");
        row("sound", R"({"fault": "broker_outage", "until": "5 s"},
            {"fault": "slow_worker", "stage": "attribute", "events_per_s": 1},
            {"fault": "silent_drop", "stage": "load"},
            {"fault": "stalled_worker", "stage": "enrich", "from": "2 min"})",
            true, "");
    }
    void what_cannot_be_carried_out_is_told_before() {
        QFETCH(QString, fault);
        QFETCH(bool, embedded);
        QFETCH(QString, said);
        const synth::Scenario scenario = minute_of(fault.toStdString());
        const synth::IncidentPlan plan(scenario, synth::all_incidents());
        const auto can = check_incidents(scenario, plan, {"load", "attribute"}, embedded);
        QCOMPARE(can.ok(), said.isEmpty());
        if (!can)
            QVERIFY2(can.error().what.find(said.toStdString()) != std::string::npos,
                     can.error().text().c_str());
        const synth::IncidentPlan nothing(scenario, 0);
        VERIFY_OK(check_incidents(scenario, nothing, {}, embedded));
    }

    void an_outage_on_the_embedded_cluster_has_its_bound() {
        synth::Scenario scenario = minute_of(R"({"fault": "broker_outage"})");
        scenario.duration = Micros(90'000'000);
        const synth::IncidentPlan plan(scenario, synth::all_incidents());
        VERIFY_ERROR(check_incidents(scenario, plan, {}, true), ErrorCode::Config);
    }
};

QTEST_GUILESS_MAIN(TestStageIncidents)
#include "tst_stage_incidents.moc"
