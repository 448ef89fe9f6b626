// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: threads broker
#include "connectors/kafka/login/oauth.h"

#include <QTemporaryDir>

#include "connectors/kafka/login/token_endpoint.h"
#include "connectors/secrets/secrets.h"
#include "tests/support/free_ports.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/loopback_http.h"
#include "tests/support/process.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace weir::kafka;
using namespace weir::test;
using namespace std::chrono_literals;

namespace {

/// A token that is not signed, which the tests' broker takes; "sub" is the user.
std::string jwt(const std::string& subject, int lives_s) {
    const auto part = [](const std::string& json) {
        return QByteArray::fromStdString(json)
            .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals)
            .toStdString();
    };
    const std::int64_t now_s = Micros::now().ms() / 1000;
    return part(R"({"alg":"none"})") + "." +
           part(R"({"sub":")" + subject + R"(","iat":)" + std::to_string(now_s - 5) + R"(,"exp":)" +
                std::to_string(now_s + lives_s) + "}") +
           ".";
}

ConnectionOptions with(OAuth oauth) {
    ConnectionOptions options;
    options.name = "prod-kafka";
    options.bootstrap = "127.0.0.1:1";
    options.security.protocol = Protocol::SaslPlaintext;
    options.security.mechanism = Mechanism::OAuthBearer;
    options.security.oauth = std::move(oauth);
    return options;
}

Result<Token> fetch(const OAuth& oauth, SecretPolicy policy = {}) {
    const auto source = TokenSource::create(with(oauth), secret_resolver("prod-kafka", policy));
    if (!source)
        return source.error();
    return (*source)->fetch();
}

OAuth client_credentials(const std::string& endpoint) {
    qputenv("WEIR_TEST_CLIENT_SECRET", "open:sesame/ä");
    return OAuth{.source = OAuth::Source::ClientCredentials,
                 .token_endpoint = endpoint,
                 .client_id = "weir desk",
                 .client_secret = {"env:WEIR_TEST_CLIENT_SECRET"},
                 .scope = "kafka read",
                 .file = {},
                 .command = {},
                 .principal = {}};
}

OAuth from_file(const std::string& path) {
    OAuth oauth;
    oauth.source = OAuth::Source::File;
    oauth.file = path;
    return oauth;
}

} // namespace

class TestOAuth : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void a_secret_goes_to_https_or_the_loopback_only();
    void client_credentials_are_exchanged_for_a_token();
    void an_endpoint_that_refuses_or_misbehaves();
    void a_file_is_read_again_each_time();
    void a_command_once_it_is_approved();
    void what_is_no_token();
    void a_real_broker_takes_the_token_and_its_successor();
    void a_missing_token_is_said();
};

void TestOAuth::a_secret_goes_to_https_or_the_loopback_only() {
    for (const char* safe : {"https://login.example.org/token", "http://127.0.0.1:8080/t",
                             "http://localhost/t", "http://[::1]:1/t"})
        QVERIFY2(is_safe_endpoint(safe), safe);
    for (const char* unsafe :
         {"http://login.example.org/token", "http://127.0.0.1.example.org/", "ftp://localhost/",
          "file:///etc/passwd", "https://user:pass@example.org/", "login.example.org", "",
          "http://localhost.example.org/", "http://127.0.0.1@example.org/"})
        QVERIFY2(!is_safe_endpoint(unsafe), unsafe);
    VERIFY_ERROR(fetch(client_credentials("http://login.example.org/token")), ErrorCode::Config);
}

void TestOAuth::client_credentials_are_exchanged_for_a_token() {
    LoopbackHttp server;
    server.answer(200, R"({"access_token":"opaque-1","token_type":"Bearer","expires_in":300})");
    const auto token = fetch(client_credentials(server.url("/token")));
    VERIFY_OK(token);
    QCOMPARE(token->value, std::string("opaque-1"));
    QCOMPARE(token->principal, std::string("weir desk"));
    const std::int64_t lives_s = (token->expires - Micros::now()).value() / 1'000'000;
    QVERIFY(lives_s > 290 && lives_s <= 300);
    const std::string request = server.requests().at(0);
    QVERIFY(request.rfind("POST /token ", 0) == 0);
    QVERIFY(request.find("grant_type=client_credentials&scope=kafka%20read") != std::string::npos);
    const QByteArray basic = QByteArray("weir%20desk:open%3Asesame%2F%C3%A4").toBase64();
    QVERIFY2(request.find("Authorization: Basic " + basic.toStdString()) != std::string::npos,
             request.c_str());
}

