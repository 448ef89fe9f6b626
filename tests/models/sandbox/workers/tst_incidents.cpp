// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Each incident befalls a whole pipeline on the embedded cluster and SQLite: it shows while it
// lasts, and afterwards the warehouse holds exactly what the truth says.
#include <QTemporaryDir>
#include <QtTest>

#include <fstream>
#include <future>

#include "models/sandbox/broker_outages.h"
#include "models/sandbox/own_collector.h"
#include "models/sandbox/server_side.h"
#include "models/sandbox/warehouse/schema.h"
#include "models/sandbox/workers/pipeline.h"
#include "models/synth/player.h"
#include "models/synth/truth_check.h"
#include "tests/support/kafka_reading.h"
#include "tests/support/sandbox_warehouse.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace std::chrono_literals;
using sandbox::WorkerCounts;
using test::wait_for;

namespace {

const std::vector<std::string> stages = {"deduplicate", "enrich", "load", "attribute"};

std::shared_ptr<const synth::Scenario> shop_with(const std::string& fault) {
    auto scenario = synth::Scenario::parse(
        R"({"weir_scenario": 1, "name": "shop", "events_per_s": 200, "duration": "9 s",
            "population": {"users": 500, "sessions": 100}, "faults": [)" +
            fault + R"(, {"fault": "retry_same_id", "share": 0.05, "after": "1 s"},
            {"fault": "bad_time", "share": 0.02}]})",
        "shop.json");
    if (!scenario)
        qFatal("%s", scenario.error().text().c_str());
    return std::make_shared<const synth::Scenario>(std::move(*scenario));
}

/// A pipeline that a scenario is played into, on a thread of its own.
class World final : public synth::Audience {
  public:
    World(const std::string& fault, const QString& folder)
        : m_truth_file(folder.toStdString() + "/shop.truth")
        , m_truth(m_truth_file) {
        m_play.scenario = shop_with(fault);
        m_play.events_per_s = m_play.scenario->events_per_s;
        m_play.live = true;
        m_play.incidents =
            std::make_shared<synth::IncidentPlan>(*m_play.scenario, synth::all_incidents());
        m_cluster = kafka::EmbeddedCluster::start(topics()).value();
        m_ticket.emplace(kafka::prove_sandbox(m_cluster->connection(), {}, 20s).value());
        m_outages = std::make_unique<sandbox::BrokerOutages>(*m_cluster, m_play.incidents);
        m_warehouse = test::new_sandbox_warehouse(nullptr, folder);
        auto db = test::write_to(m_warehouse);
        if (auto made = sandbox::migrate(*db); !made)
            qFatal("%s", made.error().text().c_str());
        sandbox::PipelineOptions options;
        options.stages = stages;
        options.worker.incidents = m_play.incidents;
        m_pipeline =
            sandbox::Pipeline::start(
                *m_ticket, options,
                {.contracts = std::make_shared<sandbox::ContractShelf>(ContractSet::built_in()),
                 .warehouse = db->ticket()})
                .value();
        m_servers.emplace(std::move(db));
        m_collector = sandbox::OwnCollector::open(*m_ticket, {}, {}, 20s).value();
        if (!wait_for([this] { return m_pipeline->reports().size() == stages.size(); }))
            qFatal("the stages did not start");
        m_played = std::async(std::launch::async, [this] { return synth::play(m_play, *this); });
    }

    WorkerCounts counts(const std::string& stage) const {
        for (const sandbox::StageReport& report : m_pipeline->reports())
            if (report.info.name == stage)
                return report.counts;
        return {};
    }
    const synth::IncidentPlan& plan() const { return *m_play.incidents; }

