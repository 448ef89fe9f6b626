// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker soak
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>
#include <set>
#include <thread>

#include "connectors/kafka/read/reader.h"
#include "connectors/kafka/sandbox/embedded.h"
#include "models/event/json/json_tape.h"
#include "tests/support/collector_station.h"
#include "tests/support/free_ports.h"
#include "tests/support/http_client.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/kafka_reading.h"
#include "tests/support/process.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace weir::kafka;
using namespace weir::sandbox;
using namespace weir::test;
using namespace std::chrono_literals;

namespace {

/// All ids in the topic now. `connection` says that it is a sandbox: a cluster that was once read
/// as production is never written to again.
std::multiset<std::string> ids_in(const ConnectionOptions& connection, const std::string& topic) {
    const auto cluster = Cluster::open(connection, {}).value();
    ReadRequest request;
    request.topics = {topic};
    request.start.kind = StartAt::Kind::Beginning;
    request.end.kind = EndAt::Kind::Snapshot;
    const auto reader = Reader::open(cluster, request, 30s).value();
    Reading reading;
    if (!read_all(*reader, reading, 120s))
        qFatal("the topic was not read");
    std::multiset<std::string> ids;
    JsonTape tape;
    for (const Taken& taken : reading.records)
        if (tape.parse(taken.value))
            if (const auto id = tape.member(0, "event_id"))
                ids.insert(tape.unescaped(*id));
    return ids;
}

std::size_t missing(const std::set<std::string>& accepted, const std::multiset<std::string>& ids) {
    std::size_t count = 0;
    for (const std::string& id : accepted)
        count += ids.count(id) == 0 ? 1U : 0U;
    return count;
}

/// In a process of its own, which is killed.
int run_station(const char* address, const char* port) {
    ConnectionOptions connection;
    connection.name = "child";
    connection.bootstrap = address;
    connection.environment = Environment::Sandbox;
    auto outlet = outlet_of(connection);
    if (!outlet) {
        std::fprintf(stderr, "%s\n", outlet.error().text().c_str());
        return 3;
    }
    const CollectorStation station(std::move(*outlet), std::atoi(port));
    for (;;)
        std::this_thread::sleep_for(1h);
}

/// Waits until it takes connections; what it has said if it does not.
std::string not_up(int child, int port, const std::string& log) {
    const auto up = [&] { return HttpClient(port).connected(); };
    wait_for([&] { return up() || !child_alive(child); }, 180s);
    return up() ? std::string() : "not up; it said: " + read_text(log);
}

/// How long the broker stays away: until everybody has been told, or (WEIR_SOAK) a full minute.
std::chrono::seconds outage() {
    return qEnvironmentVariableIsSet("WEIR_SOAK") ? 60s : 0s;
}

} // namespace

