// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Each incident befalls a whole pipeline on the embedded cluster and SQLite: it shows while it
// lasts, and afterwards the warehouse holds exactly what the truth says.
#include <QTemporaryDir>
#include <QtTest>

#include "tests/models/sandbox/workers/scenario_world.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace std::chrono_literals;
using sandbox::WorkerCounts;
using test::ScenarioGround;
using test::ScenarioWorld;
using test::wait_for;

namespace {

synth::Scenario shop_with(const std::string& fault) {
    auto scenario = synth::Scenario::parse(
        R"({"weir_scenario": 1, "name": "shop", "events_per_s": 200, "duration": "9 s",
            "population": {"users": 500, "sessions": 100}, "faults": [)" +
            fault + R"(, {"fault": "retry_same_id", "share": 0.05, "after": "1 s"},
            {"fault": "bad_time", "share": 0.02}]})",
        "shop.json");
    if (!scenario)
        qFatal("%s", scenario.error().text().c_str());
    return std::move(*scenario);
}

} // namespace

class TestIncidents : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;

  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
    }

    void a_stalled_stage_takes_nothing_in_and_then_all() {
        ScenarioWorld world(
            ScenarioGround::embedded(m_folder.path()),
            shop_with(R"({"fault": "stalled_worker", "stage": "enrich", "from": "5 s",
                        "until": "8 s"})"),
            true, m_folder.path());
        const auto stalled = [&] { return world.plan().stalled("enrich", Micros::now()); };
        QVERIFY(wait_for(stalled));
        QTest::qWait(500); // what was under way is done
        const std::uint64_t taken = world.counts("enrich").in;
        const std::uint64_t passed = world.counts("deduplicate").out;
        QVERIFY(wait_for([&] { return world.counts("deduplicate").out > passed + 200; }));
        QVERIFY(stalled());
        QCOMPARE(world.counts("enrich").in, taken);
        world.wait_for_end();
        QCOMPARE(world.wrong_with_warehouse(), std::string());
        QCOMPARE(world.counts("enrich").retried, std::uint64_t{0}); // it was a member all along
    }

    void a_slow_stage_falls_behind_and_catches_up() {
        ScenarioWorld world(
            ScenarioGround::embedded(m_folder.path()),
            shop_with(
                R"({"fault": "slow_worker", "stage": "load", "events_per_s": 40, "from": "5 s",
                        "until": "8 s"})"),
            true, m_folder.path());
        const auto slow = [&] { return world.plan().events_per_s("load", Micros::now()); };
        QVERIFY(wait_for([&] { return slow().has_value(); }));
        QTest::qWait(300);
        const std::uint64_t taken = world.counts("load").in;
        const std::uint64_t enriched = world.counts("enrich").out;
        const Micros from = Micros::now();
        QVERIFY(wait_for([&] { return world.counts("enrich").out > enriched + 250; }));
        QVERIFY(wait_for([&] { return world.counts("load").in > taken; })); // slow, not still
        QVERIFY(slow());
        const double seconds = static_cast<double>((Micros::now() - from).value()) / 1e6;
        const auto loaded = static_cast<double>(world.counts("load").in - taken);
        QVERIFY2(loaded <= 40 * seconds + 40, std::to_string(loaded).c_str());
        world.wait_for_end();
        QCOMPARE(world.wrong_with_warehouse(), std::string());
    }

    void what_a_stage_loses_is_what_the_truth_says() {
        ScenarioWorld world(
            ScenarioGround::embedded(m_folder.path()),
            shop_with(R"({"fault": "silent_drop", "share": 0.1, "stage": "deduplicate"},
                       {"fault": "silent_drop", "share": 0.1, "stage": "enrich", "until": "6 s"},
                       {"fault": "silent_drop", "share": 0.1, "stage": "load", "from": "3 s"})"),
            true, m_folder.path());
        world.wait_for_end();
        QCOMPARE(world.wrong_with_warehouse(), std::string());
        const test::TruthLines told = world.told_events();
        for (const char* stage : {"deduplicate", "enrich", "load"}) {
            const std::uint64_t lost = test::lost_by(stage, told);
            QVERIFY(lost > 50);
            std::uint64_t gone = 0;
            const auto as_many = [&] {
                const WorkerCounts counts = world.counts(stage);
                gone = counts.in - counts.out - counts.filtered_count() - counts.failed_count();
                return gone == lost;
            };
            QVERIFY2(wait_for(as_many),
                     (std::to_string(gone) + " of " + std::to_string(lost)).c_str());
        }
    }

    void a_broker_that_is_away_costs_time_and_nothing_else() {
        ScenarioWorld world(
            ScenarioGround::embedded(m_folder.path()),
            shop_with(R"({"fault": "broker_outage", "from": "4 s", "until": "8 s"})"), true,
            m_folder.path());
        const auto away = [&] { return world.plan().broker_away(Micros::now()); };
        QVERIFY(wait_for(away));
        QTest::qWait(500);
        const std::uint64_t in = world.counts("deduplicate").in;
        QTest::qWait(1'500);
        QVERIFY(away());
        QCOMPARE(world.counts("deduplicate").in, in);
        world.wait_for_end();
        QCOMPARE(world.wrong_with_warehouse(), std::string());
    }
};

QTEST_GUILESS_MAIN(TestIncidents)
#include "tst_incidents.moc"
