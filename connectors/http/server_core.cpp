// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/http/server_core.h"

#include <charconv>

namespace weir::http {

bool ServerCore::hold(std::size_t bytes) {
    std::size_t held = held_bytes;
    do {
        if (held + bytes > limits.held_bytes)
            return false;
    } while (!held_bytes.compare_exchange_weak(held, held + bytes));
    return true;
}

void ServerCore::enter(const std::shared_ptr<Connection>& connection) {
    const std::lock_guard lock(m_mutex);
    m_open.emplace(connection.get(), connection);
}

void ServerCore::leave(const Connection* connection) {
    const std::lock_guard lock(m_mutex);
    m_open.erase(connection);
}

std::size_t ServerCore::open() const {
    const std::lock_guard lock(m_mutex);
    return m_open.size();
}

std::vector<std::shared_ptr<Connection>> ServerCore::all() const {
    const std::lock_guard lock(m_mutex);
    std::vector<std::shared_ptr<Connection>> alive;
    for (const auto& [pointer, weak] : m_open)
        if (auto connection = weak.lock())
            alive.push_back(std::move(connection));
    return alive;
}

void ServerCore::post_if_running(const std::function<void()>& post) {
    const std::lock_guard lock(m_running_mutex);
    if (m_running)
        post();
}

void ServerCore::threads_ended() {
    const std::lock_guard lock(m_running_mutex);
    m_running = false;
}

Responder::~Responder() {
    if (m_reply)
        m_reply(Response{500, "text/plain; charset=utf-8", "no answer was made\n", {}});
}

void Responder::operator()(Response&& response) {
    if (const Reply reply = std::exchange(m_reply, nullptr))
        reply(std::move(response));
}

Result<Listen> parse_listen(std::string_view text, bool tls) {
    Listen listen;
    listen.tls = tls;
    const std::size_t colon = text.rfind(':');
    std::string_view port = colon == std::string_view::npos ? text : text.substr(colon + 1);
    if (colon != std::string_view::npos && colon > 0)
        listen.host = text.substr(0, colon);
    if (listen.host == "localhost")
        listen.host = "127.0.0.1";
    if (listen.host.size() > 2 && listen.host.front() == '[' && listen.host.back() == ']')
        listen.host = listen.host.substr(1, listen.host.size() - 2);
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), listen.port);
    if (error != std::errc() || end != port.data() + port.size() || listen.port < 0 ||
        listen.port > 65'535)
        return Error{.code = ErrorCode::Usage,
                     .what = "\"" + std::string(text) + "\" is no address to listen at",
                     .advice = "Write HOST:PORT, for example 127.0.0.1:8080."};
    return listen;
}

} // namespace weir::http
