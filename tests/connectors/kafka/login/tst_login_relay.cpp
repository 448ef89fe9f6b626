// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: threads
#include <QtTest/QtTest>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>

#include <future>

#include "connectors/kafka/login/login_relay.h"
#include "tests/support/kafka_login_fake.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace weir::kafka;
using namespace weir::test;
using namespace std::chrono_literals;

namespace {

constexpr int wait_ms = 30'000;

std::shared_ptr<LoginRelay> relay_with(const char* password,
                                       std::map<std::string, std::string> properties = {}) {
    ConnectionOptions options;
    options.name = "fake";
    options.security.protocol = Protocol::SaslPlaintext;
    options.security.mechanism = Mechanism::ScramSha256;
    options.security.username = "user";
    options.security.password.text = password;
    options.properties = std::move(properties);
    return LoginRelay::create(
               options,
               [](const SecretRef& reference) { return Result<std::string>(reference.text); })
        .value();
}

/// What librdkafka does: makes a socket, has it connected, and waits until it can be written to.
class Client {
  public:
    Client(LoginRelay& relay, const std::string& name, int port)
        : m_socket(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(std::uint16_t(port));
        if (relay.adopt(m_socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address,
                        name.c_str()) != 0)
            qFatal("the socket was not adopted");
    }
    Client(LoginRelay& relay, const FakeBroker& broker)
        : Client(relay, broker.address(), broker.port()) {}

    /// The error of the connection, 0 if there is one, -1 while it is still being made.
    int connected(int limit_ms = wait_ms) const {
        pollfd polled{m_socket.get(), POLLOUT, 0};
        if (poll(&polled, 1, limit_ms) != 1)
            return -1;
        int error = 0;
        socklen_t size = sizeof error;
        getsockopt(m_socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
        return error;
    }
    bool write(std::string_view bytes) const {
        while (!bytes.empty()) {
            const ssize_t put = send(m_socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (put < 0 && errno != EAGAIN)
                return false;
            bytes.remove_prefix(put > 0 ? std::size_t(put) : 0);
            pollfd polled{m_socket.get(), POLLOUT, 0};
            (void)poll(&polled, 1, wait_ms);
        }
        return true;
    }
    /// Until `size` bytes or the end.
    std::string read(std::size_t size) const {
        std::string bytes(size, '\0');
        std::size_t have = 0;
        while (have < size) {
            pollfd polled{m_socket.get(), POLLIN, 0};
            if (poll(&polled, 1, wait_ms) != 1)
                break;
            const ssize_t got = recv(m_socket.get(), bytes.data() + have, size - have, 0);
            if (got <= 0)
                break;
            have += std::size_t(got);
        }
        bytes.resize(have);
        return bytes;
    }
    void hang_up() { const UniqueFd ended = std::move(m_socket); }

  private:
    UniqueFd m_socket;
};

std::string many_bytes(std::size_t size) {
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
        bytes[i] = char(i * 2654435761U >> 13);
    return bytes;
}

} // namespace

class TestLoginRelay : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void only_where_librdkafka_cannot() {
        ConnectionOptions options;
        for (const Mechanism other : {Mechanism::None, Mechanism::Plain, Mechanism::OAuthBearer}) {
            options.security.mechanism = other;
            QVERIFY(LoginRelay::create(options, {}).value() == nullptr);
        }
        options.security.mechanism = Mechanism::ScramSha256;
        VERIFY_ERROR(LoginRelay::create(options, {}), ErrorCode::Config);
    }

    void bytes_go_both_ways_unchanged() {
        const FakeBroker broker;
        const auto relay = relay_with("pencil");
        const Client client(*relay, broker);
        QCOMPARE(client.connected(), 0);
        QCOMPARE(relay->trouble(), std::string());
        const std::string sent = many_bytes(8'000'000);
        auto written = std::async(std::launch::async, [&] { return client.write(sent); });
        const std::string back = client.read(sent.size());
        QVERIFY(written.get());
        QVERIFY(back == sent);
    }

    void several_connections_at_once() {
        const auto relay = relay_with("pencil");
        std::vector<std::unique_ptr<FakeBroker>> brokers;
        std::vector<std::unique_ptr<Client>> clients;
        for (int i = 0; i < 5; ++i) {
            brokers.push_back(std::make_unique<FakeBroker>());
            clients.push_back(std::make_unique<Client>(*relay, *brokers.back()));
        }
        for (int i = 0; i < 5; ++i) {
            QCOMPARE(clients[std::size_t(i)]->connected(), 0);
            const std::string word = "connection " + std::to_string(i);
            QVERIFY(clients[std::size_t(i)]->write(word));
            QCOMPARE(clients[std::size_t(i)]->read(word.size()), word);
        }
        clients[2]->hang_up();
        QTRY_COMPARE_WITH_TIMEOUT(brokers[2]->ended(), 1, wait_ms);
        QVERIFY(clients[3]->write("still here"));
        QCOMPARE(clients[3]->read(10), std::string("still here"));
    }

