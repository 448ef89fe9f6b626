// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the Overview sees of the session that the window keeps.
// Thread contract: GUI thread only; nothing here blocks. REQUIRES: the host outlives it.
#pragma once

#include "app/gui/backlog_session_source.h"
#include "widgets/overview/overview_source.h"

namespace weir {

class OverviewSessionSource : public OverviewSource {
  public:
    explicit OverviewSessionSource(SessionHost& host)
        : m_host(host)
        , m_live(host) {}

    OverviewInput input() override;
    QString partial() const override;
    std::vector<WatchedTime> watched() const override { return m_host.watchedTimes(); }
    CommandTarget commandTarget(const std::string& connection) const override {
        return m_live.commandTarget(connection);
    }

  private:
    SessionHost& m_host;
    LiveSessionSource m_live; // what all views see in the same way
};

} // namespace weir
