// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker
#include <QCoreApplication>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "connectors/kafka/sandbox/embedded.h"
#include "models/sandbox/workers/deduplicate.h"
#include "models/sandbox/workers/worker.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/kafka_reading.h"
#include "tests/support/process.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace std::chrono_literals;
using sandbox::Worker;
using sandbox::WorkerOptions;
using test::KafkaBroker;
using test::wait_for;

namespace {

constexpr int partitions = 4;

std::string page_view(int id) {
    return "{\"event_id\":\"e" + std::to_string(id) +
           R"(","event_type":"page_view","session_id":"s)" + std::to_string(id % 50) + "\"}";
}

/// Writes events `first` … `past`, each as often as `times` says, keyed by session.
void send(kafka::Producer& producer, int first, int past, int times = 1) {
    for (int id = first; id < past; ++id)
        for (int i = 0; i < times; ++i) {
            const std::string value = page_view(id);
            const std::string key = "s" + std::to_string(id % 50);
            kafka::OutRecord record;
            record.topic = "raw_events";
            record.key = key;
            record.key_null = false;
            record.value = value;
            if (auto sent = producer.send(record); !sent)
                qFatal("%s", sent.error().text().c_str());
        }
    if (auto flushed = producer.flush(30s); !flushed)
        qFatal("%s", flushed.error().text().c_str());
}

test::Reading content(const kafka::ConnectionOptions& connection, const std::string& topic,
                      kafka::Isolation isolation = kafka::Isolation::ReadCommitted) {
    const auto cluster = kafka::Cluster::open(connection, {}).value();
    test::Reading reading;
    const auto reader = kafka::Reader::open(cluster, test::whole(topic, isolation), 20s).value();
    if (!test::read_all(*reader, reading))
        qFatal("%s was not read", topic.c_str());
    return reading;
}

Result<kafka::SandboxTicket> make_sandbox(const KafkaBroker& broker) {
    kafka::ConnectionOptions connection = broker.connection();
    connection.environment = kafka::Environment::Sandbox;
    if (auto marked = init_sandbox(connection, {}, {}, 30s); !marked)
        return marked.error();
    auto ticket = prove_sandbox(connection, {}, 30s);
    if (!ticket)
        return ticket;
    for (const auto& [name, configs] : std::map<std::string, std::map<std::string, std::string>>{
             {"raw_events", {}},
             {"unique_events", {}},
             {"invalid_events", {}},
             {"deduplicate_state", {{"cleanup.policy", "compact"}}}})
        if (auto made = create_topic(*ticket, {name, partitions, configs}, 20s); !made)
            return made.error();
    return ticket;
}

WorkerOptions quick(const std::string& instance = "1") {
    WorkerOptions options;
    options.instance = instance;
    options.session_timeout = 6s;
    options.transaction_timeout = 5s;
    return options;
}

std::unique_ptr<Worker> deduplicator(const kafka::SandboxTicket& ticket,
                                     const std::string& instance = "1") {
    auto worker = std::make_unique<Worker>(ticket, std::make_unique<sandbox::Deduplicate>(nullptr),
                                           quick(instance));
    worker->start();
    return worker;
}

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

/// This executable as a worker of its own, to be killed: ADDRESS INSTANCE.
int run_worker(const char* address, const char* instance) {
    kafka::ConnectionOptions connection;
    connection.name = "test-kafka";
    connection.bootstrap = address;
    connection.environment = kafka::Environment::Sandbox;
    const auto ticket = prove_sandbox(connection, {}, 30s);
    if (!ticket) {
        std::fprintf(stderr, "%s\n", ticket.error().text().c_str());
        return 1;
    }
    const auto worker = deduplicator(*ticket, instance);
    for (;;)
        std::this_thread::sleep_for(1s);
}

/// Each id once, and those of a session in the order they were sent in.
QString wrong_with(const test::Reading& reading, int ids) {
    std::set<std::string> seen;
    std::map<std::string, int> newest;
    for (const test::Taken& taken : reading.records) {
        if (!seen.insert(taken.value).second)
            return QStringLiteral("twice: ") + QString::fromStdString(taken.value);
        const int id = std::stoi(taken.value.substr(std::string("{\"event_id\":\"e").size()));
        const auto [at, first] = newest.try_emplace(taken.key, id);
        if (!first && at->second > id)
            return QStringLiteral("out of order: ") + QString::fromStdString(taken.value);
        at->second = id;
    }
    if (seen.size() != static_cast<std::size_t>(ids))
        return QStringLiteral("%1 instead of %2").arg(seen.size()).arg(ids);
    return {};
}

} // namespace

