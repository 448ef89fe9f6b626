// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What librdkafka's sentences are made into.
#include <QtTest>

#include "connectors/kafka/client/certificate_refusal.h"
#include "connectors/kafka/client/explain.h"

using namespace weir;
using namespace weir::kafka;

namespace {

ConnectionOptions at(Protocol protocol) {
    ConnectionOptions options;
    options.name = "shop";
    options.bootstrap = "127.0.0.1:9092";
    options.security.protocol = protocol;
    return options;
}

Explained of(const char* said, Protocol protocol = Protocol::Plaintext) {
    return explain(at(protocol), ErrorCode::Connection, said);
}

} // namespace

class TestExplain : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void a_port_that_wants_a_login_may_break_the_pipe() {
        for (const char* said :
             {"127.0.0.1:9092/bootstrap: Send failed: Broken pipe (after 0ms in state "
              "APIVERSION_QUERY)",
              "127.0.0.1:9092/bootstrap: Disconnected: broker might require SASL authentication"}) {
            const Explained told = of(said);
            QCOMPARE(told.error.what.substr(told.error.what.find(" hangs")),
                     std::string(" hangs up; it may expect a login at this port"));
            QVERIFY(told.error.advice.find("sasl_ssl") != std::string::npos);
            QVERIFY(told.lasting);
        }
    }
    void a_pipe_that_breaks_later_is_an_outage() {
        const Explained told =
            explain(at(Protocol::Plaintext), ErrorCode::Connection,
                    "127.0.0.1:9092/1: Send failed: Broken pipe (after 0ms in state "
                    "APIVERSION_QUERY)",
                    true);
        QCOMPARE(told.error.code, ErrorCode::Connection);
        QVERIFY(!told.lasting);
        QVERIFY(told.error.what.find("hung up") != std::string::npos);
        const Explained logged_in =
            of("127.0.0.1:9092/1: Send failed: Broken pipe (after 1ms in state APIVERSION_QUERY)",
               Protocol::SaslPlaintext);
        QCOMPARE(logged_in.error.code, ErrorCode::Connection);
    }
    void an_authority_that_was_given_is_told_from_none() {
        ConnectionOptions options = at(Protocol::Ssl);
        const std::string refusal = certificate_refusal("a.example:9093", 19);
        const std::string verify = "ssl://a.example:9093/bootstrap: SSL handshake failed: "
                                   "certificate verify failed";
        for (const std::string& said : {refusal, verify}) {
            options.security.ca_file = "";
            const Error none = explain(options, ErrorCode::Connection, said).error;
            QVERIFY2(none.what.find("does not hold") == std::string::npos, none.what.c_str());
            QVERIFY2(none.advice.find("\"ca_file\"") != std::string::npos, none.advice.c_str());
            options.security.ca_file = "/etc/ca.pem";
            const Error given = explain(options, ErrorCode::Connection, said).error;
            QVERIFY2(given.what.find("/etc/ca.pem does not hold the authority that signed it") !=
                         std::string::npos,
                     given.what.c_str());
            QVERIFY2(given.advice.find("-X ssl.ca.location=FILE") != std::string::npos,
                     given.advice.c_str());
        }
    }
};

QTEST_GUILESS_MAIN(TestExplain)
#include "tst_explain.moc"