void TestOAuth::an_endpoint_that_refuses_or_misbehaves() {
    LoopbackHttp server;
    const OAuth oauth = client_credentials(server.url("/token"));
    server.answer(401, R"({"error":"invalid_client","error_description":"open:sesame"})");
    const auto refused = fetch(oauth);
    VERIFY_ERROR(refused, ErrorCode::Authentication);
    const std::string text = refused.error().text();
    QVERIFY2(text.rfind("prod-kafka: ", 0) == 0, text.c_str());
    QVERIFY2(text.find("invalid_client") != std::string::npos, text.c_str());
    QVERIFY2(text.find("sesame") == std::string::npos, text.c_str());
    server.answer(503, "busy");
    VERIFY_ERROR(fetch(oauth), ErrorCode::Connection);
    server.answer(302, "", "Location: http://127.0.0.1:1/elsewhere\r\n");
    VERIFY_ERROR(fetch(oauth), ErrorCode::Connection); // the secret follows no redirect
    server.answer(200, std::string(2'000'000, 'x'));
    VERIFY_ERROR(fetch(oauth), ErrorCode::TooLarge);
    server.answer(200, "<html>welcome</html>");
    VERIFY_ERROR(fetch(oauth), ErrorCode::Config);
    OAuth gone = oauth;
    gone.token_endpoint = "http://127.0.0.1:" + std::to_string(free_ports(1).front()) + "/";
    VERIFY_ERROR(fetch(gone), ErrorCode::Connection);
    OAuth no_secret = oauth;
    no_secret.client_secret = {"env:WEIR_NOT_SET"};
    VERIFY_ERROR(fetch(no_secret), ErrorCode::NotFound);
}

void TestOAuth::a_file_is_read_again_each_time() {
    const QTemporaryDir folder;
    const std::string path = folder.path().toStdString() + "/token";
    const auto source = TokenSource::create(with(from_file(path)), secret_resolver("prod-kafka"));
    VERIFY_OK(source);
    VERIFY_ERROR((*source)->fetch(), ErrorCode::NotFound);
    VERIFY_OK(write_text(path, jwt("first", 60) + "\n"));
    QCOMPARE((*source)->fetch()->principal, std::string("first"));
    VERIFY_OK(write_text(path, jwt("second", 60)));
    QCOMPARE((*source)->fetch()->principal, std::string("second"));
    VERIFY_OK(write_text(path, jwt("old", -60)));
    VERIFY_ERROR((*source)->fetch(), ErrorCode::Config);
}

void TestOAuth::a_command_once_it_is_approved() {
    OAuth oauth;
    oauth.source = OAuth::Source::Command;
    oauth.command = "printf '{\"access_token\":\"" + jwt("me", 60) + "\",\"expires_in\":\"30\"}'";
    VERIFY_ERROR(fetch(oauth), ErrorCode::Refused);
    const auto token = fetch(oauth, {.allow_commands = true});
    VERIFY_OK(token);
    QCOMPARE(token->principal, std::string("me"));
    QVERIFY(token->expires < Micros::now() + Micros(31'000'000)); // the sooner of the two counts
    oauth.principal = "somebody";
    QCOMPARE(fetch(oauth, {.allow_commands = true})->principal, std::string("somebody"));
}

void TestOAuth::what_is_no_token() {
    const QTemporaryDir folder;
    const std::string path = folder.path().toStdString() + "/token";
    for (const std::string& text :
         {std::string("opensesame"), std::string("{}"), std::string(R"({"access_token":"x"})"),
          std::string(R"({"access_token":5,"expires_in":60})"),
          std::string(R"({"access_token":"x y","expires_in":60})"),
          std::string(R"({"access_token":"x","expires_in":-1})"), std::string("a.b.c"),
          std::string("\xff\xfe"), jwt("x", 60) + " " + jwt("x", 60)}) {
        VERIFY_OK(write_text(path, text));
        const auto token = fetch(from_file(path));
        VERIFY_ERROR(token, ErrorCode::Config);
        QVERIFY(token.error().text().find("opensesame") == std::string::npos);
    }
    VERIFY_ERROR(fetch(from_file("")), ErrorCode::Config);
    VERIFY_ERROR(fetch(OAuth{}), ErrorCode::Config);
}

void TestOAuth::a_real_broker_takes_the_token_and_its_successor() {
    const KafkaBroker& broker = KafkaBroker::shared();
    LoopbackHttp server;
    ConnectionOptions options = broker.connection(Listener::OAuth);
    options.security.mechanism = Mechanism::OAuthBearer;
    options.security.oauth = client_credentials(server.url("/token"));
    server.answer(200, R"({"access_token":")" + jwt("admin", 5) + R"(","expires_in":5})");
    const auto cluster = Cluster::open(options, secret_resolver(options.name));
    VERIFY_OK(cluster);
    QCOMPARE((*cluster)->cluster_id(10s).value(), broker.cluster_id());
    server.answer(200, R"({"access_token":")" + jwt("admin", 600) + R"(","expires_in":600})");
    QTRY_VERIFY_WITH_TIMEOUT(server.requests().size() >= 2, 30'000); // before the first ran out
    QVERIFY((*cluster)->health().state == Health::State::Up);
}

void TestOAuth::a_missing_token_is_said() {
    const KafkaBroker& broker = KafkaBroker::shared();
    ConnectionOptions options = broker.connection(Listener::OAuth);
    options.security.mechanism = Mechanism::OAuthBearer;
    options.security.oauth = from_file("/nonexistent/token");
    const auto cluster = Cluster::open(options, secret_resolver(options.name));
    VERIFY_OK(cluster);
    QTRY_VERIFY_WITH_TIMEOUT(!(*cluster)->health().trouble.empty(), 20'000);
    const std::string told = (*cluster)->health().trouble;
    QVERIFY2(told.rfind("test-kafka: /nonexistent/token: ", 0) == 0, told.c_str());
    QVERIFY((*cluster)->health().state == Health::State::AuthenticationFailed);
}

QTEST_GUILESS_MAIN(TestOAuth)
#include "tst_oauth.moc"
