// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: threads broker
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QtTest>

#include "connectors/kafka/read/reader.h"
#include "connectors/kafka/sandbox/producer.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/kafka_reading.h"
#include "tests/support/kafka_tool.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace weir::kafka;
using namespace weir::test;
using namespace std::chrono_literals;

namespace {

ConnectionOptions sandbox_on(const KafkaBroker& broker) {
    ConnectionOptions options = broker.connection();
    options.environment = Environment::Sandbox;
    return options;
}

/// What is in a topic now, as an isolation sees it.
Reading content(const ConnectionOptions& connection, const std::string& topic,
                Isolation isolation = Isolation::ReadUncommitted) {
    const auto cluster = Cluster::open(connection, {}).value();
    ReadRequest request;
    request.topics = {topic};
    request.start.kind = StartAt::Kind::Beginning;
    request.end.kind = EndAt::Kind::Snapshot;
    request.isolation = isolation;
    const auto reader = Reader::open(cluster, request, 20s).value();
    Reading reading;
    if (!read_all(*reader, reading))
        qFatal("the topic was not read");
    return reading;
}

/// The broker's disk becomes another cluster's, with all that is on it. REQUIRES: it is stopped.
void become_another_cluster(const KafkaBroker& broker) {
    QFile file(QFileInfo(QString::fromStdString(broker.log_file())).path() +
               QStringLiteral("/data/meta.properties"));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("no meta.properties");
    QByteArray text = file.readAll();
    file.close();
    text.replace(QByteArray::fromStdString(broker.cluster_id()), "AnotherClusterAltogeth");
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        qFatal("meta.properties was not written");
}

} // namespace

