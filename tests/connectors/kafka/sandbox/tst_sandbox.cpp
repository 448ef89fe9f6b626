// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker threads
#include <QtTest>

#include <type_traits>

#include "connectors/kafka/read/reader.h"
#include "connectors/kafka/sandbox/embedded.h"
#include "connectors/kafka/sandbox/producer.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/kafka_reading.h"
#include "tests/support/kafka_tool.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace weir::kafka;
using namespace weir::test;
using namespace std::chrono_literals;

// Law 6 in the type system: no ticket but by proof, no producer but by a ticket.
static_assert(!std::is_default_constructible_v<SandboxTicket>);
static_assert(!std::is_aggregate_v<SandboxTicket>);
static_assert(!std::is_constructible_v<SandboxTicket, ConnectionOptions>);
static_assert(!std::is_constructible_v<SandboxTicket, ConnectionOptions, SecretResolver,
                                       std::string, bool, ObservedIds>);
static_assert(!std::is_default_constructible_v<Producer>);
static_assert(!std::is_copy_constructible_v<Producer>);
static_assert(!std::is_constructible_v<Producer, SandboxTicket>);
static_assert(!std::is_invocable_v<decltype(&Producer::open), const ConnectionOptions&,
                                   ProducerOptions, std::chrono::milliseconds>);
static_assert(!std::is_invocable_v<decltype(&Producer::open), std::shared_ptr<Cluster>,
                                   ProducerOptions, std::chrono::milliseconds>);
static_assert(!std::is_convertible_v<std::shared_ptr<Cluster>, SandboxTicket>);
static_assert(!std::is_convertible_v<ConnectionOptions, SandboxTicket>);

