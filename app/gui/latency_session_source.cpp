// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/latency_session_source.h"

namespace weir {

std::vector<LatencySeen> LatencySessionSource::seen() const {
    std::vector<LatencySeen> all;
    for (const Watched& one : m_host.watched())
        if (one.live)
            all.push_back(one.live->latency());
    return all;
}

QString LatencySessionSource::partial() const {
    const LiveStatus live = m_live.status();
    return live.state == LiveStatus::State::Stale ? live.reason : live.partial;
}

} // namespace weir
