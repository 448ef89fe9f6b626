// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/http_client.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace weir::test {

std::string HttpReply::header(const std::string& name) const {
    const std::size_t at = head.find("\r\n" + name + ": ");
    if (at == std::string::npos)
        return {};
    const std::size_t begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
}

HttpClient::HttpClient(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    m_socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(m_socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(m_socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        ::close(m_socket);
        m_socket = -1;
    }
}

HttpClient::~HttpClient() {
    if (m_socket >= 0)
        ::close(m_socket);
}

bool HttpClient::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

/// Some more bytes; false: the end, or the limit.
bool HttpClient::fill(std::chrono::steady_clock::time_point deadline) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd waiting{m_socket, POLLIN, 0};
    if (::poll(&waiting, 1, static_cast<int>(std::max<std::int64_t>(0, left.count()))) != 1)
        return false;
    std::array<char, 65536> bytes{};
    const ssize_t size = ::recv(m_socket, bytes.data(), bytes.size(), 0);
    if (size <= 0)
        return false;
    m_buffer.append(bytes.data(), static_cast<std::size_t>(size));
    return true;
}

std::optional<HttpReply> HttpClient::read(std::chrono::seconds limit, bool bodiless) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    std::size_t end = 0;
    while ((end = m_buffer.find("\r\n\r\n")) == std::string::npos)
        if (!fill(deadline))
            return std::nullopt;
    HttpReply reply;
    reply.head = m_buffer.substr(0, end + 2);
    reply.status = std::atoi(reply.head.c_str() + std::min<std::size_t>(9, reply.head.size()));
    const std::string length = reply.header("Content-Length");
    const std::size_t size =
        bodiless || length.empty() ? 0 : static_cast<std::size_t>(std::atoll(length.c_str()));
    while (m_buffer.size() < end + 4 + size)
        if (!fill(deadline))
            return std::nullopt;
    reply.body = m_buffer.substr(end + 4, size);
    m_buffer.erase(0, end + 4 + size);
    return reply;
}

bool HttpClient::ended(std::chrono::seconds limit) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    while (fill(deadline)) {
    }
    return std::chrono::steady_clock::now() < deadline;
}

std::optional<HttpReply> HttpClient::get(const std::string& path) {
    if (!send("GET " + path + " HTTP/1.1\r\nHost: test\r\n\r\n"))
        return std::nullopt;
    return read();
}

std::optional<HttpReply> HttpClient::post(const std::string& path, std::string_view body,
                                          const std::string& headers) {
    if (!send("POST " + path + " HTTP/1.1\r\nHost: test\r\nContent-Length: " +
              std::to_string(body.size()) + "\r\n" + headers + "\r\n") ||
        !send(body))
        return std::nullopt;
    return read();
}

int port_of(const std::string& url) {
    return std::atoi(url.substr(url.rfind(':') + 1).c_str());
}

} // namespace weir::test
