// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/login/relayed_connection.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace weir::kafka {
namespace {

constexpr int pair_buffer_bytes = 1024 * 1024; // the system may allow less
constexpr int rounds_max = 16;                 // before other connections have their turn
constexpr const char* tls_port = "Disconnected: connecting to a SSL listener?";
constexpr std::chrono::hours no_limit{24 * 365};

Error failed_pair() {
    return Error{.code = ErrorCode::Io,
                 .what = std::string("no pair of sockets can be had: ") + std::strerror(errno)};
}

} // namespace

Result<CorkedEnd> take_the_place_of(int socket) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0)
        return failed_pair();
    const UniqueFd theirs(ends[0]);
    CorkedEnd ours{UniqueFd(ends[1])};
    (void)setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &pair_buffer_bytes, sizeof pair_buffer_bytes);
    const std::array<char, 16 * 1024> cork{};
    ssize_t put = 0;
    while ((put = send(ends[0], cork.data(), cork.size(), MSG_NOSIGNAL)) > 0)
        ours.cork_bytes += std::size_t(put);
    if (errno != EAGAIN || dup3(ends[0], socket, O_CLOEXEC) < 0)
        return failed_pair();
    return ours;
}

RelayedConnection::RelayedConnection(CorkedEnd end, BrokerAddress address, const LoginTerms& terms)
    : m_end(std::move(end))
    , m_name(address.name)
    , m_encrypted(terms.tls != nullptr)
    , m_broker(std::move(address), terms.tls, terms.socket)
    , m_keys(terms.keys)
    , m_due(Clock::now() + terms.time_limit) {}

void RelayedConnection::ask(std::vector<pollfd>& polled) const {
    pollfd client{m_end.fd.get(), 0, 0};
    pollfd broker{m_broker.get(), 0, 0};
    if (m_state == State::Opening)
        broker.events = m_broker.events();
    else if (m_state == State::LoggingIn || !m_down.full())
        broker.events = POLLIN;
    if (!m_up.empty() || m_broker.read_wants_to_write())
        broker.events |= POLLOUT;
    if (m_state == State::Relaying && !m_up.full())
        client.events = POLLIN;
    if (!m_down.empty())
        client.events |= POLLOUT;
    // A connection that has ended is told of at every poll, asked or not.
    if (broker.events == 0 || m_state == State::Draining)
        broker.fd = -1;
    polled.push_back(client);
    polled.push_back(broker);
}

void RelayedConnection::step(const pollfd* polled) {
    m_busy = false;
    if ((polled[0].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0) {
        m_state = State::Over; // librdkafka has closed its end
        return;
    }
    if (Clock::now() >= m_due) {
        if (m_state == State::Opening || m_state == State::LoggingIn)
            fail("timed out during the login");
        m_state = State::Over;
        return;
    }
    if (m_state == State::Opening)
        open();
    if (m_state == State::LoggingIn)
        log_in();
    if (m_state == State::Relaying || m_state == State::Draining)
        relay();
}

void RelayedConnection::fail(const std::string& why) {
    m_trouble = m_broker.trouble();
    if (m_trouble.empty())
        m_trouble = m_name + "/login: " + why;
    m_state = State::Over;
}

void RelayedConnection::open() {
    const Io io = m_broker.open();
    if (io == Io::Again)
        return;
    if (io != Io::Moved)
        return fail("the broker hung up");
    auto login = ScramLogin::create(m_keys);
    if (!login)
        return fail(login.error().what);
    m_login.emplace(std::move(login).value());
    const std::string first = m_login->begin();
    std::copy(first.begin(), first.end(), m_up.bytes.begin());
    m_up.end = first.size();
    m_state = State::LoggingIn;
}

void RelayedConnection::log_in() {
    // What is sent fits: an answer is sent only after the question to it has been.
    while (m_state == State::LoggingIn) {
        while (write_broker()) {
        }
        Result<std::string> answer = std::string();
        if (m_login->salting()) {
            answer = m_login->salt_on();
        } else {
            if (!read_broker() || m_state == State::Over)
                break;
            const std::string_view came = m_down.held();
            answer = m_login->receive(came);
            m_down.drop(came.size());
        }
        if (!answer)
            return fail(answer.error().what);
        if (answer->size() > m_up.bytes.size() - m_up.end)
            return fail("the login does not fit");
        std::copy(answer->begin(), answer->end(), m_up.bytes.data() + m_up.end);
        m_up.end += answer->size();
        if (m_login->salting()) { // other connections have their turn in between
            m_busy = true;
            return;
        }
        if (m_login->done())
            start_relaying();
    }
    if (m_state == State::Draining) // the broker has ended it
        fail(m_login->unanswered() && !m_encrypted ? tls_port
                                                   : "the broker hung up during the login");
}

void RelayedConnection::start_relaying() {
    const auto session = m_login->session();
    m_due = Clock::now() + (session.count() > 0 ? session * 9 / 10 : no_limit);
    m_login.reset();
    std::array<char, 16 * 1024> scratch;
    while (m_end.cork_bytes > 0) {
        const ssize_t got = recv(m_end.fd.get(), scratch.data(),
                                 std::min(scratch.size(), m_end.cork_bytes), MSG_DONTWAIT);
        if (got <= 0) {
            m_state = State::Over;
            return;
        }
        m_end.cork_bytes -= std::size_t(got);
    }
    m_state = State::Relaying;
}

void RelayedConnection::relay() {
    for (int round = 0; round < rounds_max; ++round) {
        bool moved = m_state == State::Relaying && read_broker();
        moved = write_client() || moved;
        moved = (m_state == State::Relaying && read_client()) || moved;
        moved = (m_state == State::Relaying && write_broker()) || moved;
        if (m_state == State::Draining && m_down.empty())
            m_state = State::Over;
        if (!moved || m_state == State::Over)
            return;
    }
    m_busy = true;
}

/// Fills the buffer as far as there is something.
bool RelayedConnection::read_broker() {
    bool any = false;
    while (!m_down.full()) {
        std::size_t moved = 0;
        const Io io = m_broker.read(m_down.bytes.data() + m_down.end,
                                    m_down.bytes.size() - m_down.end, moved);
        if (io == Io::Failed && m_state == State::LoggingIn)
            fail({});
        else if (io == Io::Failed || io == Io::Ended)
            m_state = State::Draining;
        if (io != Io::Moved)
            break;
        m_down.end += moved;
        any = true;
    }
    return any;
}

bool RelayedConnection::write_broker() {
    if (m_up.empty())
        return false;
    std::size_t moved = 0;
    const Io io = m_broker.write(m_up.held(), moved);
    if (io == Io::Failed || io == Io::Ended)
        m_state = State::Draining;
    if (io != Io::Moved)
        return false;
    m_up.drop(moved);
    return true;
}

bool RelayedConnection::read_client() {
    if (m_up.full())
        return false;
    const ssize_t got =
        recv(m_end.fd.get(), m_up.bytes.data() + m_up.end, m_up.bytes.size() - m_up.end, 0);
    if (got == 0)
        m_state = State::Over;
    if (got <= 0)
        return false;
    m_up.end += std::size_t(got);
    return true;
}

bool RelayedConnection::write_client() {
    if (m_down.empty())
        return false;
    const std::string_view held = m_down.held();
    const ssize_t put = send(m_end.fd.get(), held.data(), held.size(), MSG_NOSIGNAL);
    if (put <= 0) {
        if (put < 0 && errno != EAGAIN && errno != EINTR)
            m_state = State::Over;
        return false;
    }
    m_down.drop(std::size_t(put));
    return true;
}

} // namespace weir::kafka
