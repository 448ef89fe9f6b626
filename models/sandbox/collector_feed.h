// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Hands events to a collector of this process, one a request, as clients do over HTTP: in their
// order, and again, before any later one, where it cannot take one for now (429, 503).
//
// Thread contract: one owner. Bound: waiting_max events that are not acknowledged; what is refused
// for now is handed in again until nothing has moved for `silence_max`.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "connectors/base/result.h"
#include "models/sandbox/collector.h"

namespace weir::sandbox {

class CollectorFeed {
  public:
    static constexpr std::size_t waiting_max = 20'000;

    struct Options {
        std::chrono::milliseconds silence_max{60'000};
        std::function<bool()> gone = [] { return false; }; // nobody waits for it any longer
    };

    /// `collector` and its outlet must outlive the last answer: Outlet::flush() tells.
    CollectorFeed(Collector& collector, Options options);
    ~CollectorFeed();

    /// Waits while too many are not acknowledged. Errors of both: Connection (nothing moved for too
    /// long, or the collector answers what it should not).
    Result<void> send(std::string_view event);
    /// All are acknowledged, or refused for good.
    Result<void> finish();

  private:
    struct Answers;
    using Body = std::shared_ptr<const std::string>;
    void hand_in(std::uint64_t number, Body body);
    void hand_in_again();
    Result<void> settle(std::size_t most);
    std::size_t open() const;

    Collector& m_collector;
    const Options m_options;
    const std::shared_ptr<Answers> m_answers;
    std::uint64_t m_sent = 0;
};

} // namespace weir::sandbox