    /// Once the play is over, and all that it sent was taken in.
    void wait_for_end() {
        auto played = m_played.get();
        if (!played)
            qFatal("%s", played.error().text().c_str());
        m_truth.close();
    }
    /// How many events the truth says that a stage has lost. REQUIRES: wait_for_end().
    std::uint64_t lost_by(const std::string& stage) const {
        std::ifstream file(m_truth_file);
        std::uint64_t lost = 0;
        for (std::string line; std::getline(file, line);)
            lost += line.find("\"lost_by\":\"" + stage + "\"") != std::string::npos ? 1 : 0;
        return lost;
    }
    /// What is wrong with the warehouse when nothing more comes; empty: nothing.
    std::string wrong_with_warehouse() const {
        const auto truth = synth::Truth::load(m_truth_file);
        if (!truth)
            return truth.error().text();
        const auto db = warehouse::Warehouse::open(m_warehouse, {}).value();
        std::string found;
        const auto right = [&] {
            const auto verdict = synth::check_truth(*truth, *db, {});
            found = verdict ? std::to_string(verdict->differences()) + " differences"
                            : verdict.error().text();
            if (verdict && !verdict->named.empty())
                found += ", " + std::string(to_word(verdict->named[0].difference)) + " " +
                         verdict->named[0].expected + ", found " + verdict->named[0].found;
            return verdict && verdict->differences() == 0;
        };
        return wait_for(right, 60s) ? std::string() : found;
    }

  private:
    static std::vector<kafka::EmbeddedTopic> topics() {
        std::vector<sandbox::StageInfo> infos;
        for (const std::string& name : stages)
            infos.push_back(sandbox::find_stage(name)->make({})->info());
        std::vector<kafka::EmbeddedTopic> all;
        for (const kafka::NewTopic& topic : sandbox::topics_of(infos, 32))
            all.push_back({topic.name, topic.partitions});
        return all;
    }
    Result<void> send(const synth::Happening& happening) override {
        return m_collector->send(happening.value);
    }
    Result<void> record(const synth::OrderTruth& order) override {
        m_servers->add(order);
        return {};
    }
    Result<void> record(const synth::UserTruth& user) override {
        m_servers->add(user);
        return {};
    }
    Result<void> tell(std::string_view lines) override {
        m_truth << lines;
        return {};
    }
    Result<void> idle(std::uint64_t) override { return m_servers->flush(); }
    Result<void> finish() override {
        auto done = m_servers->flush();
        return done ? m_collector->finish() : done;
    }
    bool gone() const override { return false; }

    const std::string m_truth_file;
    std::ofstream m_truth;
    synth::Play m_play;
    std::unique_ptr<kafka::EmbeddedCluster> m_cluster;
    std::optional<kafka::SandboxTicket> m_ticket;
    std::unique_ptr<sandbox::BrokerOutages> m_outages;
    warehouse::ConnectionOptions m_warehouse;
    std::unique_ptr<sandbox::OwnCollector> m_collector;
    std::optional<sandbox::ServerSide> m_servers;
    std::unique_ptr<sandbox::Pipeline> m_pipeline;
    std::future<Result<synth::Played>> m_played;
};

} // namespace

class TestIncidents : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;

  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
    }

    void a_stalled_stage_takes_nothing_in_and_then_all() {
        World world(R"({"fault": "stalled_worker", "stage": "enrich", "from": "5 s",
                        "until": "8 s"})",
                    m_folder.path());
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
        World world(R"({"fault": "slow_worker", "stage": "load", "events_per_s": 40, "from": "5 s",
                        "until": "8 s"})",
                    m_folder.path());
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
        World world(R"({"fault": "silent_drop", "share": 0.1, "stage": "deduplicate"},
                       {"fault": "silent_drop", "share": 0.1, "stage": "enrich", "until": "6 s"},
                       {"fault": "silent_drop", "share": 0.1, "stage": "load", "from": "3 s"})",
                    m_folder.path());
        world.wait_for_end();
        QCOMPARE(world.wrong_with_warehouse(), std::string());
        for (const char* stage : {"deduplicate", "enrich", "load"}) {
            const std::uint64_t lost = world.lost_by(stage);
            QVERIFY(lost > 50);
            std::uint64_t gone = 0;
            const bool meets_retries = stage == std::string("deduplicate");
            const auto as_many = [&] {
                const WorkerCounts counts = world.counts(stage);
                gone = counts.in - counts.out - counts.filtered_count() - counts.failed_count();
                return meets_retries ? gone >= lost : gone == lost;
            };
            QVERIFY2(wait_for(as_many),
                     (std::to_string(gone) + " of " + std::to_string(lost)).c_str());
        }
    }

    void a_broker_that_is_away_costs_time_and_nothing_else() {
        World world(R"({"fault": "broker_outage", "from": "4 s", "until": "8 s"})",
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
