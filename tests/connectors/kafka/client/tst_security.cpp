// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker
#include "connectors/kafka/admin/admin.h"
#include "connectors/kafka/client/config.h"
#include "connectors/kafka/read/reader.h"
#include "connectors/secrets/secrets.h"
#include "tests/support/free_ports.h"
#include "tests/support/kafka_tool.h"
#include "tests/support/stranger.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace weir::kafka;
using namespace weir::test;
using namespace std::chrono_literals;

namespace {

/// What the user is told: the cluster's id, or the trouble that the status bar shows.
std::string outcome(const ConnectionOptions& options) {
    const auto cluster = Cluster::open(options, secret_resolver(options.name));
    if (!cluster)
        return cluster.error().text();
    for (int attempt = 0; attempt < 100; ++attempt) {
        if (auto id = (*cluster)->cluster_id(200ms))
            return *id;
        if (const Health health = (*cluster)->health(); !health.trouble.empty())
            return health.trouble;
    }
    return "nothing was said";
}

bool has(const std::string& text, const char* part) {
    return text.find(part) != std::string::npos;
}

std::string secret(const char* value) {
    const std::string name = unique_name("WEIR_TEST_SECRET");
    qputenv(name.c_str(), value);
    return "env:" + name;
}

} // namespace

#define TOLD(options, part)                                                                        \
    do {                                                                                           \
        const std::string told = outcome(options);                                                 \
        QVERIFY2(has(told, part), told.c_str());                                                   \
        QVERIFY2(told.rfind("test-kafka: ", 0) == 0, told.c_str());                                \
        QVERIFY2(!has(told, "wrong-secret") && !has(told, "opensesame"), told.c_str());            \
    } while (false)

class TestSecurity : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void every_door_opens();
    void a_client_certificate_in_each_form();
    void scram();
    void scram_at_the_wrong_port();
    void scram_with_a_client_certificate_in_each_form();
    void a_wrong_password();
    void a_certificate_of_the_cluster_that_cannot_be_trusted();
    void a_client_certificate_that_is_refused();
    void the_wrong_protocol();
    void a_host_that_is_not_there();
    void a_host_that_is_no_broker();
    void an_advertised_name_that_does_not_resolve();

  private:
    ConnectionOptions scram_by(Listener door, Mechanism mechanism = Mechanism::ScramSha256) const {
        ConnectionOptions options = m_broker.connection(door, "reader");
        options.security.mechanism = mechanism;
        return options;
    }

    KafkaBroker& m_broker = KafkaBroker::shared();
};

void TestSecurity::every_door_opens() {
    for (const Listener door : {Listener::Plaintext, Listener::Ssl, Listener::MutualTls,
                                Listener::SaslPlaintext, Listener::SaslSsl})
        QCOMPARE(outcome(m_broker.connection(door)), m_broker.cluster_id());
    ConnectionOptions misnamed = m_broker.connection(Listener::Misnamed);
    misnamed.security.verify_hostname = false;
    QCOMPARE(outcome(misnamed), m_broker.cluster_id());
}

void TestSecurity::a_client_certificate_in_each_form() {
    ConnectionOptions options = m_broker.connection(Listener::MutualTls);
    options.security.key_file = m_broker.certificate("client-locked.key");
    options.security.key_password.text = secret("opensesame");
    QCOMPARE(outcome(options), m_broker.cluster_id());
    options.security.key_password.text = secret("wrong-secret");
    TOLD(options, "ssl.key.location failed");
    options = m_broker.connection(Listener::MutualTls);
    options.security.certificate_file = options.security.key_file = "";
    options.security.keystore_file = m_broker.certificate("client.p12");
    options.security.keystore_password.text = secret("opensesame");
    QCOMPARE(outcome(options), m_broker.cluster_id());
    options.security.keystore_password.text = secret("wrong-secret");
    TOLD(options, "PKCS#12");
}

