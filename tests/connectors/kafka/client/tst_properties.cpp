// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/client/properties.h"

#include "tests/support/verify.h"

using namespace weir;
using namespace weir::kafka;

class TestProperties : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void tuning_is_passed_on();
    void what_runs_code_or_leaves_a_trace_is_refused_data();
    void what_runs_code_or_leaves_a_trace_is_refused();
    void a_number_keeps_its_bounds();
    void a_kcat_option_becomes_security();
    void a_secret_on_the_command_line_is_refused_unseen();
};

void TestProperties::tuning_is_passed_on() {
    VERIFY_OK(check_property("prod", "fetch.wait.max.ms", "10"));
    VERIFY_OK(check_property("prod", "client.rack", "rack-1"));
    VERIFY_OK(check_property("prod", "socket.keepalive.enable", "true"));
}

void TestProperties::what_runs_code_or_leaves_a_trace_is_refused_data() {
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("reason");
    const auto row = [](const char* name, const char* reason) {
        QTest::newRow(name) << QByteArray(name) << QByteArray(reason);
    };
    row("plugin.library.paths", "run code");
    row("interceptors", "run code");
    row("ssl.engine.location", "run code");
    row("ssl.engine.id", "run code");
    row("ssl.providers", "run code");
    row("sasl.kerberos.kinit.cmd", "run code");
    row("sasl.kerberos.keytab", "Kerberos");
    row("group.id", "without a consumer group");
    row("group.instance.id", "without a consumer group");
    row("enable.auto.commit", "without a consumer group");
    row("auto.commit.interval.ms", "without a consumer group");
    row("offset.store.method", "without a consumer group");
    row("allow.auto.create.topics", "creates a topic");
    row("transactional.id", "producer");
    row("enable.idempotence", "producer");
    row("debug", "secrets");
    row("log_level", "sets it itself");
    row("client.id", "sets it itself");
    row("enable.ssl.certificate.verification", "pose as the cluster");
    row("sasl.password", "field of its own");
    row("sasl.oauthbearer.config", "field of its own");
    row("ssl.key.pem", "field of its own");
    row("bootstrap.servers", "field of its own");
    row("no.such.property", "not among those");
    row("", "not among those");
    row("Group.ID", "not among those");
}

void TestProperties::what_runs_code_or_leaves_a_trace_is_refused() {
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, reason);
    const auto checked = check_property("prod-kafka", name.toStdString(), "opensesame");
    VERIFY_ERROR(checked, ErrorCode::Refused);
    const std::string text = checked.error().text();
    QVERIFY2(text.find(reason.toStdString()) != std::string::npos, text.c_str());
    QVERIFY2(text.find("\"" + name.toStdString() + "\"") != std::string::npos, text.c_str());
    QVERIFY2(text.rfind("prod-kafka: ", 0) == 0, text.c_str());
    QVERIFY(text.find("opensesame") == std::string::npos);
    QVERIFY(!checked.error().advice.empty());
}

void TestProperties::a_number_keeps_its_bounds() {
    VERIFY_ERROR(check_property("p", "queued.max.messages.kbytes", "2097151"), ErrorCode::Config);
    VERIFY_ERROR(check_property("p", "fetch.wait.max.ms", "ten"), ErrorCode::Config);
    VERIFY_ERROR(check_property("p", "fetch.wait.max.ms", "10 "), ErrorCode::Config);
    VERIFY_ERROR(check_property("p", "fetch.wait.max.ms", ""), ErrorCode::Config);
    VERIFY_ERROR(check_property("p", "client.rack", std::string(5000, 'x')), ErrorCode::Config);
    VERIFY_ERROR(check_property("p", "client.rack", std::string("a\0b", 3)), ErrorCode::Config);
    VERIFY_OK(check_property("p", "topic.metadata.refresh.interval.ms", "-1"));
}

void TestProperties::a_kcat_option_becomes_security() {
    ConnectionOptions options;
    for (const char* option :
         {"security.protocol=SASL_SSL", "sasl.mechanisms=SCRAM-SHA-512", "sasl.username=reader",
          "sasl.password=env:KAFKA_PASSWORD", "ssl.ca.location=/etc/ca.pem",
          "ssl.endpoint.identification.algorithm=none", "bootstrap.servers=kafka:9093",
          "socket.timeout.ms=5000"})
        VERIFY_OK(apply_property(options, option));
    QCOMPARE(options.bootstrap, std::string("kafka:9093"));
    QVERIFY(options.security.protocol == Protocol::SaslSsl);
    QVERIFY(options.security.mechanism == Mechanism::ScramSha512);
    QCOMPARE(options.security.password.text, std::string("env:KAFKA_PASSWORD"));
    QVERIFY(!options.security.verify_hostname);
    QCOMPARE(options.properties.size(), std::size_t{1});
    VERIFY_ERROR(apply_property(options, "group.id=weir"), ErrorCode::Refused);
    VERIFY_ERROR(apply_property(options, "sasl.mechanism=GSSAPI"), ErrorCode::Config);
    VERIFY_ERROR(apply_property(options, "nonsense"), ErrorCode::Usage);
}

void TestProperties::a_secret_on_the_command_line_is_refused_unseen() {
    ConnectionOptions options;
    const auto applied = apply_property(options, "sasl.password=opensesame");
    VERIFY_ERROR(applied, ErrorCode::Config);
    QVERIFY(applied.error().text().find("opensesame") == std::string::npos);
    QVERIFY(applied.error().advice.find("env:NAME") != std::string::npos);
    QVERIFY(options.security.password.empty());
}

QTEST_GUILESS_MAIN(TestProperties)
#include "tst_properties.moc"
