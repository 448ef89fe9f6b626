// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Serves the newest page of metrics and how the watch is. A question gets what was last published,
// and waits for nothing; whoever asks cannot make reading slower.
// Thread contract: one owner; questions come on the server's thread. Bound: connections_max
// connections, 4 kB a question.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "connectors/base/result.h"
#include "connectors/http/server.h"

namespace weir::cli {

class WatchServer {
  public:
    static constexpr std::size_t connections_max = 64;

    /// `page`: until the first one is published. What is older than `stale_after` is told as stale.
    /// Errors: Server::start()'s.
    static Result<std::unique_ptr<WatchServer>> start(const http::Listen& listen, std::string page,
                                                      std::chrono::milliseconds stale_after);

    /// `status`: "ok", or what is wrong.
    void publish(std::string page, std::string status);
    /// Where the metrics are.
    std::string url() const;

  private:
    struct Shared;
    WatchServer(std::shared_ptr<Shared> shared, std::unique_ptr<http::Server> server);

    const std::shared_ptr<Shared> m_shared;
    const std::unique_ptr<http::Server> m_server;
};

} // namespace weir::cli