void TestSecurity::scram() {
    for (const Mechanism mechanism : {Mechanism::ScramSha256, Mechanism::ScramSha512})
        for (const Listener door : {Listener::SaslPlaintext, Listener::SaslSsl})
            QCOMPARE(outcome(scram_by(door, mechanism)), m_broker.cluster_id());
    // The same words as librdkafka's own TLS and logins get.
    ConnectionOptions options = scram_by(Listener::SaslSsl);
    options.security.ca_file = m_broker.certificate("other-ca.pem");
    TOLD(options, "other-ca.pem does not hold the authority that signed it");
    TOLD(options, "-X ssl.ca.location=FILE");
    options.security.ca_file = "";
    TOLD(options, "\"ca_file\"");
    options.security.ca_file = m_broker.certificate("nothing.pem");
    TOLD(options, "nothing.pem");
    options = scram_by(Listener::SaslSsl);
    options.bootstrap = m_broker.address(Listener::Expired);
    TOLD(options, "it has expired");
    options.bootstrap = m_broker.address(Listener::Misnamed);
    TOLD(options, "it is for another");
    options.security.verify_hostname = false; // then it is only the wrong port
    TOLD(options, "does not ask for a login");
    options.bootstrap = m_broker.address(Listener::MutualTls);
    TOLD(options, "demands a client certificate");
    options.security.certificate_file = m_broker.certificate("client-expired.pem");
    options.security.key_file = m_broker.certificate("client-expired.key");
    TOLD(options, "refuses our client certificate");
    options.security.certificate_file = m_broker.certificate("client.pem");
    options.security.key_file = m_broker.certificate("stray.key");
    TOLD(options, "key values mismatch");
}

void TestSecurity::scram_at_the_wrong_port() {
    ConnectionOptions options = scram_by(Listener::SaslSsl);
    options.bootstrap = m_broker.address(Listener::SaslPlaintext);
    TOLD(options, "does not speak TLS");
    options = scram_by(Listener::SaslPlaintext);
    options.bootstrap = m_broker.address(Listener::SaslSsl);
    TOLD(options, "TLS at this port");
    options.bootstrap = m_broker.address(Listener::Plaintext);
    TOLD(options, "does not ask for a login");
    options.bootstrap = m_broker.address(Listener::OAuth);
    TOLD(options, "OAUTHBEARER");
    options.bootstrap = "127.0.0.1:" + std::to_string(free_ports(1).front());
    TOLD(options, "refuses connections");
    const Stranger web("HTTP/1.1 400 Bad Request\r\n\r\n");
    options.bootstrap = web.address();
    TOLD(options, "it is a web server");
    const Stranger silent;
    options.bootstrap = silent.address();
    options.properties["socket.connection.setup.timeout.ms"] = "2000";
    TOLD(options, "does not answer");
}

void TestSecurity::scram_with_a_client_certificate_in_each_form() {
    // The broker asks nobody for one at this port, but it has to be readable to be offered.
    ConnectionOptions options = scram_by(Listener::SaslSsl);
    options.security.certificate_file = m_broker.certificate("client.pem");
    options.security.key_file = m_broker.certificate("client-locked.key");
    options.security.key_password.text = secret("opensesame");
    QCOMPARE(outcome(options), m_broker.cluster_id());
    options.security.key_password.text = secret("wrong-secret");
    TOLD(options, "the client key");
    options.security.certificate_file = options.security.key_file = "";
    options.security.keystore_file = m_broker.certificate("client.p12");
    options.security.keystore_password.text = secret("opensesame");
    QCOMPARE(outcome(options), m_broker.cluster_id());
    options.security.keystore_password.text = secret("wrong-secret");
    TOLD(options, "PKCS#12");
}

