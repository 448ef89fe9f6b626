// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/login/broker_socket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "connectors/kafka/client/certificate_refusal.h"

namespace weir::kafka {
namespace {

void set_option(int socket, int level, int option, int value) {
    (void)setsockopt(socket, level, option, &value, sizeof value);
}

bool would_block(int error) {
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

} // namespace

BrokerAddress BrokerAddress::of(const sockaddr* address, int size, const char* name) {
    BrokerAddress made;
    made.size = socklen_t(std::min(std::size_t(size), sizeof made.address));
    std::memcpy(&made.address, address, made.size);
    made.name = name ? name : "";
    made.host = made.name.substr(0, made.name.rfind(':'));
    if (made.host.size() > 2 && made.host.front() == '[' && made.host.back() == ']')
        made.host = made.host.substr(1, made.host.size() - 2);
    return made;
}

BrokerSocket::BrokerSocket(BrokerAddress address, std::shared_ptr<const TlsContext> tls,
                           const SocketSettings& settings)
    : m_address(std::move(address))
    , m_tls(std::move(tls))
    , m_settings(settings) {}

BrokerSocket::Io BrokerSocket::failed(const std::string& why) {
    if (m_trouble.empty())
        m_trouble = m_address.name + "/login: " + why;
    return Io::Failed;
}

BrokerSocket::Io BrokerSocket::open() {
    if (!m_connected)
        if (const Io io = connect(); io != Io::Moved)
            return io;
    return m_tls && !m_shaken ? shake() : Io::Moved;
}

BrokerSocket::Io BrokerSocket::connect() {
    int error = 0;
    m_events = POLLOUT;
    if (m_socket.get() < 0) {
        const int family = m_address.address.ss_family;
        m_socket = UniqueFd(socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
        const int fd = m_socket.get();
        set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
        if (m_settings.keepalive)
            set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
        if (m_settings.send_buffer_bytes > 0)
            set_option(fd, SOL_SOCKET, SO_SNDBUF, m_settings.send_buffer_bytes);
        if (m_settings.receive_buffer_bytes > 0)
            set_option(fd, SOL_SOCKET, SO_RCVBUF, m_settings.receive_buffer_bytes);
        const auto* address = reinterpret_cast<const sockaddr*>(&m_address.address);
        if (fd < 0 || (::connect(fd, address, m_address.size) != 0 && errno != EINTR))
            error = errno;
        if (error == EINPROGRESS)
            return Io::Again;
    } else {
        pollfd asked{m_socket.get(), POLLOUT, 0};
        if (poll(&asked, 1, 0) == 0)
            return Io::Again;
        socklen_t size = sizeof error;
        if (getsockopt(m_socket.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0)
            error = errno;
    }
    if (error != 0)
        return failed("Connect to " + m_address.name + " failed: " + std::strerror(error));
    m_connected = true;
    return Io::Moved;
}

BrokerSocket::Io BrokerSocket::shake() {
    if (!m_session)
        m_session = m_tls->start(m_socket.get(), m_address.host);
    if (!m_session)
        return failed("SSL_HANDSHAKE failed: " + take_tls_error());
    ERR_clear_error();
    const int result = SSL_do_handshake(m_session.get());
    if (result != 1)
        return after_tls(result, true);
    m_shaken = true;
    return Io::Moved;
}

BrokerSocket::Io BrokerSocket::after_tls(int result, bool shaking) {
    const int error = SSL_get_error(m_session.get(), result);
    m_events = error == SSL_ERROR_WANT_WRITE ? POLLOUT : POLLIN;
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
        return Io::Again;
    if (error == SSL_ERROR_ZERO_RETURN)
        return Io::Ended;
    const bool cut = error == SSL_ERROR_SYSCALL ||
                     ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
    const std::string why = take_tls_error();
    if (!shaking && cut) // brokers do not say goodbye
        return Io::Ended;
    if (const long refusal = SSL_get_verify_result(m_session.get()); refusal != X509_V_OK)
        m_trouble = certificate_refusal(m_address.name, int(refusal));
    return failed(std::string("SSL_HANDSHAKE failed: ") + (why.empty() ? "unexpected eof" : why));
}

BrokerSocket::Io BrokerSocket::read(char* into, std::size_t room, std::size_t& moved) {
    if (m_session) {
        ERR_clear_error();
        const int result = SSL_read_ex(m_session.get(), into, room, &moved);
        m_read_wants_to_write =
            result != 1 && SSL_get_error(m_session.get(), result) == SSL_ERROR_WANT_WRITE;
        return result == 1 ? Io::Moved : after_tls(result, false);
    }
    const ssize_t got = recv(m_socket.get(), into, room, 0);
    if (got < 0 && would_block(errno))
        return Io::Again;
    if (got <= 0)
        return Io::Ended;
    moved = std::size_t(got);
    return Io::Moved;
}

BrokerSocket::Io BrokerSocket::write(std::string_view bytes, std::size_t& moved) {
    if (m_session) {
        ERR_clear_error();
        const int result = SSL_write_ex(m_session.get(), bytes.data(), bytes.size(), &moved);
        return result == 1 ? Io::Moved : after_tls(result, false);
    }
    const ssize_t put = send(m_socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (put < 0 && would_block(errno))
        return Io::Again;
    if (put < 0)
        return Io::Ended;
    moved = std::size_t(put);
    return Io::Moved;
}

} // namespace weir::kafka
