// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker soak
#include <QCoreApplication>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>
#include <map>
#include <random>

#include "connectors/kafka/sandbox/embedded.h"
#include "tests/models/sandbox/workers/worker_world.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace std::chrono_literals;
using sandbox::Worker;
using test::wait_for;
using test::WorkerWorld;
using test::wrong_with_page_views;

namespace {

/// Copies, but for events whose id ends in 7, which it cannot bear.
class Touchy final : public sandbox::Stage {
  public:
    const sandbox::StageInfo& info() const override { return m_info; }
    void process(const sandbox::StageInput& input, sandbox::StageOutput& output) override {
        output.emit("unique_events", input.record.key, input.record.value);
        if (input.record.value.find("7\"") != std::string_view::npos)
            throw std::runtime_error("seven");
    }

  private:
    sandbox::StageInfo m_info{
        .name = "touchy", .inputs = {"raw_events"}, .outputs = {"unique_events"}};
};

} // namespace

/// Workers on a real broker: exactly once, whatever happens to them.
class TestWorker : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void init() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
        m_world.emplace(WorkerWorld::make());
    }
    void cleanup() { m_world.reset(); }

    void each_event_passes_once_and_the_counts_balance() {
        m_world->send(0, 2'000, 2);
        const auto worker = m_world->deduplicator();
        QVERIFY2(wait_for([&] { return worker->counts().in == 4'000; }, 60s),
                 worker->counts().trouble.c_str());
        const sandbox::WorkerCounts counts = worker->counts();
        QCOMPARE(counts.out, std::uint64_t{2'000});
        QCOMPARE(counts.filtered_count(), std::uint64_t{2'000});
        QCOMPARE(counts.failed_count(), std::uint64_t{0});
        QCOMPARE(counts.wait.count(), std::uint64_t{4'000});
        QCOMPARE(counts.processing.count(), std::uint64_t{4'000});
        const test::Reading reading = m_world->all_of("unique_events", 2'000);
        QCOMPARE(wrong_with_page_views(reading, 2'000), QString());
        std::map<std::string, std::string> headers(reading.records[0].headers.begin(),
                                                   reading.records[0].headers.end());
        QCOMPARE(headers["weir-stage"], std::string("deduplicate"));
        QVERIFY(headers["weir-origin"].rfind("raw_events/", 0) == 0);
        QVERIFY(std::stoll(headers["weir-in-us"]) <= std::stoll(headers["weir-out-us"]));
        // Its time is that at which it left: a stage is not passed in no time.
        QCOMPARE(reading.records[0].timestamp_ms, std::stoll(headers["weir-out-us"]) / 1'000);
    }

    void what_no_stage_can_take_becomes_a_dead_letter_and_the_partition_goes_on() {
        for (const char* value : {"not JSON", "[1]", ""}) {
            kafka::OutRecord record;
            record.topic = "raw_events";
            record.partition = 0;
            record.value = value;
            VERIFY_OK(m_world->producer->send(record));
        }
        m_world->send(0, 100);
        Worker worker(*m_world->ticket, std::make_unique<Touchy>(), test::quick_worker());
        worker.start();
        QVERIFY2(wait_for([&] { return worker.counts().in == 103; }, 60s),
                 worker.counts().trouble.c_str());
        const sandbox::WorkerCounts counts = worker.counts();
        QCOMPARE(counts.out, std::uint64_t{90});
        QCOMPARE(counts.failed.at("stage_error"), std::uint64_t{10});
        QCOMPARE(counts.failed_count(), std::uint64_t{13});
        QCOMPARE(m_world->all_of("unique_events", 90).records.size(), std::size_t{90});
        const test::Reading dead = m_world->all_of("invalid_events", 13);
        QCOMPARE(dead.records.size(), std::size_t{13});
        int sevens = 0;
        for (const test::Taken& taken : dead.records)
            sevens += taken.value.find("touchy: seven") != std::string::npos;
        QCOMPARE(sevens, 10);
    }

    void killed_at_any_moment_it_loses_and_doubles_nothing() {
        const int kills = qEnvironmentVariableIsSet("WEIR_SOAK") ? 50 : 10;
        const std::string log = m_folder.filePath(QStringLiteral("worker.log")).toStdString();
        std::mt19937 random(11);
        int sent = 0;
        for (int i = 0; i < kills; ++i) {
            const auto child = m_world->spawn_worker(test::quick_worker("killed"), log);
            VERIFY_OK(child);
            const auto until = std::chrono::steady_clock::now() +
                               std::chrono::milliseconds(1'000 + random() % 2'000);
            while (std::chrono::steady_clock::now() < until) {
                m_world->send(sent, sent + 50, 2);
                sent += 50;
            }
            test::end_process(*child, SIGKILL, 5'000);
        }
        const auto worker = m_world->deduplicator("killed");
        QVERIFY2(wait_for(
                     [&] {
                         return m_world->content("unique_events").records.size() >=
                                static_cast<std::size_t>(sent);
                     },
                     120s),
                 (worker->counts().trouble + test::read_text(log)).c_str());
        QCOMPARE(wrong_with_page_views(m_world->content("unique_events"), sent), QString());
        const std::size_t written =
            m_world->content("unique_events", kafka::Isolation::ReadUncommitted).records.size();
        qInfo("%d events, %zu records written, %d kills", sent, written, kills);
    }

    void workers_that_come_and_go_share_the_work_without_loss_or_doubling() {
        std::vector<std::unique_ptr<Worker>> workers;
        int sent = 0;
        for (int i = 0; i < 3; ++i) {
            workers.push_back(m_world->deduplicator(std::to_string(i)));
            for (int n = 0; n < 20; ++n, sent += 50)
                m_world->send(sent, sent + 50, 2);
        }
        const auto all_work = [&] {
            m_world->send(sent, sent + 50, 2);
            sent += 50;
            return std::all_of(workers.begin(), workers.end(),
                               [](const auto& w) { return w->counts().in > 0; });
        };
        QVERIFY(wait_for(all_work, 60s));
        workers.erase(workers.begin());
        for (int n = 0; n < 20; ++n, sent += 50)
            m_world->send(sent, sent + 50, 2);
        QCOMPARE(wrong_with_page_views(m_world->all_of("unique_events", sent, 120s), sent),
                 QString());
    }

    void a_broker_that_goes_away_is_waited_for() {
        m_world->send(0, 500);
        const auto worker = m_world->deduplicator();
        QVERIFY(wait_for([&] { return worker->counts().in == 500; }, 60s));
        m_world->broker->kill();
        VERIFY_OK(m_world->broker->restart());
        m_world->send(500, 1'000);
        QVERIFY2(wait_for([&] { return worker->counts().in >= 1'000; }, 120s),
                 worker->counts().trouble.c_str());
        QCOMPARE(wrong_with_page_views(m_world->all_of("unique_events", 1'000), 1'000), QString());
    }

    void it_runs_on_the_embedded_cluster() {
        const auto cluster =
            kafka::EmbeddedCluster::start({{"raw_events", WorkerWorld::partitions},
                                           {"unique_events", WorkerWorld::partitions},
                                           {"invalid_events", WorkerWorld::partitions},
                                           {"deduplicate_state", WorkerWorld::partitions}})
                .value();
        const auto ticket = prove_sandbox(cluster->connection(), {}, 20s);
        VERIFY_OK(ticket);
        const auto producer = kafka::Producer::open(*ticket, {}, 20s).value();
        const auto worker = test::deduplicator(*ticket, test::quick_worker());
        test::send_page_views(*producer, 0, 1'000, 2);
        QVERIFY2(wait_for([&] { return worker->counts().in == 2'000; }, 60s),
                 worker->counts().trouble.c_str());
        QCOMPARE(worker->counts().out, std::uint64_t{1'000});
        QCOMPARE(
            wrong_with_page_views(test::content_of(ticket->connection(), "unique_events"), 1'000),
            QString());
    }

  private:
    QTemporaryDir m_folder;
    std::optional<WorkerWorld> m_world;
};

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    if (test::is_worker(argc, argv))
        return test::run_worker(argv);
    TestWorker test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_worker.moc"