/// Writing to a real cluster that is marked as a sandbox.
class TestProducer : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
        m_broker = KafkaBroker::start().value();
        m_sandbox = sandbox_on(*m_broker);
        VERIFY_OK(init_sandbox(m_sandbox, {}, {}, 30s));
        m_ticket.emplace(prove_sandbox(m_sandbox, {}, 30s).value());
    }

    void what_is_written_arrives_once_and_in_order_whatever_the_codec_data() {
        QTest::addColumn<QString>("codec");
        for (const char* codec : {"none", "gzip", "snappy", "lz4", "zstd"})
            QTest::newRow(codec) << QString::fromLatin1(codec);
    }
    void what_is_written_arrives_once_and_in_order_whatever_the_codec() {
        QFETCH(QString, codec);
        const std::string topic = made(2);
        ProducerOptions options;
        options.compression = codec.toStdString();
        const auto producer = Producer::open(*m_ticket, options, 20s);
        VERIFY_OK(producer);
        for (int partition = 0; partition < 2; ++partition)
            produce(**producer, topic, partition, numbered("e", 3000, 10'000 * partition));
        QCOMPARE((*producer)->counts().acknowledged, 6000);
        const Reading reading = content(m_sandbox, topic);
        QCOMPARE(reading.records.size(), std::size_t{6000});
        std::vector<std::string> first;
        for (const Taken& t : reading.records)
            if (t.partition == 0)
                first.push_back(t.value);
        QCOMPARE(first, numbered("e", 3000));
    }

    void nulls_headers_and_times_arrive_as_they_were_given() {
        const std::string topic = made(1);
        std::vector<Delivery> deliveries;
        ProducerOptions options;
        options.delivered = [&](const Delivery& d) { deliveries.push_back(d); };
        const auto producer = Producer::open(*m_ticket, options, 20s);
        VERIFY_OK(producer);
        OutRecord tombstone;
        tombstone.topic = topic;
        tombstone.key = "gone";
        tombstone.key_null = false;
        tombstone.value_null = true;
        tombstone.timestamp = Micros::from_ms(1'700'000'000'123);
        tombstone.headers = {{"a", "1"}, {"a", std::string_view("\0\xff", 2)}, {"n", {}, true}};
        tombstone.token = 7;
        VERIFY_OK((*producer)->send(tombstone));
        OutRecord empty;
        empty.topic = topic;
        empty.key_null = false;
        VERIFY_OK((*producer)->send(empty));
        OutRecord bare;
        bare.topic = topic;
        bare.value = "-7210194211959421178";
        VERIFY_OK((*producer)->send(bare));
        VERIFY_OK((*producer)->flush(20s));
        QCOMPARE(deliveries.size(), std::size_t{3});
        QVERIFY(deliveries[0].ok && deliveries[0].token == 7 && deliveries[0].offset == Offset(0));

        const Reading reading = content(m_sandbox, topic);
        QCOMPARE(reading.records.size(), std::size_t{3});
        const Taken& first = reading.records[0];
        QVERIFY(first.value_null && !first.key_null);
        QCOMPARE(first.timestamp_ms, 1'700'000'000'123);
        const std::vector<std::pair<std::string, std::string>> headers = {
            {"a", "1"}, {"a", std::string("\0\xff", 2)}, {"n", "<null>"}};
        QVERIFY(first.headers == headers);
        QVERIFY(!reading.records[1].key_null && !reading.records[1].value_null);
        QVERIFY(reading.records[1].key.empty() && reading.records[1].value.empty());
        QVERIFY(reading.records[2].key_null);
        QCOMPARE(reading.records[2].value, std::string("-7210194211959421178"));
    }

    void a_transaction_shows_together_when_committed_and_never_when_aborted() {
        const std::string topic = made(1);
        ProducerOptions options;
        options.transactional_id = unique_name("weir");
        const auto producer = Producer::open(*m_ticket, options, 60s);
        VERIFY_OK(producer);
        VERIFY_OK((*producer)->begin_transaction());
        produce(**producer, topic, 0, numbered("kept", 5));
        QCOMPARE(content(m_sandbox, topic, Isolation::ReadCommitted).records.size(),
                 std::size_t{0});
        QCOMPARE(content(m_sandbox, topic).records.size(), std::size_t{5});
        VERIFY_OK((*producer)->commit_transaction(20s));
        QCOMPARE(content(m_sandbox, topic, Isolation::ReadCommitted).values(), numbered("kept", 5));
        VERIFY_OK((*producer)->begin_transaction());
        produce(**producer, topic, 0, numbered("dropped", 5));
        VERIFY_OK((*producer)->abort_transaction(20s));
        QCOMPARE(content(m_sandbox, topic, Isolation::ReadCommitted).values(), numbered("kept", 5));
        QCOMPARE(content(m_sandbox, topic).records.size(), std::size_t{10});
    }

    void a_topic_that_is_not_there_is_an_error_and_is_not_made() {
        const auto producer = Producer::open(*m_ticket, {}, 20s);
        VERIFY_OK(producer);
        OutRecord record;
        record.topic = "not-there";
        VERIFY_ERROR((*producer)->send(record), ErrorCode::NotFound);
        const auto topics = KafkaTool(*m_broker).topics().value();
        QVERIFY(std::find(topics.begin(), topics.end(), "not-there") == topics.end());
    }

    void nothing_is_written_to_another_cluster_that_answers_at_the_same_address() {
        const auto broker = KafkaBroker::start();
        VERIFY_OK(broker);
        const ConnectionOptions sandbox = sandbox_on(**broker);
        VERIFY_OK(init_sandbox(sandbox, {}, {}, 30s));
        const auto ticket = prove_sandbox(sandbox, {}, 30s);
        VERIFY_OK(ticket);
        VERIFY_OK(create_topic(*ticket, {"raw_events", 1, {}}, 20s));
        const auto early = Producer::open(*ticket, {}, 20s);
        VERIFY_OK(early);
        produce(**early, "raw_events", 0, numbered("proved", 10));

        (*broker)->stop();
        OutRecord record;
        record.topic = "raw_events";
        record.value = "to whom?";
        VERIFY_OK((*early)->send(record)); // waits for its cluster to come back
        become_another_cluster(**broker);
        VERIFY_OK((*broker)->restart());

        VERIFY_ERROR(Producer::open(*ticket, {}, 30s), ErrorCode::Refused);
        QVERIFY(wait_for([&] { return (*early)->counts().failed == 1; }, 40s));
        QCOMPARE((*early)->counts().acknowledged, 10);
        VERIFY_ERROR((*early)->send(record), ErrorCode::Refused);
        VERIFY_ERROR(prove_sandbox(sandbox, {}, 30s), ErrorCode::Refused); // a copied marker
        QCOMPARE(content((*broker)->connection(), "raw_events").values(), numbered("proved", 10));
    }

  private:
    std::string made(int partitions) {
        std::string topic = unique_name("written");
        if (!create_topic(*m_ticket, {topic, partitions, {}}, 20s))
            qFatal("the topic was not made");
        return topic;
    }

    QTemporaryDir m_folder;
    std::unique_ptr<KafkaBroker> m_broker;
    ConnectionOptions m_sandbox;
    std::optional<SandboxTicket> m_ticket;
};

QTEST_GUILESS_MAIN(TestProducer)
#include "tst_producer.moc"
