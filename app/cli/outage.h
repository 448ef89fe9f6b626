// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a reader of a stream is told of partitions that fail and recover: one line for an outage,
// however many partitions it takes, and one for its end.
//
// Thread contract: any thread. Bound: one entry a partition; what comes within `settle` is one
// line.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "app/cli/console.h"
#include "connectors/base/record.h"

namespace weir::cli {

class Outage {
  public:
    using Clock = std::chrono::steady_clock;
    static constexpr std::chrono::milliseconds settle{300};
    /// What reads again waits so long for the rest of the outage, to be told with it.
    static constexpr std::chrono::milliseconds settle_partly{5'000};

    /// `cause`: why the connection does not answer, in one sentence; empty: it does.
    Outage(Console& console, std::function<std::string()> cause)
        : m_console(console)
        , m_cause(std::move(cause)) {}

    /// Failed, or anything that ends a failure: Recovered, Recreated, Cut, Gone.
    void take(const PartitionEvent& event, Clock::time_point now = Clock::now());
    /// Says what has settled. To be called every so often.
    void tell(Clock::time_point now = Clock::now());

  private:
    struct Failing {
        std::string text;
        bool told = false;
        bool later = false; // of an outage that had been told already
        bool over = false;  // but that it failed was told
        Offset next;        // where reading goes on, once over
    };
    bool goes_on() const; // some that was told still fails
    void tell_failures();
    void tell_recoveries();

    Console& m_console;
    const std::function<std::string()> m_cause;
    std::mutex m_mutex;
    std::map<std::string, Failing> m_failing; // by topic/partition
    Clock::time_point m_changed;
    bool m_news = false;
};

} // namespace weir::cli
