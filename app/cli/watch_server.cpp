// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/watch_server.h"

#include "connectors/http/open_metrics.h"
#include "models/event/fold/fold.h"

namespace weir::cli {

namespace {

using PageClock = std::chrono::steady_clock;

struct PublishedPage {
    std::string page;
    std::string status;
    PageClock::time_point at = PageClock::now();
};

http::Response text_answer(int status, std::string text) {
    http::Response response;
    response.status = status;
    response.content_type = "text/plain; charset=utf-8";
    response.body = std::move(text);
    return response;
}

} // namespace

struct WatchServer::Shared {
    Published<PublishedPage> newest;
    std::chrono::milliseconds stale_after{0};

    http::Response answer(const http::Request& question) const {
        const bool metrics = question.path == "/metrics";
        if (!metrics && question.path != "/health")
            return text_answer(404, "there are /metrics and /health\n");
        if (question.method != "GET" && question.method != "HEAD") {
            http::Response refused = text_answer(405, "it can only be read\n");
            refused.headers.push_back({"Allow", "GET, HEAD"});
            return refused;
        }
        const std::shared_ptr<const PublishedPage> page = newest.get();
        return metrics ? page_of(*page) : health_of(*page);
    }

  private:
    static http::Response page_of(const PublishedPage& page) {
        http::Response response;
        response.content_type = http::open_metrics_type;
        response.body = page.page;
        return response;
    }
    http::Response health_of(const PublishedPage& page) const {
        const bool stale = PageClock::now() - page.at > stale_after;
        const std::string status = stale ? "stale" : page.status;
        http::Response response;
        response.status = status == "ok" ? 200 : 503;
        response.content_type = "application/json";
        response.body = "{\"status\":\"" + status + "\"}\n";
        return response;
    }
};

WatchServer::WatchServer(std::shared_ptr<Shared> shared, std::unique_ptr<http::Server> server)
    : m_shared(std::move(shared))
    , m_server(std::move(server)) {}

Result<std::unique_ptr<WatchServer>> WatchServer::start(const http::Listen& listen,
                                                        std::string page,
                                                        std::chrono::milliseconds stale_after) {
    auto shared = std::make_shared<Shared>();
    shared->stale_after = stale_after;
    shared->newest.set(
        std::make_shared<const PublishedPage>(PublishedPage{std::move(page), "starting"}));
    http::ServerOptions options;
    options.listen = {listen};
    options.threads = 1;
    options.limits.connections = connections_max;
    options.limits.header_bytes = options.limits.body_bytes = options.limits.inflated_bytes = 4u
                                                                                              << 10;
    auto server = http::Server::start(std::move(options),
                                      [shared](http::Request&& question, http::Responder respond) {
                                          respond(shared->answer(question));
                                      });
    if (!server)
        return server.error();
    return std::unique_ptr<WatchServer>(new WatchServer(std::move(shared), *std::move(server)));
}

void WatchServer::publish(std::string page, std::string status) {
    m_shared->newest.set(
        std::make_shared<const PublishedPage>(PublishedPage{std::move(page), std::move(status)}));
}

std::string WatchServer::url() const {
    return m_server->urls().front() + "/metrics";
}

} // namespace weir::cli
