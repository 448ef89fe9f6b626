// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include "connectors/kafka/login/scram_login.h"
#include "tests/support/kafka_login_fake.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace weir::kafka;
using namespace weir::test;
using namespace std::chrono_literals;

namespace {

ScramLogin login_with(const char* password) {
    auto keys = std::make_shared<ScramKeys>();
    keys->user = "user";
    keys->password = password;
    return ScramLogin::create(keys).value();
}

/// Talks until one side has nothing more to say.
Result<void> talk(ScramLogin& login, FakeLogin& broker) {
    std::string asked = login.begin();
    while (!asked.empty()) {
        const auto next = login.receive(framed(broker.answer(asked.substr(4))));
        if (!next)
            return next.error();
        asked = *next;
    }
    return {};
}

std::string told(LoginFault fault, const char* password = "pencil") {
    ScramLogin login = login_with(password);
    FakeLogin broker(fault);
    const auto talked = talk(login, broker);
    return talked ? "fine" : talked.error().what;
}

} // namespace

#define TOLD(fault, part)                                                                          \
    do {                                                                                           \
        const std::string said = told(fault);                                                      \
        QVERIFY2(said.find(part) != std::string::npos, said.c_str());                              \
    } while (false)

class TestScramLogin : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void both_sides_prove_that_they_know_the_password() {
        ScramLogin login = login_with("pencil");
        FakeLogin broker;
        QVERIFY(login.unanswered());
        VERIFY_OK(talk(login, broker));
        QVERIFY(login.done() && !login.unanswered() && broker.done());
        QCOMPARE(login.session(), 0ms);
        VERIFY_ERROR(login.receive(framed("what else?")), ErrorCode::Corrupt);
    }

    void a_session_that_ends() {
        ScramLogin login = login_with("pencil");
        FakeLogin broker(LoginFault::ShortSession);
        VERIFY_OK(talk(login, broker));
        QCOMPARE(login.session(), 1000ms);
    }

    void byte_by_byte() {
        ScramLogin login = login_with("pencil");
        FakeLogin broker;
        std::string asked = login.begin();
        while (!asked.empty()) {
            const std::string answer = framed(broker.answer(asked.substr(4)));
            for (std::size_t i = 0; i < answer.size(); ++i) {
                const auto next = login.receive(answer.substr(i, 1));
                VERIFY_OK(next);
                QVERIFY(next->empty() || i + 1 == answer.size());
                asked = *next;
            }
        }
        QVERIFY(login.done());
    }

    void a_wrong_password() {
        const std::string said = told(LoginFault::None, "crayon");
        QCOMPARE(said, std::string("SASL authentication error: invalid credentials"));
    }

    void a_broker_that_does_not_know_the_password() {
        TOLD(LoginFault::WrongSignature, "could not prove that it knows the password");
        TOLD(LoginFault::NoSignature, "holds no signature");
        TOLD(LoginFault::OtherNonce, "does not belong to this login");
    }

    void a_broker_that_wants_another_login() {
        TOLD(LoginFault::OtherMechanism, "broker's supported mechanisms: PLAIN");
        TOLD(LoginFault::OldBroker, "older than Kafka 1.0");
        TOLD(LoginFault::FewIterations, "fewer iterations");
        TOLD(LoginFault::ManyIterations, "or for more than 1000000");
    }

    void bytes_that_are_no_answer() {
        TOLD(LoginFault::WrongCorrelation, "not one of Kafka's protocol");
        for (const std::string& bytes :
             {std::string("HTTP/1.1 400 Bad Request"), std::string("\x7f\xff\xff\xff"),
              std::string("\xff\xff\xff\xff"), std::string(4, '\0'), framed("abc"), framed("1234"),
              framed(std::string("\0\0\0\1\0\0\x7f\xff\xff\xff", 10))}) {
            ScramLogin login = login_with("pencil");
            (void)login.begin();
            VERIFY_ERROR(login.receive(bytes), ErrorCode::Corrupt);
        }
    }

    void more_than_was_asked() {
        ScramLogin login = login_with("pencil");
        FakeLogin broker;
        const std::string answer = framed(broker.answer(login.begin().substr(4)));
        VERIFY_ERROR(login.receive(answer + "x"), ErrorCode::Corrupt);
    }
};

QTEST_GUILESS_MAIN(TestScramLogin)
#include "tst_scram_login.moc"
