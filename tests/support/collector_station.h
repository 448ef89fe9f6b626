// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A collector with a door, on a cluster, and clients that send to it until they are told to stop.
// Thread contract: one thread; a Sender has its own.
#pragma once

#include <atomic>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "connectors/kafka/sandbox/sandbox.h"
#include "models/sandbox/collector.h"
#include "models/sandbox/judge.h"
#include "tests/support/http_client.h"

namespace weir::test {

inline Result<std::unique_ptr<sandbox::Outlet>>
outlet_of(const kafka::ConnectionOptions& connection, sandbox::OutletOptions options = {}) {
    const auto ticket = kafka::prove_sandbox(connection, {}, std::chrono::seconds(30));
    if (!ticket)
        return ticket.error();
    return sandbox::Outlet::open(*ticket, std::move(options), std::chrono::seconds(30));
}

/// The collector with a door, on a cluster.
struct CollectorStation {
    /// Without `judges` everything passes.
    explicit CollectorStation(
        std::unique_ptr<sandbox::Outlet> opened, int port = 0,
        sandbox::CollectorOptions collecting = {},
        sandbox::JudgeMaker judges =
            [] { return std::make_unique<sandbox::PolicyJudge>(sandbox::WithoutContract::Pass); })
        : outlet(std::move(opened)) {
        collector = std::make_unique<sandbox::Collector>(collecting, *outlet, std::move(judges));
        http::ServerOptions options;
        options.listen = {{"127.0.0.1", port, false}};
        server = http::Server::start(options, [this](http::Request&& request,
                                                     http::Responder responder) {
                     collector->handle(std::move(request), std::move(responder));
                 }).value();
    }
    ~CollectorStation() {
        server->drain(std::chrono::seconds(20));
        outlet->flush(std::chrono::seconds(20));
        server.reset();
    }
    int port() const { return port_of(server->urls().front()); }

    std::unique_ptr<sandbox::Outlet> outlet;
    std::unique_ptr<sandbox::Collector> collector;
    std::unique_ptr<http::Server> server;
};

/// Sends batches from one thread until told to stop; sends again what was not taken.
class Sender {
  public:
    /// `padding`: bytes that are added to each event; `sessions`: how many there are.
    Sender(int number, int port, std::size_t padding = 0, int sessions = events_a_batch)
        : m_number(number)
        , m_port(port)
        , m_padding(padding)
        , m_sessions(sessions)
        , m_thread([this] { run(); }) {}
    ~Sender() { stop(); }
    void stop() {
        m_stop = true;
        if (m_thread.joinable())
            m_thread.join();
    }
    std::set<std::string> accepted; // ids that got their 202; read after stop()
    std::atomic<int> taken{0};
    std::atomic<int> refused{0};
    std::atomic<int> broken{0};

  private:
    static constexpr int events_a_batch = 20;
    void run() {
        auto client = std::make_unique<HttpClient>(m_port);
        for (int batch = 0; !m_stop; ++batch) {
            std::string body = "[";
            std::vector<std::string> ids;
            for (int i = 0; i < events_a_batch; ++i) {
                ids.push_back(std::to_string(m_number) + "-" + std::to_string(batch) + "-" +
                              std::to_string(i));
                body += (i > 0 ? ",{\"event_id\":\"" : "{\"event_id\":\"") + ids.back() +
                        "\",\"event_type\":\"x\",\"session_id\":\"s" +
                        std::to_string(i % m_sessions) + "\",\"padding\":\"" +
                        std::string(m_padding, 'x') + "\"}";
            }
            const auto reply = client->post("/events", body + "]");
            if (reply && reply->status == 202) {
                accepted.insert(ids.begin(), ids.end());
                ++taken;
            } else if (reply && reply->status == 503) {
                ++refused;
            } else {
                ++broken;
                client = std::make_unique<HttpClient>(m_port);
            }
            if (!reply || reply->status != 202)
                std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
    }
    const int m_number;
    const int m_port;
    const std::size_t m_padding;
    const int m_sessions;
    std::atomic<bool> m_stop{false};
    std::thread m_thread;
};

} // namespace weir::test