class TestSandbox : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() {
        QVERIFY(m_folder.isValid());
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("default.json")).toUtf8());
    }

    void init() {
        m_list = ObservedIds(
            m_folder.filePath(QStringLiteral("list-%1.json").arg(++m_count)).toStdString());
    }

    void an_embedded_cluster_is_a_sandbox_by_nature() {
        const auto broker = EmbeddedCluster::start({{"raw_events", 1}}).value();
        const auto ticket = prove_sandbox(broker->connection(), {}, 10s, m_list);
        VERIFY_OK(ticket);
        QVERIFY(ticket->embedded());
        VERIFY_OK(Producer::open(*ticket, {}, 10s));
    }

    void a_connection_that_does_not_say_sandbox_is_refused_even_if_embedded() {
        const auto broker = EmbeddedCluster::start({{"raw_events", 1}}).value();
        for (const Environment e : {Environment::Production, Environment::Staging}) {
            ConnectionOptions connection = broker->connection();
            connection.environment = e;
            VERIFY_ERROR(prove_sandbox(connection, {}, 10s, m_list), ErrorCode::Refused);
        }
        ConnectionOptions silent;
        silent.name = "silent";
        silent.bootstrap = broker->bootstrap();
        VERIFY_ERROR(prove_sandbox(silent, {}, 10s, m_list), ErrorCode::Refused);
    }

    void a_ticket_of_an_embedded_cluster_ends_with_it() {
        auto broker = EmbeddedCluster::start({{"raw_events", 1}}).value();
        const auto ticket = prove_sandbox(broker->connection(), {}, 10s, m_list).value();
        broker.reset();
        VERIFY_ERROR(Producer::open(ticket, {}, 1s), ErrorCode::Refused);
    }

    void a_real_cluster_must_be_marked_and_is_then_written_to() {
        const auto broker = KafkaBroker::start();
        VERIFY_OK(broker);
        const ConnectionOptions sandbox = as(**broker, Environment::Sandbox);
        const auto before = prove_sandbox(sandbox, {}, 20s, m_list);
        VERIFY_ERROR(before, ErrorCode::Refused);
        QVERIFY2(before.error().advice.find("weir sandbox --init") != std::string::npos,
                 before.error().text().c_str());

        VERIFY_ERROR(init_sandbox(as(**broker, Environment::Production), {}, {}, 20s, m_list),
                     ErrorCode::Refused);
        VERIFY_ERROR(init_sandbox(as(**broker, Environment::Staging), {}, {}, 20s, m_list),
                     ErrorCode::Refused);
        VERIFY_OK(init_sandbox(sandbox, {}, {}, 30s, m_list));
        VERIFY_OK(init_sandbox(sandbox, {}, {}, 30s, m_list)); // again: nothing happens

        const auto ticket = prove_sandbox(sandbox, {}, 20s, m_list);
        VERIFY_OK(ticket);
        QCOMPARE(ticket->cluster_id(), (*broker)->cluster_id());
        VERIFY_OK(create_topic(*ticket, {"raw_events", 3, {}}, 20s));
        VERIFY_OK(create_topic(*ticket, {"raw_events", 3, {}}, 20s));
        const auto producer = Producer::open(*ticket, {}, 20s);
        VERIFY_OK(producer);
        produce(**producer, "raw_events", 1, numbered("e", 10));
        QCOMPARE((*producer)->counts().acknowledged, 10);

        OutRecord forged;
        forged.topic = sandbox_marker_topic;
        forged.value = "{}";
        VERIFY_ERROR((*producer)->send(forged), ErrorCode::Refused);

        // From the day it is observed as production, no workspace can bring it back.
        VERIFY_OK(m_list.record({(*broker)->cluster_id(), "prod", Environment::Production, {}}));
        VERIFY_ERROR(prove_sandbox(sandbox, {}, 20s, m_list), ErrorCode::Refused);
        VERIFY_ERROR(init_sandbox(sandbox, {}, {}, 20s, m_list), ErrorCode::Refused);
        VERIFY_ERROR(Producer::open(*ticket, {}, 20s), ErrorCode::Refused);
        VERIFY_ERROR(create_topic(*ticket, {"more", 1, {}}, 20s), ErrorCode::Refused);
    }

    void a_cluster_with_topics_of_others_is_refused_unless_they_are_named() {
        const auto broker = KafkaBroker::start();
        VERIFY_OK(broker);
        KafkaTool tool(**broker);
        VERIFY_OK(tool.create_topic("orders"));
        VERIFY_OK(tool.create_topic("payments"));
        const ConnectionOptions sandbox = as(**broker, Environment::Sandbox);
        const auto refused = init_sandbox(sandbox, {}, {}, 20s, m_list);
        VERIFY_ERROR(refused, ErrorCode::Refused);
        QVERIFY(refused.error().what.find("orders, payments") != std::string::npos);
        VERIFY_ERROR(init_sandbox(sandbox, {}, {"orders"}, 20s, m_list), ErrorCode::Refused);
        QCOMPARE(tool.topics().value(), (std::vector<std::string>{"orders", "payments"}));
        VERIFY_OK(init_sandbox(sandbox, {}, {"orders", "payments"}, 30s, m_list));
        VERIFY_OK(prove_sandbox(sandbox, {}, 20s, m_list));
    }

    void a_marker_that_names_another_cluster_proves_nothing() {
        const auto broker = KafkaBroker::start();
        VERIFY_OK(broker);
        KafkaTool tool(**broker);
        const ConnectionOptions sandbox = as(**broker, Environment::Sandbox);
        VERIFY_OK(tool.create_topic(sandbox_marker_topic));
        VERIFY_ERROR(prove_sandbox(sandbox, {}, 20s, m_list), ErrorCode::Refused); // empty
        for (const char* value :
             {"", "garbage", R"({"format":"weir-sandbox","version":1,"cluster_id":"mirrored"})",
              R"({"format":"weir-sandbox","version":1})"}) {
            VERIFY_OK(tool.write(sandbox_marker_topic, {{"cluster", value}}));
            VERIFY_ERROR(prove_sandbox(sandbox, {}, 20s, m_list), ErrorCode::Refused);
        }
    }

    void a_cluster_read_as_production_is_noted_without_being_asked() {
        KafkaBroker& broker = KafkaBroker::shared();
        const auto cluster = Cluster::open(as(broker, Environment::Production), {});
        VERIFY_OK(cluster);
        const ObservedIds noted; // the default list, see initTestCase
        QVERIFY(wait_for([&] { return noted.find(broker.cluster_id()).value().id.size() > 0; }));
        VERIFY_ERROR(prove_sandbox(as(broker, Environment::Sandbox), {}, 20s), ErrorCode::Refused);
    }

    void a_list_that_cannot_be_read_refuses_everything() {
        QFile file(QString::fromStdString(m_list.path()));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{ broken");
        file.close();
        VERIFY_ERROR(
            prove_sandbox(as(KafkaBroker::shared(), Environment::Sandbox), {}, 20s, m_list),
            ErrorCode::Corrupt);
    }

    void an_address_that_claims_to_be_embedded_is_not() {
        const auto broker = EmbeddedCluster::start({{"raw_events", 1}}).value();
        ConnectionOptions both = as(KafkaBroker::shared(), Environment::Sandbox);
        both.name = "embedded";
        both.bootstrap += "," + broker->bootstrap();
        const auto ticket = prove_sandbox(both, {}, 20s, m_list);
        QVERIFY(!ticket);
        QVERIFY(!EmbeddedCluster::is_embedded("embedded"));
        QVERIFY(!EmbeddedCluster::is_embedded(""));
    }

  private:
    static ConnectionOptions as(const KafkaBroker& broker, Environment environment) {
        ConnectionOptions options = broker.connection();
        options.environment = environment;
        return options;
    }

    QTemporaryDir m_folder;
    ObservedIds m_list;
    int m_count = 0;
};

QTEST_GUILESS_MAIN(TestSandbox)
#include "tst_sandbox.moc"
