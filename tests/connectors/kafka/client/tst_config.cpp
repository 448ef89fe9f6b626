// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/client/config.h"

#include <QTemporaryDir>

#include "tests/support/process.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace weir::kafka;

namespace {

ConnectionOptions plain() {
    ConnectionOptions options;
    options.name = "prod-kafka";
    options.bootstrap = "kafka-1:9092,kafka-2:9092";
    return options;
}

ConnectionOptions with_login() {
    ConnectionOptions options = plain();
    options.security.protocol = Protocol::SaslSsl;
    options.security.mechanism = Mechanism::ScramSha512;
    options.security.username = "reader";
    options.security.password.text = "env:PASSWORD";
    return options;
}

Result<std::string> opensesame(const SecretRef&) {
    return std::string("opensesame");
}

std::string value_of(const Result<ConfigHandle>& conf, const char* name) {
    char value[512] = "";
    std::size_t size = sizeof value;
    if (!conf || rd_kafka_conf_get(conf->get(), name, value, &size) != RD_KAFKA_CONF_OK)
        return "(none)";
    return value;
}

} // namespace

class TestConfig : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void an_observer_says_who_it_is_and_changes_nothing();
    void a_workspace_cannot_undo_that();
    void a_login_over_tls();
    void combinations_that_cannot_be();
    void an_error_holds_no_secret();
};

void TestConfig::an_observer_says_who_it_is_and_changes_nothing() {
    const auto conf = build_config(plain(), opensesame, Purpose::Observe);
    VERIFY_OK(conf);
    QCOMPARE(value_of(conf, "bootstrap.servers"), std::string("kafka-1:9092,kafka-2:9092"));
    QCOMPARE(value_of(conf, "client.id"), std::string("weir/" WEIR_VERSION));
    QCOMPARE(value_of(conf, "group.id"), std::string("(none)"));
    QCOMPARE(value_of(conf, "allow.auto.create.topics"), std::string("false"));
    QCOMPARE(value_of(conf, "enable.auto.commit"), std::string("false"));
    QCOMPARE(value_of(conf, "enable.auto.offset.store"), std::string("false"));
    QCOMPARE(value_of(conf, "auto.offset.reset"), std::string("error"));
    QCOMPARE(value_of(conf, "security.protocol"), std::string("plaintext"));
}

void TestConfig::a_workspace_cannot_undo_that() {
    for (const char* name : {"group.id", "enable.auto.commit", "allow.auto.create.topics",
                             "plugin.library.paths", "auto.offset.reset"}) {
        ConnectionOptions options = plain();
        options.properties[name] = "true";
        VERIFY_ERROR(build_config(options, opensesame, Purpose::Observe), ErrorCode::Refused);
        VERIFY_ERROR(build_config(options, opensesame, Purpose::Produce), ErrorCode::Refused);
    }
    ConnectionOptions options = plain();
    options.properties["fetch.wait.max.ms"] = "25";
    QCOMPARE(value_of(build_config(options, opensesame, Purpose::Observe), "fetch.wait.max.ms"),
             std::string("25"));
}

void TestConfig::a_login_over_tls() {
    const QTemporaryDir folder;
    const std::string path = folder.path().toStdString() + "/ca.pem";
    VERIFY_OK(test::write_text(path, "x"));
    ConnectionOptions options = with_login();
    options.security.ca_file = path;
    const auto conf = build_config(options, opensesame, Purpose::Observe);
    VERIFY_OK(conf);
    QCOMPARE(value_of(conf, "security.protocol"), std::string("sasl_ssl"));
    QCOMPARE(value_of(conf, "sasl.mechanisms"), std::string("SCRAM-SHA-512"));
    QCOMPARE(value_of(conf, "sasl.username"), std::string("reader"));
    QCOMPARE(value_of(conf, "ssl.ca.location"), path);
    QCOMPARE(value_of(conf, "enable.ssl.certificate.verification"), std::string("true"));
    QCOMPARE(value_of(conf, "ssl.endpoint.identification.algorithm"), std::string("https"));
    options.security.verify_hostname = false;
    QCOMPARE(value_of(build_config(options, opensesame, Purpose::Observe),
                      "ssl.endpoint.identification.algorithm"),
             std::string("none"));
}

void TestConfig::combinations_that_cannot_be() {
    const auto refused = [](const std::function<void(ConnectionOptions&)>& spoil,
                            ConnectionOptions options = with_login()) {
        spoil(options);
        const auto checked = check_options(options);
        return !checked && checked.error().code == ErrorCode::Config &&
               checked.error().where == "prod-kafka" && !checked.error().advice.empty();
    };
    VERIFY_OK(check_options(with_login()));
    QVERIFY(refused([](auto& o) { o.bootstrap = ""; }));
    QVERIFY(refused([](auto& o) { o.security.mechanism = Mechanism::None; }));
    QVERIFY(refused([](auto& o) { o.security.username = ""; }));
    QVERIFY(refused([](auto& o) { o.security.password.text = ""; }));
    QVERIFY(refused([](auto& o) { o.security.protocol = Protocol::Plaintext; }));
    QVERIFY(refused([](auto& o) { o.security.mechanism = Mechanism::OAuthBearer; }));
    QVERIFY(refused([](auto& o) { o.security.certificate_file = "/x"; }));
    QVERIFY(refused([](auto& o) { o.security.key_file = "/x"; }));
    QVERIFY(refused([](auto& o) {
        o.security.certificate_file = o.security.key_file = o.security.keystore_file = "/x";
    }));
    QVERIFY(refused([](auto& o) { o.security.ca_file = "/x"; }, plain()));
    ConnectionOptions absent = with_login();
    absent.security.ca_file = "/nonexistent/ca.pem";
    const auto built = build_config(absent, opensesame, Purpose::Observe);
    VERIFY_ERROR(built, ErrorCode::Config);
    QVERIFY(built.error().text().find("/nonexistent/ca.pem") != std::string::npos);
}

void TestConfig::an_error_holds_no_secret() {
    const auto no_secret = [](const SecretRef&) -> Result<std::string> {
        return Error{.code = ErrorCode::NotFound, .what = "not there", .where = "env PASSWORD"};
    };
    VERIFY_ERROR(build_config(with_login(), no_secret, Purpose::Observe), ErrorCode::NotFound);
    VERIFY_ERROR(build_config(with_login(), nullptr, Purpose::Observe), ErrorCode::Config);
    ConnectionOptions options = plain();
    options.properties["broker.address.family"] = "opensesame"; // librdkafka repeats bad values
    const auto built = build_config(options, opensesame, Purpose::Observe);
    VERIFY_ERROR(built, ErrorCode::Config);
    QVERIFY(built.error().text().find("opensesame") == std::string::npos);
    QVERIFY(built.error().text().find("broker.address.family") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestConfig)
#include "tst_config.moc"