class TestCollectorBadDays : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    std::unique_ptr<KafkaBroker> m_broker;
    ConnectionOptions m_sandbox;

    std::vector<std::unique_ptr<Sender>> senders(int count, int port) {
        std::vector<std::unique_ptr<Sender>> all;
        for (int i = 0; i < count; ++i)
            all.push_back(std::make_unique<Sender>(m_next_sender++, port));
        return all;
    }
    static int taken(const std::vector<std::unique_ptr<Sender>>& all) {
        int sum = 0;
        for (const auto& sender : all)
            sum += sender->taken;
        return sum;
    }
    int m_next_sender = 0;

  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
        m_broker = KafkaBroker::start().value();
        m_sandbox = m_broker->connection();
        m_sandbox.environment = Environment::Sandbox;
        VERIFY_OK(init_sandbox(m_sandbox, {}, {}, 30s));
    }

    void a_broker_that_stops_under_load_loses_nothing_that_was_accepted() {
        OutletOptions options;
        options.raw_topic = "stopped_broker";
        options.ack_wait = 4s;
        options.silence = 1s;
        auto outlet = outlet_of(m_sandbox, options);
        VERIFY_OK(outlet);
        CollectorStation station(std::move(*outlet));
        auto all = senders(4, station.port());
        QVERIFY(wait_for([&] { return taken(all) > 50; }, 60s));
        m_broker->kill();
        const auto back = std::chrono::steady_clock::now() + outage();
        QVERIFY(wait_for(
            [&] {
                return std::chrono::steady_clock::now() >= back &&
                       std::all_of(all.begin(), all.end(), [](const auto& s) {
                           return s->refused > 3; // told so, instead of being left waiting
                       });
            },
            60s + outage()));
        QVERIFY(station.outlet->stats().silent);
        VERIFY_OK(m_broker->restart());
        const int before = taken(all);
        QVERIFY(wait_for([&] { return taken(all) > before + 50; }, 120s));
        std::set<std::string> accepted;
        for (const auto& sender : all) {
            sender->stop();
            QCOMPARE(sender->broken.load(), 0);
            accepted.insert(sender->accepted.begin(), sender->accepted.end());
        }
        QVERIFY(station.outlet->flush(60s));
        const auto ids = ids_in(m_sandbox, options.raw_topic);
        QCOMPARE(missing(accepted, ids), std::size_t{0});
        qInfo("accepted %zu, written %zu", accepted.size(), ids.size());
    }

    void a_collector_that_is_killed_under_load_loses_nothing_that_was_accepted() {
        const int port = free_ports(1).front();
        const std::string log = m_folder.filePath(QStringLiteral("station.log")).toStdString();
        const std::vector<std::string> command = {
            QCoreApplication::applicationFilePath().toStdString(), "--station", m_broker->address(),
            std::to_string(port)};
        auto child = spawn(command, log);
        VERIFY_OK(child);
        const std::string first = not_up(*child, port, log);
        QVERIFY2(first.empty(), first.c_str());
        auto all = senders(4, port);
        QVERIFY(wait_for([&] { return taken(all) > 50; }, 60s));
        end_process(*child, SIGKILL, 5'000);
        child = spawn(command, log);
        VERIFY_OK(child);
        const std::string again = not_up(*child, port, log);
        QVERIFY2(again.empty(), again.c_str());
        const int before = taken(all);
        QVERIFY(wait_for([&] { return taken(all) > before + 50; }, 120s));
        std::set<std::string> accepted;
        for (const auto& sender : all) {
            sender->stop();
            accepted.insert(sender->accepted.begin(), sender->accepted.end());
        }
        end_process(*child, SIGKILL, 5'000);
        QCOMPARE(missing(accepted, ids_in(m_sandbox, "raw_events")), std::size_t{0});
    }

    void a_source_that_floods_does_not_hold_others_up() {
        const auto cluster =
            EmbeddedCluster::start({{"raw_events", 32}, {"invalid_events", 32}}).value();
        auto outlet = outlet_of(cluster->connection());
        VERIFY_OK(outlet);
        CollectorOptions options;
        options.rate = {100, 200};
        CollectorStation station(std::move(*outlet), 0, options);
        std::string flood = "[";
        for (int i = 0; i < 100; ++i)
            flood += (i > 0 ? "," : "") + std::string("{\"source_id\":\"loud\"}");
        flood += "]";
        std::atomic<bool> stop{false};
        std::atomic<int> told_to_wait{0};
        std::vector<std::thread> loud;
        for (int i = 0; i < 8; ++i)
            loud.emplace_back([&] {
                HttpClient client(station.port());
                while (!stop)
                    if (const auto reply = client.post("/events", flood);
                        reply && reply->status == 429 && !reply->header("Retry-After").empty())
                        ++told_to_wait;
            });
        const bool flooded = wait_for([&] { return told_to_wait > 1'000; }, 60s);
        HttpClient quiet(station.port());
        int served = 0;
        for (int i = 0; i < 100; ++i) {
            const auto reply = quiet.post("/events", "{\"source_id\":\"quiet\"}");
            served += reply && reply->status == 202 ? 1 : 0;
        }
        stop = true;
        for (std::thread& thread : loud)
            thread.join();
        QVERIFY(flooded);
        QCOMPARE(served, 100);
    }

    void a_full_embedded_cluster_refuses_instead_of_dropping() {
        const auto cluster =
            EmbeddedCluster::start({{"raw_events", 32}, {"invalid_events", 32}}).value();
        auto outlet = outlet_of(cluster->connection());
        VERIFY_OK(outlet);
        CollectorStation station(std::move(*outlet));
        HttpClient client(station.port());
        const std::string event =
            "{\"session_id\":\"one\",\"filler\":\"" + std::string(100'000, 'x') + "\"}";
        int accepted = 0;
        std::optional<HttpReply> reply;
        while ((reply = client.post("/events", event)) && reply->status == 202 && accepted < 100)
            ++accepted;
        QVERIFY(reply.has_value());
        QCOMPARE(reply->status, 503);
        QVERIFY2(accepted >= 35 && accepted < 45, std::to_string(accepted).c_str());
        QCOMPARE(client.post("/events", "{\"session_id\":\"another\"}")->status, 202);
    }
};

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    if (argc == 4 && std::string_view(argv[1]) == "--station")
        return run_station(argv[2], argv[3]);
    TestCollectorBadDays test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_collector_bad_days.moc"
