// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the Latency view sees of the session that the window keeps.
// Thread contract: GUI thread only; nothing here blocks. REQUIRES: the host outlives it.
#pragma once

#include "app/gui/live_session_source.h"
#include "widgets/latency/latency_source.h"

namespace weir {

class LatencySessionSource : public LatencySource {
  public:
    explicit LatencySessionSource(SessionHost& host)
        : m_host(host)
        , m_live(host) {}

    std::vector<LatencySeen> seen() const override;
    std::shared_ptr<const Vocabulary> vocabulary() const override { return m_live.vocabulary(); }
    std::shared_ptr<const DisclosurePolicy> disclosure() const override {
        return m_live.disclosure();
    }
    QString partial() const override;
    std::vector<WatchedTime> watched() const override { return m_host.watchedTimes(); }
    CommandTarget commandTarget(const std::string& connection) const override {
        return m_live.commandTarget(connection);
    }

  private:
    SessionHost& m_host;
    LiveSessionSource m_live; // what both views see in the same way
};

} // namespace weir
