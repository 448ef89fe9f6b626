// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What weir watch serves to Prometheus: a look as a page of OpenMetrics. Counters count from the
// start of the process on and never go back, also where what they are read from lets go of what is
// old; a reason that has a counter keeps it.
// Thread contract: one owner. Bound: the workspace's stages; WatchLook::partitions_max partitions
// of groups, the worst first; ways_max ways of latency, reasons_max reasons, findings_max findings.
// What is beyond is counted (weir_left_out), of reasons under "(other)".
#pragma once

#include <map>
#include <set>
#include <string>

#include "app/cli/watch_look.h"
#include "connectors/http/open_metrics.h"

namespace weir::cli {

class WatchPage {
  public:
    static constexpr std::size_t ways_max = 500;
    static constexpr std::size_t reasons_max = 100;
    static constexpr std::size_t findings_max = 500;

    std::string render(const WatchLook& look);
    /// Before anything is known: that nothing is.
    static std::string nothing_yet(const std::string& connection);

  private:
    struct Total {
        std::uint64_t told = 0;
        std::uint64_t last = 0;
    };
    /// What is told of `key` now that `count` is read: what it grew by is added.
    std::uint64_t grown(const std::string& key, std::uint64_t count);

    void add_reading(const WatchLook& look, http::OpenMetrics& page) const;
    void add_flow(const WatchLook& look, http::OpenMetrics& page);
    void add_latency(const WatchLook& look, http::OpenMetrics& page);
    void add_invalid(const WatchLook& look, http::OpenMetrics& page);
    static void add_groups(const WatchLook& look, http::OpenMetrics& page);
    void add_findings(const WatchLook& look, http::OpenMetrics& page);

    std::map<std::string, Total> m_totals;
    std::set<std::string> m_reasons; // keys of those that have a counter
    std::map<std::string, std::uint64_t> m_left_out;
};

} // namespace weir::cli
