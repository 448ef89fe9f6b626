// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One connection to an HTTP server on the loopback, driven byte by byte where a test wants to be
// rude. Thread contract: one thread. Bound: every read gives up after its limit.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace weir::test {

struct HttpReply {
    int status = 0;
    std::string head; // status line and headers, as they came
    std::string body;
    /// A header's value, by its name as it is written; "" if there is none.
    std::string header(const std::string& name) const;
};

class HttpClient {
  public:
    explicit HttpClient(int port);
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    bool connected() const { return m_socket >= 0; }
    /// False: the other side has gone.
    bool send(std::string_view bytes);
    /// Nothing: no whole answer came within the limit. `bodiless`: to a HEAD.
    std::optional<HttpReply> read(std::chrono::seconds limit = std::chrono::seconds(30),
                                  bool bodiless = false);
    /// Whether the server ends the connection within the limit.
    bool ended(std::chrono::seconds limit = std::chrono::seconds(30));

    std::optional<HttpReply> get(const std::string& path);
    std::optional<HttpReply> post(const std::string& path, std::string_view body,
                                  const std::string& headers = {});

  private:
    bool fill(std::chrono::steady_clock::time_point deadline);
    int m_socket = -1;
    std::string m_buffer;
};

/// The port in "http://127.0.0.1:8080".
int port_of(const std::string& url);

} // namespace weir::test