/// Workers on a real broker: exactly once, whatever happens to them.
class TestWorker : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void init() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
        m_broker = KafkaBroker::start().value();
        const auto ticket = make_sandbox(*m_broker);
        VERIFY_OK(ticket);
        m_ticket.emplace(*ticket);
        m_producer = kafka::Producer::open(*m_ticket, {}, 20s).value();
    }
    void cleanup() {
        m_producer.reset();
        m_ticket.reset();
        m_broker.reset();
    }

    void each_event_passes_once_and_the_counts_balance() {
        send(*m_producer, 0, 2'000, 2);
        const auto worker = deduplicator(*m_ticket);
        QVERIFY2(wait_for([&] { return worker->counts().in == 4'000; }, 60s),
                 worker->counts().trouble.c_str());
        const sandbox::WorkerCounts counts = worker->counts();
        QCOMPARE(counts.out, std::uint64_t{2'000});
        QCOMPARE(counts.filtered_count(), std::uint64_t{2'000});
        QCOMPARE(counts.failed_count(), std::uint64_t{0});
        QCOMPARE(counts.wait.count(), std::uint64_t{4'000});
        QCOMPARE(counts.processing.count(), std::uint64_t{4'000});
        const test::Reading reading = all_of("unique_events", 2'000);
        QCOMPARE(wrong_with(reading, 2'000), QString());
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
            VERIFY_OK(m_producer->send(record));
        }
        send(*m_producer, 0, 100);
        Worker worker(*m_ticket, std::make_unique<Touchy>(), quick());
        worker.start();
        QVERIFY2(wait_for([&] { return worker.counts().in == 103; }, 60s),
                 worker.counts().trouble.c_str());
        const sandbox::WorkerCounts counts = worker.counts();
        QCOMPARE(counts.out, std::uint64_t{90});
        QCOMPARE(counts.failed.at("stage_error"), std::uint64_t{10});
        QCOMPARE(counts.failed_count(), std::uint64_t{13});
        QCOMPARE(all_of("unique_events", 90).records.size(), std::size_t{90});
        const test::Reading dead = all_of("invalid_events", 13);
        QCOMPARE(dead.records.size(), std::size_t{13});
        int sevens = 0;
        for (const test::Taken& taken : dead.records)
            sevens += taken.value.find("touchy: seven") != std::string::npos;
        QCOMPARE(sevens, 10);
    }

    void killed_at_any_moment_it_loses_and_doubles_nothing() {
        const int kills = qEnvironmentVariableIsSet("WEIR_SOAK") ? 50 : 6;
        const std::string log = m_folder.filePath(QStringLiteral("worker.log")).toStdString();
        const std::vector<std::string> command = {
            QCoreApplication::applicationFilePath().toStdString(), "--worker", m_broker->address(),
            "killed"};
        std::mt19937 random(11);
        int sent = 0;
        for (int i = 0; i < kills; ++i) {
            const auto child = test::spawn(command, log);
            VERIFY_OK(child);
            const auto until = std::chrono::steady_clock::now() +
                               std::chrono::milliseconds(1'000 + random() % 2'000);
            while (std::chrono::steady_clock::now() < until) {
                send(*m_producer, sent, sent + 50, 2);
                sent += 50;
            }
            test::end_process(*child, SIGKILL, 5'000);
        }
        const auto worker = deduplicator(*m_ticket, "killed");
        QVERIFY2(wait_for(
                     [&] {
                         return content(m_ticket->connection(), "unique_events").records.size() >=
                                static_cast<std::size_t>(sent);
                     },
                     120s),
                 (worker->counts().trouble + test::read_text(log)).c_str());
        QCOMPARE(wrong_with(content(m_ticket->connection(), "unique_events"), sent), QString());
        const std::size_t written =
            content(m_ticket->connection(), "unique_events", kafka::Isolation::ReadUncommitted)
                .records.size();
        qInfo("%d events, %zu records written, %d kills", sent, written, kills);
    }

    void workers_that_come_and_go_share_the_work_without_loss_or_doubling() {
        std::vector<std::unique_ptr<Worker>> workers;
        int sent = 0;
        for (int i = 0; i < 3; ++i) {
            workers.push_back(deduplicator(*m_ticket, std::to_string(i)));
            for (int n = 0; n < 20; ++n, sent += 50)
                send(*m_producer, sent, sent + 50, 2);
        }
        const auto all_work = [&] {
            send(*m_producer, sent, sent + 50, 2);
            sent += 50;
            return std::all_of(workers.begin(), workers.end(),
                               [](const auto& w) { return w->counts().in > 0; });
        };
        QVERIFY(wait_for(all_work, 60s));
        workers.erase(workers.begin());
        for (int n = 0; n < 20; ++n, sent += 50)
            send(*m_producer, sent, sent + 50, 2);
        QCOMPARE(wrong_with(all_of("unique_events", sent, 120s), sent), QString());
    }

    void a_broker_that_goes_away_is_waited_for() {
        send(*m_producer, 0, 500);
        const auto worker = deduplicator(*m_ticket);
        QVERIFY(wait_for([&] { return worker->counts().in == 500; }, 60s));
        m_broker->kill();
        VERIFY_OK(m_broker->restart());
        send(*m_producer, 500, 1'000);
        QVERIFY2(wait_for([&] { return worker->counts().in >= 1'000; }, 120s),
                 worker->counts().trouble.c_str());
        QCOMPARE(wrong_with(all_of("unique_events", 1'000), 1'000), QString());
    }

    void it_runs_on_the_embedded_cluster() {
        const auto cluster = kafka::EmbeddedCluster::start({{"raw_events", partitions},
                                                            {"unique_events", partitions},
                                                            {"invalid_events", partitions},
                                                            {"deduplicate_state", partitions}})
                                 .value();
        const auto ticket = prove_sandbox(cluster->connection(), {}, 20s);
        VERIFY_OK(ticket);
        const auto producer = kafka::Producer::open(*ticket, {}, 20s).value();
        const auto worker = deduplicator(*ticket);
        send(*producer, 0, 1'000, 2);
        QVERIFY2(wait_for([&] { return worker->counts().in == 2'000; }, 60s),
                 worker->counts().trouble.c_str());
        QCOMPARE(worker->counts().out, std::uint64_t{1'000});
        QCOMPARE(wrong_with(content(ticket->connection(), "unique_events"), 1'000), QString());
    }

  private:
    /// What is committed, once it is so much: a commit is done before its last marker is written.
    test::Reading all_of(const std::string& topic, int records,
                         std::chrono::seconds limit = std::chrono::seconds(30)) {
        test::Reading reading;
        (void)wait_for(
            [&] {
                reading = content(m_ticket->connection(), topic);
                return reading.records.size() >= static_cast<std::size_t>(records);
            },
            limit);
        return reading;
    }

    QTemporaryDir m_folder;
    std::unique_ptr<KafkaBroker> m_broker;
    std::optional<kafka::SandboxTicket> m_ticket;
    std::unique_ptr<kafka::Producer> m_producer;
};

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    if (argc == 4 && std::string_view(argv[1]) == "--worker")
        return run_worker(argv[2], argv[3]);
    TestWorker test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_worker.moc"
