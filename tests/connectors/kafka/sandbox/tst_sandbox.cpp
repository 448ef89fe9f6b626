// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker threads
#include <QtTest>

#include <type_traits>

#include "connectors/kafka/client/client.h"
#include "connectors/kafka/read/reader.h"
#include "connectors/kafka/sandbox/embedded.h"
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

template <class Leave>
concept MakesWriter = requires(Leave leave, ConnectionOptions options, SecretResolver secrets) {
    Client::write(leave, options, secrets, Purpose::Produce, Client::Settings{});
};
static_assert(!std::is_default_constructible_v<WriteLeave>);
static_assert(!std::is_aggregate_v<WriteLeave>);
static_assert(MakesWriter<WriteLeave> && !MakesWriter<ConnectionOptions>);

class TestSandbox : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() { QVERIFY(m_folder.isValid()); }

    void init() {
        ++m_count;
        const QString list = QStringLiteral("%1-%2.json");
        qputenv("WEIR_OBSERVED_IDS",
                m_folder.filePath(list.arg(QStringLiteral("default")).arg(m_count)).toUtf8());
        m_list = ObservedIds(
            m_folder.filePath(list.arg(QStringLiteral("list")).arg(m_count)).toStdString());
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

    void a_user_who_may_not_be_shown_all_topics_marks_nothing() {
        const auto broker = KafkaBroker::start();
        VERIFY_OK(broker);
        KafkaTool tool(**broker);
        VERIFY_OK(tool.create_topic("orders"));
        for (const char* operation : {"CREATE", "DESCRIBE", "READ", "WRITE"})
            VERIFY_OK(tool.allow("operator", operation, "TOPIC", sandbox_marker_topic));
        const auto init_as = [&](const char* user) {
            ConnectionOptions sandbox = (*broker)->connection(Listener::SaslPlaintext, user);
            sandbox.environment = Environment::Sandbox;
            return init_sandbox(sandbox, secret_resolver(sandbox.name, {}), {}, 20s, m_list);
        };
        const auto blind = init_as("operator");
        VERIFY_ERROR(blind, ErrorCode::Refused);
        QVERIFY2(blind.error().what.find("not shown") != std::string::npos,
                 blind.error().what.c_str());
        const auto seeing = init_as("admin");
        VERIFY_ERROR(seeing, ErrorCode::Refused);
        QVERIFY2(seeing.error().what.find("orders") != std::string::npos,
                 seeing.error().what.c_str());
        QCOMPARE(tool.topics().value(), std::vector<std::string>{"orders"});
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

    void a_single_record_is_not_read_before_its_cluster_is_noted() {
        KafkaBroker& broker = KafkaBroker::shared();
        KafkaTool tool(broker);
        const std::string topic = unique_name("one");
        VERIFY_OK(tool.create_topic(topic));
        VERIFY_OK(tool.write(topic, {{"k", "v"}}));
        for (int i = 0; i < 3; ++i) {
            const QString path = m_folder.filePath(QStringLiteral("short-%1.json").arg(i));
            qputenv("WEIR_OBSERVED_IDS", path.toUtf8());
            const auto cluster = Cluster::open(as(broker, Environment::Production), {}).value();
            ReadRequest request;
            request.topics = {topic};
            request.start.kind = StartAt::Kind::Beginning;
            const auto reader = Reader::open(cluster, request, 20s);
            VERIFY_OK(reader);
            QVERIFY(!ObservedIds().find(broker.cluster_id()).value().id.empty());
            QVERIFY(!cluster->not_noted());
        }
    }

    void what_cannot_be_noted_is_told_and_nothing_is_written_from_there() {
        const QString path = m_folder.filePath(QStringLiteral("a-file"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        qputenv("WEIR_OBSERVED_IDS", (path + QStringLiteral("/list.json")).toUtf8());
        KafkaBroker& broker = KafkaBroker::shared();
        KafkaTool tool(broker);
        const std::string topic = unique_name("unnoted");
        VERIFY_OK(tool.create_topic(topic));
        const auto cluster = Cluster::open(as(broker, Environment::Production), {}).value();
        ReadRequest request;
        request.topics = {topic};
        VERIFY_OK(Reader::open(cluster, request, 20s)); // an incident does not wait for a folder
        QVERIFY(cluster->not_noted());
        QVERIFY(cluster->not_noted()->code == ErrorCode::Io);
        VERIFY_ERROR(prove_sandbox(as(broker, Environment::Sandbox), {}, 20s), ErrorCode::Io);
    }

    void a_topic_of_the_markers_name_is_no_marker() {
        const auto broker = KafkaBroker::start();
        VERIFY_OK(broker);
        KafkaTool tool(**broker);
        VERIFY_OK(tool.create_topic(sandbox_marker_topic));
        ConnectionOptions nothing_said = as(**broker, Environment::Production);
        nothing_said.environment_assumed = true;
        const auto look = [&] {
            const QString path = m_folder.filePath(QStringLiteral("look-%1.json").arg(++m_count));
            qputenv("WEIR_OBSERVED_IDS", path.toUtf8());
            if (!Cluster::open(nothing_said, {}).value()->cluster_id(20s))
                qFatal("no id");
            return !ObservedIds().find((*broker)->cluster_id()).value().id.empty();
        };
        QVERIFY(look()); // empty
        for (const char* value :
             {"garbage", R"({"format":"weir-sandbox","version":1,"cluster_id":"mirrored"})"}) {
            VERIFY_OK(tool.write(sandbox_marker_topic, {{"cluster", value}}));
            QVERIFY(look());
        }
        VERIFY_OK(init_sandbox(as(**broker, Environment::Sandbox), {}, {}, 30s, m_list));
        QVERIFY(!look()); // a real one: to look at it by its address does not close it
    }

    void a_look_that_fails_does_not_close_a_sandbox_of_ones_own() {
        const auto broker = KafkaBroker::start();
        VERIFY_OK(broker);
        VERIFY_OK(init_sandbox(as(**broker, Environment::Sandbox), {}, {}, 30s));
        const auto look = [&](Listener listener, bool assumed) {
            ConnectionOptions options = (*broker)->connection(listener, "stranger");
            options.environment_assumed = assumed;
            const auto secrets = secret_resolver(options.name, {});
            if (!Cluster::open(options, secrets).value()->cluster_id(20s))
                qFatal("no id");
            return !ObservedIds().find((*broker)->cluster_id()).value().id.empty();
        };
        // Who may not see the marker, or cannot reach the broker that holds it, knows nothing.
        QVERIFY(!look(Listener::SaslPlaintext, true));
        QVERIFY(!look(Listener::Unresolvable, true));
        VERIFY_OK(prove_sandbox(as(**broker, Environment::Sandbox), {}, 20s));
        QVERIFY(look(Listener::SaslPlaintext, false)); // said, not assumed
        VERIFY_ERROR(prove_sandbox(as(**broker, Environment::Sandbox), {}, 20s),
                     ErrorCode::Refused);
        // To somebody else it is production.
        for (const Listener listener : {Listener::SaslPlaintext, Listener::Unresolvable}) {
            const QString path = m_folder.filePath(QStringLiteral("else-%1.json").arg(++m_count));
            qputenv("WEIR_OBSERVED_IDS", path.toUtf8());
            QVERIFY(look(listener, true));
        }
    }

    void a_sandbox_of_ones_own_without_its_marker_is_production() {
        KafkaBroker& broker = KafkaBroker::shared();
        VERIFY_OK(ObservedIds().marked_sandboxes().record(
            {broker.cluster_id(), "mine", Environment::Sandbox, Micros::now()}));
        ConnectionOptions nothing_said = as(broker, Environment::Production);
        nothing_said.environment_assumed = true;
        VERIFY_OK(Cluster::open(nothing_said, {}).value()->cluster_id(20s));
        QVERIFY(!ObservedIds().find(broker.cluster_id()).value().id.empty());
    }

    void nothing_is_made_on_another_cluster_that_answers_at_one_of_the_addresses() {
        const auto marked = KafkaBroker::start();
        const auto other = KafkaBroker::start();
        VERIFY_OK(marked);
        VERIFY_OK(other);
        VERIFY_OK(init_sandbox(as(**marked, Environment::Sandbox), {}, {}, 30s, m_list));
        ConnectionOptions both = as(**marked, Environment::Sandbox);
        both.bootstrap += "," + (*other)->connection().bootstrap;
        KafkaTool tool(**other);
        for (int i = 0; i < 12; ++i) {
            const auto ticket = prove_sandbox(both, {}, 20s, m_list);
            if (ticket) // else the other one answered
                (void)create_topic(*ticket, {"leak-" + std::to_string(i), 1, {}}, 10s);
        }
        QCOMPARE(tool.topics().value(), std::vector<std::string>{});
    }

    void names_that_are_reserved_are_neither_made_nor_written_to() {
        const auto broker = KafkaBroker::start();
        VERIFY_OK(broker);
        const ConnectionOptions sandbox = as(**broker, Environment::Sandbox);
        VERIFY_OK(init_sandbox(sandbox, {}, {}, 30s, m_list));
        const auto ticket = prove_sandbox(sandbox, {}, 20s, m_list);
        VERIFY_OK(ticket);
        VERIFY_ERROR(create_topic(*ticket, {"__consumer_offsets", 6, {}}, 20s), ErrorCode::Refused);
        VERIFY_ERROR(create_topic(*ticket, {"bad topic!", 1, {}}, 20s), ErrorCode::Config);
        const auto producer = Producer::open(*ticket, {}, 20s);
        VERIFY_OK(producer);
        OutRecord record;
        record.topic = "__consumer_offsets";
        VERIFY_ERROR((*producer)->send(record), ErrorCode::Refused);
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
