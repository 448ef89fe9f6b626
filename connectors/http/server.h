// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An HTTP/1.1 server: requests in, answers out, at any later time and from any thread. Keep-alive,
// pipelining (answered in order, one at a time a connection), HEAD, gzip, TLS.
//
// What a client can do to it is bounded: the size of header, body and inflated body, all bodies
// together, the connections, and the time for the whole of a request, for an idle connection and
// for taking an answer. Whoever is slow waits alone; over a limit is an answer (413, 431, 503) or
// the connection's end, and counted.
//
// Thread contract: the handler runs on the server's threads, several at once, and must not wait; a
// Responder may be used from any thread; everything else from one thread. Bound: Limits.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "connectors/base/result.h"
#include "connectors/http/message.h"

namespace weir::http {

struct Limits {
    std::size_t header_bytes = 32u << 10;
    std::size_t body_bytes = 4u << 20;      // as sent
    std::size_t inflated_bytes = 16u << 20; // of one body
    std::size_t held_bytes = 256u << 20;    // of all bodies that are not answered yet
    std::size_t connections = 4000;
    std::chrono::milliseconds request{20'000}; // from its first byte to its last
    std::chrono::milliseconds idle{75'000};    // between two requests
    std::chrono::milliseconds answer{20'000};  // for the client to take it
};

struct Listen {
    std::string host = "127.0.0.1"; // a numeric address
    int port = 0;                   // 0: any that is free
    bool tls = false;
};

/// "8080", "HOST:PORT", "[::1]:8080". Errors: Usage.
Result<Listen> parse_listen(std::string_view text, bool tls);

struct ServerStats {
    std::uint64_t connections = 0; // ever
    std::uint64_t open = 0;        // now
    std::uint64_t turned_away = 0; // over the limit of connections
    std::uint64_t requests = 0;    // handed to the handler
    std::uint64_t malformed = 0;   // no HTTP, or no body as announced
    std::uint64_t too_large = 0;
    std::uint64_t no_room = 0; // bodies over held_bytes
    std::uint64_t timed_out = 0;
    std::uint64_t held_bytes = 0; // now
};

/// The right to answer one request, once. Dropped without an answer it answers 500.
class Responder {
  public:
    using Reply = std::function<void(Response&&)>;
    explicit Responder(Reply reply)
        : m_reply(std::move(reply)) {}
    Responder(Responder&& other) noexcept
        : m_reply(std::exchange(other.m_reply, nullptr)) {}
    Responder& operator=(Responder&&) = delete;
    Responder(const Responder&) = delete;
    Responder& operator=(const Responder&) = delete;
    ~Responder();
    void operator()(Response&& response);

  private:
    Reply m_reply;
};

using Handler = std::function<void(Request&&, Responder)>;
/// Adds to the server's own answer to a request that it refuses, e.g. for browsers. The request is
/// without its body, and as far as it was read. On the server's threads.
using Refused = std::function<void(const Request&, Response&)>;

struct ServerOptions {
    std::vector<Listen> listen;
    std::string certificate_file; // PEM, with its chain; empty: one is generated for localhost
    std::string key_file;
    Limits limits;
    int threads = 2;
    Refused refused; // empty: nothing is added
};

class Server {
  public:
    /// Errors: Config (address, certificate), Io (the port is taken), Internal.
    static Result<std::unique_ptr<Server>> start(ServerOptions options, Handler handler);
    /// Breaks off what drain() did not see to its end.
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// "http://127.0.0.1:8080", in the order of ServerOptions::listen.
    const std::vector<std::string>& urls() const;
    /// SHA-256 of the certificate, "AB:CD:…"; empty without TLS.
    const std::string& fingerprint() const;
    ServerStats stats() const;

    /// Takes no further connection and no further request, breaks off those that are not whole yet,
    /// and waits until all that were taken are answered. False: some were not within `timeout`.
    bool drain(std::chrono::milliseconds timeout);

  private:
    struct Private;
    explicit Server(std::unique_ptr<Private> p);
    std::unique_ptr<Private> d;
};

} // namespace weir::http