    void a_password_that_takes_long_to_salt_holds_up_no_other_connection() {
        const FakeBroker quick;
        const FakeBroker slow(LoginFault::SlowSalt);
        const auto relay = relay_with("pencil");
        const Client before(*relay, quick);
        QCOMPARE(before.connected(), 0);
        const Client salting(*relay, slow);
        int rounds = 0; // thousands; held up for much of the salting, it would be a few
        for (; salting.connected(0) == -1; ++rounds) {
            QVERIFY(before.write("still here"));
            QCOMPARE(before.read(10), std::string("still here"));
        }
        QCOMPARE(salting.connected(0), 0);
        QVERIFY2(rounds > 20, qPrintable(QString::number(rounds)));
    }

    void a_login_that_cannot_be_is_a_connection_that_cannot_be_data() {
        QTest::addColumn<int>("fault");
        QTest::addColumn<QByteArray>("said");
        const auto row = [](LoginFault fault, const char* said) {
            QTest::newRow(said) << int(fault) << QByteArray(said);
        };
        row(LoginFault::OtherNonce, "does not belong to this login");
        row(LoginFault::WrongSignature, "could not prove that it knows the password");
        row(LoginFault::OtherMechanism, "broker's supported mechanisms: PLAIN");
        row(LoginFault::Garbage, "Invalid response size 1213486160");
        row(LoginFault::HugeLength, "Invalid response size 2147483647");
        row(LoginFault::NegativeLength, "Invalid response size -1");
        row(LoginFault::CutFrame, "SSL listener");
        row(LoginFault::ExtraBytes, "more than an answer");
        row(LoginFault::HangsUp, "connecting to a SSL listener");
        row(LoginFault::Silent, "timed out");
    }
    void a_login_that_cannot_be_is_a_connection_that_cannot_be() {
        QFETCH(int, fault);
        QFETCH(QByteArray, said);
        const FakeBroker broker{LoginFault(fault)};
        const auto relay = relay_with("pencil", {{"socket.connection.setup.timeout.ms", "2000"}});
        const Client client(*relay, broker);
        QCOMPARE(client.connected(), ECONNRESET);
        QVERIFY2(relay->trouble().find(said.toStdString()) != std::string::npos,
                 relay->trouble().c_str());
        QVERIFY2(relay->trouble().rfind(broker.address(), 0) == 0, relay->trouble().c_str());
        QVERIFY(relay->trouble().find("pencil") == std::string::npos);
    }

    void a_trouble_is_forgotten_once_a_login_went_well() {
        const FakeBroker broker;
        const FakeBroker stranger(LoginFault::WrongSignature);
        const auto relay = relay_with("pencil");
        const Client refused(*relay, stranger);
        QCOMPARE(refused.connected(), ECONNRESET);
        QVERIFY(!relay->trouble().empty());
        const Client client(*relay, broker);
        QCOMPARE(client.connected(), 0);
        QTRY_COMPARE_WITH_TIMEOUT(relay->trouble(), std::string(), wait_ms);
    }

    void librdkafka_gives_up_in_mid_login() {
        const FakeBroker broker(LoginFault::Silent);
        const auto relay = relay_with("pencil");
        Client client(*relay, broker);
        QTRY_COMPARE_WITH_TIMEOUT(broker.begun(), 1, wait_ms);
        QCOMPARE(client.connected(50), -1); // no byte is taken before the login is done
        client.hang_up();
        QTRY_COMPARE_WITH_TIMEOUT(broker.ended(), 1, wait_ms);
        QCOMPARE(relay->trouble(), std::string());
    }

    void the_relay_ends_with_its_client() {
        const FakeBroker broker;
        auto relay = relay_with("pencil");
        const Client client(*relay, broker);
        QCOMPARE(client.connected(), 0);
        relay.reset();
        QCOMPARE(client.read(1), std::string());
        QTRY_COMPARE_WITH_TIMEOUT(broker.ended(), 1, wait_ms);
    }

    void a_connection_ends_before_its_login_expires() {
        const FakeBroker broker(LoginFault::ShortSession);
        const auto relay = relay_with("pencil");
        const Client client(*relay, broker);
        QCOMPARE(client.connected(), 0);
        QVERIFY(client.write("early"));
        QCOMPARE(client.read(6), std::string("early")); // and then the end
        QCOMPARE(relay->trouble(), std::string());
        const Client again(*relay, broker);
        QCOMPARE(again.connected(), 0);
        QTRY_COMPARE_WITH_TIMEOUT(broker.logins(), 2, wait_ms);
    }
};

QTEST_GUILESS_MAIN(TestLoginRelay)
#include "tst_login_relay.moc"
