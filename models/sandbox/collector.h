// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The collector: HTTP requests become judged events, good ones go to `raw_events`, refused ones to
// `invalid_events`, and the client is answered once the broker has acknowledged all of them. It
// never answers 202 for an event that is not written; what it cannot take now it refuses whole
// (429 over the source's rate, 503 without room or broker), with Retry-After, and nothing of it is
// written. That cannot be promised once writing has begun: a 503 of a broker that fails amid a
// batch leaves in doubt what of it is written (see Outlet), and the client sends all of it again.
// An event that the broker will never take, for its size, is refused alone, so that nobody sends it
// for ever. A request that no event can be read from counts as one that is refused, and is kept
// like one.
//
// Thread contract: handle() from several threads at once; it waits for nothing. Bound: BatchLimits,
// the outlet's, MicroLimits.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "connectors/http/server.h"
#include "models/sandbox/answers.h"
#include "models/sandbox/batch.h"
#include "models/sandbox/decode_request.h"
#include "models/sandbox/metrics.h"
#include "models/sandbox/micro_store.h"
#include "models/sandbox/outlet.h"
#include "models/sandbox/rate_limiter.h"

namespace weir::sandbox {

struct CollectorOptions {
    BatchLimits batch;
    RateLimit rate;
    MicroLimits micro;
};

class Collector {
  public:
    /// `outlet` and what `stats` looks at must outlive the collector's last answer.
    Collector(CollectorOptions options, Outlet& outlet, JudgeMaker judges);
    ~Collector();
    Collector(const Collector&) = delete;
    Collector& operator=(const Collector&) = delete;

    void handle(http::Request&& request, http::Responder responder);
    CollectorCounts counts() const { return m_metrics.counts(); }
    /// For GET /metrics; null: the server's own figures are left out.
    void set_server_stats(std::function<http::ServerStats()> stats);
    /// Appends what else GET /metrics is to tell; null: nothing.
    void set_more_metrics(std::function<void(http::OpenMetrics&)> append);

  private:
    struct JudgeLease;
    void collect(Door door, std::string_view call, http::Request&& request,
                 http::Responder responder);
    void decode(Batch& batch, Door door, std::string_view call);
    bool read_events(Batch& batch, Door door, std::string_view call, Unreadable& why);
    double over_rate(const Batch& batch);
    using Answer = std::shared_ptr<http::Responder>;
    void write(const std::shared_ptr<Batch>& batch, Door door, const Answer& answer);
    void keep_too_large(const std::shared_ptr<Batch>& batch, const std::vector<std::size_t>& which,
                        Door door, const Answer& answer);
    void respond(const std::shared_ptr<const Batch>& batch, Door door, Written how,
                 const Answer& answer);
    http::Response written(const std::shared_ptr<const Batch>& batch, Door door, Written how);
    http::Response ask(const http::Request& request);
    http::Response metrics() const;
    http::Response health() const;

    const CollectorOptions m_options;
    Outlet& m_outlet;
    const JudgeMaker m_make_judge;
    std::mutex m_judges_mutex;
    std::vector<std::unique_ptr<Judge>> m_judges; // idle ones
    RateLimiter m_limiter;
    Metrics m_metrics;
    MicroStore m_micro;
    mutable std::mutex m_stats_mutex;
    std::function<http::ServerStats()> m_server_stats;
    std::function<void(http::OpenMetrics&)> m_more_metrics;
};

} // namespace weir::sandbox