void TestSecurity::a_wrong_password() {
    for (const auto& [door, mechanism] :
         {std::pair{Listener::SaslSsl, Mechanism::Plain},
          std::pair{Listener::SaslSsl, Mechanism::ScramSha512},
          std::pair{Listener::SaslPlaintext, Mechanism::ScramSha256}}) {
        ConnectionOptions options = m_broker.connection(door);
        options.security.mechanism = mechanism;
        options.security.password.text = secret("wrong-secret");
        const std::string headline = std::string("test-kafka: the login of \"admin\" by ") +
                                     to_word(mechanism) + " was refused by 127.0.0.1:";
        TOLD(options, headline.c_str());
        const auto cluster = Cluster::open(options, secret_resolver(options.name));
        VERIFY_OK(cluster);
        QTRY_VERIFY_WITH_TIMEOUT((*cluster)->health().state == Health::State::AuthenticationFailed,
                                 10'000);
        const auto fresh = Cluster::open(options, secret_resolver(options.name));
        VERIFY_OK(fresh);
        Admin admin(*fresh);
        const QDeadlineTimer patience(60'000);
        const auto refused = admin.cluster_info(120s); // said when the broker says it
        QVERIFY(!patience.hasExpired());
        VERIFY_ERROR(refused, ErrorCode::Authentication);
        const std::string text = refused.error().text();
        QVERIFY2(text.rfind(headline, 0) == 0, text.c_str());
        QVERIFY2(!has(text, "advertised") && !has(text, "transport"), text.c_str());
        ReadRequest request;
        request.topics = {"any"};
        const auto reader = Reader::open(*fresh, request, 120s);
        QVERIFY(!patience.hasExpired());
        VERIFY_ERROR(reader, ErrorCode::Authentication);
    }
    ConnectionOptions options = m_broker.connection(Listener::SaslSsl);
    options.security.password.text = "env:WEIR_NOT_SET";
    TOLD(options, "WEIR_NOT_SET");
}

void TestSecurity::a_certificate_of_the_cluster_that_cannot_be_trusted() {
    TOLD(m_broker.connection(Listener::Expired), "it has expired");
    TOLD(m_broker.connection(Listener::Misnamed), "it is for another");
    ConnectionOptions options = m_broker.connection(Listener::Ssl);
    options.security.ca_file = m_broker.certificate("other-ca.pem");
    TOLD(options, "\"ca_file\"");
    options.security.ca_file = "";
    TOLD(options, "\"ca_file\"");
    options.security.ca_file = m_broker.certificate("nothing.pem");
    TOLD(options, "cannot be read");
    options.security.ca_file = m_broker.certificate("client.key");
    TOLD(options, "ssl.ca.location failed");
}

void TestSecurity::a_client_certificate_that_is_refused() {
    ConnectionOptions options = m_broker.connection(Listener::MutualTls);
    options.security.certificate_file = m_broker.certificate("client-expired.pem");
    options.security.key_file = m_broker.certificate("client-expired.key");
    TOLD(options, "refuses our client certificate");
    options.security.certificate_file = m_broker.certificate("stray.pem");
    options.security.key_file = m_broker.certificate("stray.key");
    TOLD(options, "refuses our client certificate");
    options.security.certificate_file = options.security.key_file = "";
    TOLD(options, "demands a client certificate");
    options.security.certificate_file = m_broker.certificate("client.pem");
    options.security.key_file = m_broker.certificate("stray.key");
    TOLD(options, "key values mismatch");
}

void TestSecurity::the_wrong_protocol() {
    ConnectionOptions options = m_broker.connection(Listener::Ssl);
    options.bootstrap = m_broker.address(Listener::Plaintext);
    TOLD(options, "does not speak TLS");
    options = m_broker.connection(Listener::Plaintext);
    options.bootstrap = m_broker.address(Listener::Ssl);
    TOLD(options, "may expect TLS");
    options.bootstrap = m_broker.address(Listener::SaslPlaintext);
    TOLD(options, "may expect a login");
    options = m_broker.connection(Listener::SaslPlaintext);
    options.bootstrap = m_broker.address(Listener::Plaintext);
    TOLD(options, "does not ask for a login");
    options.bootstrap = m_broker.address(Listener::OAuth);
    TOLD(options, "OAUTHBEARER");
}

void TestSecurity::a_host_that_is_not_there() {
    ConnectionOptions options = m_broker.connection();
    options.bootstrap = "127.0.0.1:" + std::to_string(free_ports(1).front());
    TOLD(options, "refuses connections");
    const auto refused = Cluster::open(options, {}).value();
    const QDeadlineTimer patience(60'000); // it is known at once: nobody waits for it
    VERIFY_ERROR(refused->cluster_id(120s), ErrorCode::Connection);
    ReadRequest request;
    request.topics = {"any"};
    const auto reader = Reader::open(refused, request, 120s);
    VERIFY_ERROR(reader, ErrorCode::Connection);
    QVERIFY2(has(reader.error().text(), "refuses connections"), reader.error().text().c_str());
    QVERIFY(!patience.hasExpired());
    options.bootstrap = "no-such-host.invalid:9092";
    TOLD(options, "the name in the address no-such-host.invalid:9092 does not resolve");
    const Stranger silent;
    options.bootstrap = silent.address();
    options.properties["api.version.request.timeout.ms"] = "2000";
    TOLD(options, "does not answer");
    const auto cluster = Cluster::open(options, {}).value();
    const auto id = cluster->cluster_id(500ms); // before librdkafka has noticed
    VERIFY_ERROR(id, ErrorCode::Timeout);
    QVERIFY2(has(id.error().text(), ("nobody answers at " + silent.address()).c_str()),
             id.error().text().c_str());
}

void TestSecurity::a_host_that_is_no_broker() {
    ConnectionOptions options = m_broker.connection();
    const auto meet = [&](const Stranger& stranger, const char* words) {
        options.bootstrap = stranger.address();
        TOLD(options, words);
        const auto cluster = Cluster::open(options, {}).value();
        // It does not wait until the time is up: a web server does not become a broker.
        const QDeadlineTimer patience(60'000);
        const auto id = cluster->cluster_id(120s);
        QVERIFY(!patience.hasExpired());
        VERIFY_ERROR(id, ErrorCode::Connection);
        QVERIFY2(has(id.error().text(), words), id.error().text().c_str());
    };
    meet(Stranger("HTTP/1.1 400 Bad Request\r\n\r\n", Stranger::After::HangsUp),
         "does not speak Kafka: it is a web server or a proxy");
    meet(Stranger("<!DOCTYPE html>"), "does not speak Kafka: its answer begins with \"<!DO\"");
    meet(Stranger("-ERR unknown command\r\n"), "its answer begins with \"-ERR\"");
    meet(Stranger("\xff\xd8\xff\xe0\x01\x02\x03\x04"), "does not speak Kafka");
    meet(Stranger("\x15\x03\x03\x01\x02\x02\x50\x02"), "expects TLS at this port");
}

void TestSecurity::an_advertised_name_that_does_not_resolve() {
    KafkaTool tool(m_broker);
    const std::string topic = unique_name("security");
    VERIFY_OK(tool.create_topic(topic));
    const auto cluster =
        Cluster::open(m_broker.connection(Listener::Unresolvable), secret_resolver("test-kafka"));
    VERIFY_OK(cluster);
    Admin admin(*cluster);
    VERIFY_OK(admin.topic_info(topic, 5s)); // the first address does answer
    std::string told;
    const auto asked = [&] {
        const auto offsets = admin.offsets({{topic, PartitionId(0)}}, 2s);
        told = offsets[0].error ? offsets[0].error->text() : "no error";
        return has(told, "the cluster advertises no-such-host.invalid:");
    };
    QTRY_VERIFY2_WITH_TIMEOUT(asked(), told.c_str(), 20'000);
    QVERIFY2(told.rfind("test-kafka: ", 0) == 0, told.c_str());
}

QTEST_GUILESS_MAIN(TestSecurity)
#include "tst_security.moc"
