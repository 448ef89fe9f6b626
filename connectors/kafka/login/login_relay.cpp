// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/login/login_relay.h"

#include <librdkafka/rdkafka.h>
#include <signal.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>

namespace weir::kafka {
namespace {

using Clock = RelayedConnection::Clock;

constexpr int scram_is_right_from = 0x020601ff; // librdkafka 2.6.1
constexpr std::chrono::milliseconds poll_wait_max{60'000};

bool needed(const Security& security) {
    const bool scram = security.mechanism == Mechanism::ScramSha256 ||
                       security.mechanism == Mechanism::ScramSha512;
    return scram && rd_kafka_version() < scram_is_right_from;
}

/// The value of one of librdkafka's properties; the allow-list has checked it.
int property(const ConnectionOptions& options, const char* name) {
    const auto given = options.properties.find(name);
    return given == options.properties.end() ? 0 : std::atoi(given->second.c_str());
}

SocketSettings socket_settings(const ConnectionOptions& options) {
    SocketSettings settings;
    const auto keepalive = options.properties.find("socket.keepalive.enable");
    settings.keepalive = keepalive != options.properties.end() && keepalive->second == "true";
    settings.send_buffer_bytes = property(options, "socket.send.buffer.bytes");
    settings.receive_buffer_bytes = property(options, "socket.receive.buffer.bytes");
    return settings;
}

Error failed_start(const std::string& why) {
    return Error{.code = ErrorCode::Io, .what = "the login cannot be relayed: " + why};
}

int wait_ms(const std::vector<std::unique_ptr<RelayedConnection>>& connections) {
    auto due = Clock::now() + poll_wait_max;
    for (const auto& connection : connections) {
        if (connection->busy())
            return 0;
        due = std::min(due, connection->due());
    }
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(due - Clock::now()).count() + 1;
    return int(std::clamp<std::int64_t>(left, 0, poll_wait_max.count()));
}

} // namespace

Result<std::shared_ptr<LoginRelay>> LoginRelay::create(const ConnectionOptions& options,
                                                       const SecretResolver& secrets) {
    const Security& security = options.security;
    if (!needed(security))
        return std::shared_ptr<LoginRelay>();
    std::shared_ptr<LoginRelay> relay(new LoginRelay);
    LoginTerms& terms = relay->m_terms;
    terms.keys = std::make_shared<ScramKeys>();
    terms.keys->hash =
        security.mechanism == Mechanism::ScramSha256 ? ScramHash::Sha256 : ScramHash::Sha512;
    terms.keys->user = security.username;
    auto password = secrets ? secrets(security.password)
                            : Result<std::string>(Error{.code = ErrorCode::Config,
                                                        .what = "no secrets can be had here",
                                                        .where = options.name});
    if (!password)
        return password.error();
    terms.keys->password = std::move(password).value();
    if (security.protocol == Protocol::SaslSsl) {
        auto tls = TlsContext::create(options, secrets);
        if (!tls)
            return tls.error();
        terms.tls = std::move(tls).value();
    }
    terms.socket = socket_settings(options);
    // librdkafka gives up after this time and knows no reason; we give up before it.
    if (const int setup_ms = property(options, "socket.connection.setup.timeout.ms"); setup_ms > 0)
        terms.time_limit = std::chrono::milliseconds(setup_ms) * 9 / 10;
    if (auto started = relay->start(); !started)
        return started.error();
    return relay;
}

Result<void> LoginRelay::start() {
    m_wake = UniqueFd(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
    if (m_wake.get() < 0)
        return failed_start(std::strerror(errno));
    try {
        m_thread = std::thread([this] { run(); });
    } catch (const std::system_error& error) {
        return failed_start(error.what());
    }
    return {};
}

LoginRelay::~LoginRelay() {
    m_stop = true;
    wake();
    if (m_thread.joinable())
        m_thread.join();
}

void LoginRelay::wake() const {
    if (m_wake.get() >= 0)
        (void)eventfd_write(m_wake.get(), 1);
}

int LoginRelay::adopt(int socket, const sockaddr* address, int size, const char* broker) {
    auto end = take_the_place_of(socket);
    if (!end)
        return ECONNABORTED;
    auto connection = std::make_unique<RelayedConnection>(
        std::move(end).value(), BrokerAddress::of(address, size, broker), m_terms);
    {
        const std::lock_guard lock(m_mutex);
        m_newcomers.push_back(std::move(connection));
    }
    wake();
    return 0;
}

std::string LoginRelay::trouble() const {
    const std::lock_guard lock(m_mutex);
    return m_trouble;
}

void LoginRelay::note(const std::string& trouble) {
    const std::lock_guard lock(m_mutex);
    m_trouble = trouble;
}

void LoginRelay::run() {
    // Signals are others' business, and SIGPIPE nobody's.
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    std::vector<pollfd> polled;
    while (!m_stop) {
        polled.assign(1, pollfd{m_wake.get(), POLLIN, 0});
        for (const auto& connection : m_connections)
            connection->ask(polled);
        (void)poll(polled.data(), polled.size(), wait_ms(m_connections));
        if (polled[0].revents != 0) {
            eventfd_t woken = 0;
            (void)eventfd_read(m_wake.get(), &woken);
        }
        step(polled);
        take_newcomers();
    }
}

void LoginRelay::take_newcomers() {
    std::vector<std::unique_ptr<RelayedConnection>> newcomers;
    {
        const std::lock_guard lock(m_mutex);
        newcomers.swap(m_newcomers);
    }
    for (auto& one : newcomers)
        m_connections.push_back(std::move(one));
}

void LoginRelay::step(const std::vector<pollfd>& polled) {
    for (std::size_t i = 0; i < m_connections.size(); ++i) {
        RelayedConnection& connection = *m_connections[i];
        const auto before = connection.state();
        connection.step(&polled[1 + 2 * i]);
        if (before != connection.state() &&
            connection.state() == RelayedConnection::State::Relaying)
            note({});
        // Said before the connection ends: whoever hears of the end finds the reason.
        if (connection.state() == RelayedConnection::State::Over && !connection.trouble().empty())
            note(connection.trouble());
    }
    m_connections.erase(std::remove_if(m_connections.begin(), m_connections.end(),
                                       [](const auto& connection) {
                                           return connection->state() ==
                                                  RelayedConnection::State::Over;
                                       }),
                        m_connections.end());
}

} // namespace weir::kafka
