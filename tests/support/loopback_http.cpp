// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/loopback_http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace weir::test {
namespace {

constexpr std::size_t request_bytes_max = 64 * 1024;

std::size_t body_size(const std::string& request) {
    const std::string mark = "Content-Length: ";
    const std::size_t at = request.find(mark);
    return at == std::string::npos ? 0 : std::stoul(request.substr(at + mark.size()));
}

std::string read_request(int connection) {
    std::string request;
    char buffer[4096];
    while (request.size() < request_bytes_max) {
        const std::size_t head = request.find("\r\n\r\n");
        if (head != std::string::npos && request.size() >= head + 4 + body_size(request))
            break;
        const ssize_t got = recv(connection, buffer, sizeof buffer, 0);
        if (got <= 0)
            break;
        request.append(buffer, static_cast<std::size_t>(got));
    }
    return request;
}

} // namespace

LoopbackHttp::LoopbackHttp()
    : m_socket(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    bind(m_socket, reinterpret_cast<sockaddr*>(&address), size);
    listen(m_socket, 8);
    getsockname(m_socket, reinterpret_cast<sockaddr*>(&address), &size);
    m_port = ntohs(address.sin_port);
    answer(404, "");
    m_thread = std::thread([this] { serve(); });
}

LoopbackHttp::~LoopbackHttp() {
    shutdown(m_socket, SHUT_RDWR); // wakes accept()
    m_thread.join();
    close(m_socket);
}

std::string LoopbackHttp::url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(m_port) + path;
}

void LoopbackHttp::answer(int status, const std::string& body, const std::string& more_headers) {
    const std::lock_guard lock(m_mutex);
    m_answer = "HTTP/1.1 " + std::to_string(status) + " x\r\nConnection: close\r\n" + more_headers +
               "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::vector<std::string> LoopbackHttp::requests() const {
    const std::lock_guard lock(m_mutex);
    return m_requests;
}

void LoopbackHttp::serve() {
    for (int connection; (connection = accept(m_socket, nullptr, nullptr)) >= 0;) {
        const timeval limit{5, 0};
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        const std::string request = read_request(connection);
        std::string answer;
        {
            const std::lock_guard lock(m_mutex);
            m_requests.push_back(request);
            answer = m_answer;
        }
        std::size_t sent = 0;
        while (sent < answer.size()) {
            const ssize_t some =
                send(connection, answer.data() + sent, answer.size() - sent, MSG_NOSIGNAL);
            if (some <= 0)
                break;
            sent += static_cast<std::size_t>(some);
        }
        close(connection);
    }
}

} // namespace weir::test
