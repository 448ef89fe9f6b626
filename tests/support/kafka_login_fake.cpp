// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/kafka_login_fake.h"

#include <QCryptographicHash>
#include <QMessageAuthenticationCode>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>

namespace weir::test {
namespace {

constexpr int iterations = 4096;
constexpr auto sha256 = QCryptographicHash::Sha256;
const QByteArray salt("0123456789abcdef");

QByteArray hmac(const QByteArray& key, const QByteArray& text) {
    return QMessageAuthenticationCode::hash(text, key, sha256);
}

QByteArray salted(const QByteArray& password, int count) {
    QByteArray u = hmac(password, QByteArray(salt).append("\0\0\0\1", 4));
    QByteArray result = u;
    for (int i = 1; i < count; ++i) {
        u = hmac(password, u);
        for (qsizetype j = 0; j < u.size(); ++j)
            result[j] = char(result[j] ^ u[j]);
    }
    return result;
}

std::string number(std::int64_t value, int bytes) {
    std::string text;
    for (int shift = bytes * 8 - 8; shift >= 0; shift -= 8)
        text += char(value >> shift & 0xff);
    return text;
}

int int16_at(const std::string& text, std::size_t at) {
    return std::uint8_t(text.at(at)) << 8 | std::uint8_t(text.at(at + 1));
}

bool read_exactly(int socket, std::string& into, std::size_t size) {
    into.resize(size);
    return recv(socket, into.data(), size, MSG_WAITALL) == ssize_t(size);
}

void say(int socket, const std::string& text) {
    (void)send(socket, text.data(), text.size(), MSG_NOSIGNAL);
}

} // namespace

std::string framed(const std::string& frame) {
    return number(std::int64_t(frame.size()), 4) + frame;
}

std::string FakeLogin::answer(const std::string& request) {
    const int api = int16_at(request, 0);
    std::string head = request.substr(4, 4);
    if (m_fault == LoginFault::WrongCorrelation)
        head = "!?!?";
    const std::string body = request.substr(10 + std::size_t(int16_at(request, 8)));
    if (api == 18) {
        const int newest = m_fault == LoginFault::OldBroker ? 35 : 36;
        std::string all = number(0, 2) + number(2, 4);
        for (const int key : {17, newest})
            all += number(key, 2) + number(0, 2) + number(2, 2);
        return head + all;
    }
    if (api == 17) {
        const bool other = m_fault == LoginFault::OtherMechanism;
        const std::string offered = other ? "PLAIN" : body.substr(2);
        return head + number(other ? 33 : 0, 2) + number(1, 4) +
               number(std::int64_t(offered.size()), 2) + offered;
    }
    const std::string asked = body.substr(4);
    const std::string said = m_server_first.empty() ? challenge(asked) : verdict(asked);
    const std::string why = said.empty() ? "invalid credentials" : "";
    const bool short_session = m_fault == LoginFault::ShortSession;
    return head + number(said.empty() ? 58 : 0, 2) + number(std::int64_t(why.size()), 2) + why +
           number(std::int64_t(said.size()), 4) + said + number(short_session ? 1000 : 0, 8);
}

std::string FakeLogin::challenge(const std::string& client_first) {
    m_first_bare = client_first.substr(3);
    const std::string theirs = m_first_bare.substr(m_first_bare.find(",r=") + 3);
    m_nonce = (m_fault == LoginFault::OtherNonce ? "another" : theirs) + "ours";
    m_iterations = m_fault == LoginFault::FewIterations    ? iterations - 1
                   : m_fault == LoginFault::SlowSalt       ? slow_iterations
                   : m_fault == LoginFault::ManyIterations ? 1'000'001
                                                           : iterations;
    m_server_first = "r=" + m_nonce + ",s=" + salt.toBase64().toStdString() +
                     ",i=" + std::to_string(m_iterations);
    return m_server_first;
}

std::string FakeLogin::verdict(const std::string& client_final) {
    const std::size_t proof_at = client_final.find(",p=");
    const std::string without_proof = client_final.substr(0, proof_at);
    const QByteArray all =
        QByteArray::fromStdString(m_first_bare + "," + m_server_first + "," + without_proof);
    const QByteArray keys = salted("pencil", m_iterations);
    const QByteArray client_key = hmac(keys, "Client Key");
    QByteArray proof = hmac(QCryptographicHash::hash(client_key, sha256), all);
    for (qsizetype i = 0; i < proof.size(); ++i)
        proof[i] = char(proof[i] ^ client_key[i]);
    if (without_proof != "c=biws,r=" + m_nonce ||
        client_final.substr(proof_at + 3) != proof.toBase64().toStdString())
        return {};
    m_done = true;
    if (m_fault == LoginFault::NoSignature)
        return "v=";
    if (m_fault == LoginFault::WrongSignature)
        return "v=" + hmac(keys, all).toBase64().toStdString();
    return "v=" + hmac(hmac(keys, "Server Key"), all).toBase64().toStdString();
}

FakeBroker::FakeBroker(LoginFault fault)
    : m_fault(fault)
    , m_socket(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(m_socket, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        listen(m_socket, 8) != 0 ||
        getsockname(m_socket, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        qFatal("no port on the loopback");
    m_port = ntohs(address.sin_port);
    m_thread = std::thread([this] { serve(); });
}

FakeBroker::~FakeBroker() {
    m_stop = true;
    m_thread.join();
    close(m_socket);
}

void FakeBroker::serve() {
    while (!m_stop) {
        pollfd waiting{m_socket, POLLIN, 0};
        if (poll(&waiting, 1, 20) <= 0)
            continue;
        const int one = accept4(m_socket, nullptr, nullptr, SOCK_CLOEXEC);
        if (one < 0)
            continue;
        ++m_begun;
        serve_one(one);
        close(one);
        ++m_ended;
    }
}

void FakeBroker::serve_one(int socket) {
    if (!log_in(socket))
        return;
    ++m_logins;
    std::string bytes(64 * 1024, '\0');
    while (!m_stop) {
        pollfd waiting{socket, POLLIN, 0};
        if (poll(&waiting, 1, 20) <= 0)
            continue;
        const ssize_t got = recv(socket, bytes.data(), bytes.size(), 0);
        if (got <= 0)
            return;
        for (ssize_t sent = 0; sent < got;) {
            const ssize_t put =
                send(socket, bytes.data() + sent, std::size_t(got - sent), MSG_NOSIGNAL);
            if (put <= 0)
                return;
            sent += put;
        }
    }
}

bool FakeBroker::log_in(int socket) {
    FakeLogin login(m_fault);
    while (!login.done()) {
        std::string size;
        std::string request;
        if (!read_exactly(socket, size, 4) ||
            !read_exactly(socket, request, std::size_t(int16_at(size, 2))))
            return false;
        const std::string answer = framed(login.answer(request));
        switch (m_fault) {
        case LoginFault::HangsUp:
            return false;
        case LoginFault::Silent:
            (void)read_exactly(socket, request, 1); // until the other side has gone
            return false;
        case LoginFault::Garbage:
            say(socket, "HTTP/1.1 400 Bad Request\r\n\r\n");
            break;
        case LoginFault::HugeLength:
            say(socket, number(0x7fffffff, 4) + "x");
            break;
        case LoginFault::NegativeLength:
            say(socket, number(-1, 4) + "x");
            break;
        case LoginFault::CutFrame:
            say(socket, answer.substr(0, answer.size() / 2));
            return false;
        case LoginFault::ExtraBytes:
            say(socket, answer + "x");
            break;
        default:
            say(socket, answer);
        }
    }
    return true;
}

} // namespace weir::test
