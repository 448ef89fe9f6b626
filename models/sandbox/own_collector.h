// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A collector of this process's own, for synthetic events: it judges them by the demo shop's
// contracts, refuses types without one, and writes raw_events and invalid_events of a sandbox; the
// same that would answer over HTTP.
//
// Thread contract and bound: CollectorFeed's.
#pragma once

#include <memory>
#include <string_view>

#include "models/sandbox/collector_feed.h"

namespace weir::sandbox {

class OwnCollector {
  public:
    /// Errors: those of Outlet::open().
    static Result<std::unique_ptr<OwnCollector>> open(const kafka::SandboxTicket& ticket,
                                                      const OutletOptions& outlet,
                                                      CollectorFeed::Options feed,
                                                      std::chrono::milliseconds timeout);
    ~OwnCollector();
    OwnCollector(const OwnCollector&) = delete;
    OwnCollector& operator=(const OwnCollector&) = delete;

    /// Errors of both: CollectorFeed's.
    Result<void> send(std::string_view event) { return m_feed.send(event); }
    Result<void> finish() { return m_feed.finish(); }

  private:
    OwnCollector(std::unique_ptr<Outlet> outlet, CollectorFeed::Options feed,
                 std::chrono::milliseconds ack_wait);

    const std::unique_ptr<Outlet> m_outlet;
    const std::chrono::milliseconds m_ack_wait;
    Collector m_collector;
    CollectorFeed m_feed;
};

} // namespace weir::sandbox
