// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker threads
#include <QTemporaryDir>
#include <QtTest/QtTest>

#include <numeric>

#include "connectors/kafka/admin/admin.h"
#include "connectors/kafka/read/reader.h"
#include "connectors/kafka/sandbox/producer.h"
#include "connectors/secrets/secrets.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/kafka_reading.h"
#include "tests/support/kafka_tool.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace weir::kafka;
using namespace weir::test;
using namespace std::chrono_literals;

namespace {

constexpr int partitions = 4;
constexpr int total = 100'000; // records, about 22 MB

std::vector<std::int64_t> run_of(std::int64_t to) {
    std::vector<std::int64_t> all(static_cast<std::size_t>(to));
    std::iota(all.begin(), all.end(), 0);
    return all;
}

} // namespace

/// All that is done with a cluster, by SCRAM. On one of the doors a login is good for two seconds.
class TestScramBrokers : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
        KafkaBroker::Options options;
        options.properties["listener.name.saslplaintext.scram-sha-256.connections.max.reauth.ms"] =
            "2000";
        auto started = KafkaBroker::start(options);
        VERIFY_OK(started);
        m_broker = std::move(started).value();
        KafkaTool tool(*m_broker);
        VERIFY_OK(tool.create_topic("many", partitions));
        VERIFY_OK(tool.write_many("many", total, [](std::int64_t i) {
            return TestRecord{.value = "record " + std::to_string(i) + std::string(200, '.'),
                              .partition = static_cast<int>(i % partitions)};
        }));
    }

    void reading_by_each_door() {
        for (const Mechanism mechanism : {Mechanism::ScramSha256, Mechanism::ScramSha512})
            for (const Listener door : {Listener::SaslPlaintext, Listener::SaslSsl}) {
                const auto reader = Reader::open(cluster(door, mechanism), whole("many"), 20s);
                VERIFY_OK(reader);
                Reading reading;
                QVERIFY(read_all(**reader, reading));
                check_whole(reading);
            }
    }

    void the_admin_answers() {
        Admin admin(cluster(Listener::SaslSsl, Mechanism::ScramSha512));
        const auto info = admin.cluster_info(20s);
        VERIFY_OK(info);
        const auto topic = admin.topic_info("many", 20s);
        VERIFY_OK(topic);
        const auto offsets = admin.offsets({{"many", PartitionId(1)}}, 20s);
        QVERIFY(!offsets[0].error);
        QCOMPARE(offsets[0].end, Offset(total / partitions));
    }

    void writing_into_a_sandbox() {
        const ConnectionOptions options = by(Listener::SaslSsl, Mechanism::ScramSha512);
        const SecretResolver secrets = secret_resolver(options.name);
        VERIFY_OK(init_sandbox(options, secrets, {"many"}, 30s));
        const auto ticket = prove_sandbox(options, secrets, 30s);
        VERIFY_OK(ticket);
        VERIFY_OK(KafkaTool(*m_broker).create_topic("written"));
        const auto producer = Producer::open(*ticket, {}, 20s);
        VERIFY_OK(producer);
        produce(**producer, "written", 0, numbered("e", 20'000));
        const auto reader =
            Reader::open(cluster(Listener::SaslSsl, Mechanism::ScramSha256), whole("written"), 20s);
        VERIFY_OK(reader);
        Reading reading;
        QVERIFY(read_all(**reader, reading));
        QCOMPARE(reading.values(), numbered("e", 20'000));
    }

    /// Connections end and are made again while records are read; nobody is told, as nothing is
    /// interrupted.
    void a_login_that_expires_in_mid_read() {
        ConnectionOptions slow = by(Listener::SaslPlaintext, Mechanism::ScramSha256);
        slow.read_budget_mb_s = 3;
        const auto opened = Cluster::open(slow, secret_resolver(slow.name));
        VERIFY_OK(opened);
        QElapsedTimer clock;
        clock.start();
        const auto reader = Reader::open(*opened, whole("many"), 20s);
        VERIFY_OK(reader);
        Reading reading;
        QVERIFY(read_all(**reader, reading));
        QVERIFY2(clock.elapsed() > 4'000, "it was read before a login could expire");
        check_whole(reading);
        QCOMPARE(reading.count(PartitionNote::Failed), 0);
        QVERIFY2((*opened)->health().trouble.empty(), (*opened)->health().trouble.c_str());
    }

    void a_broker_killed_in_mid_read_costs_no_record_and_repeats_none() {
        // The log must be on disk before the crash, or the broker itself forgets records.
        m_broker->stop();
        VERIFY_OK(m_broker->restart());
        ConnectionOptions slow = by(Listener::SaslSsl, Mechanism::ScramSha512);
        slow.properties = {{"queued.max.messages.kbytes", "1024"}};
        const auto opened = Cluster::open(slow, secret_resolver(slow.name));
        VERIFY_OK(opened);
        const auto reader = Reader::open(*opened, whole("many"), 20s);
        VERIFY_OK(reader);
        Reading reading;
        QVERIFY(read_until(**reader, reading, [&] { return reading.records.size() > 10'000; }));
        m_broker->kill();
        QVERIFY(read_until(**reader, reading,
                           [&] { return reading.count(PartitionNote::Failed) > 0; }));
        QVERIFY(reading.records.size() < total);
        const Error told = reading.first(PartitionNote::Failed)->error;
        QVERIFY2(told.text().find("(while reading many [") != std::string::npos,
                 told.text().c_str());
        VERIFY_OK(m_broker->restart());
        QVERIFY(read_all(**reader, reading));
        QCOMPARE(reading.count(PartitionNote::Recovered), reading.count(PartitionNote::Failed));
        check_whole(reading);
    }

  private:
    ConnectionOptions by(Listener door, Mechanism mechanism) const {
        ConnectionOptions options = m_broker->connection(door);
        options.security.mechanism = mechanism;
        options.environment = Environment::Sandbox; // what is observed can never be written to
        return options;
    }
    std::shared_ptr<Cluster> cluster(Listener door, Mechanism mechanism) const {
        const ConnectionOptions options = by(door, mechanism);
        return Cluster::open(options, secret_resolver(options.name)).value();
    }
    void check_whole(const Reading& reading) const {
        QCOMPARE(reading.records.size(), static_cast<std::size_t>(total));
        for (int p = 0; p < partitions; ++p)
            QVERIFY(reading.offsets(p) == run_of(total / partitions));
    }

    QTemporaryDir m_folder;
    std::unique_ptr<KafkaBroker> m_broker;
};

QTEST_GUILESS_MAIN(TestScramBrokers)
#include "tst_scram_brokers.moc"
