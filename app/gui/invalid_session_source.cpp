// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/invalid_session_source.h"

namespace weir {

InvalidSeen InvalidSessionSource::seen() const {
    InvalidSeen all;
    for (const Watched& one : m_host.watched())
        if (one.live) {
            InvalidSeen seen = one.live->invalid();
            all.lanes.insert(all.lanes.end(), seen.lanes.begin(), seen.lanes.end());
        }
    return all;
}

QString InvalidSessionSource::partial() const {
    const LiveStatus live = m_live.status();
    return live.state == LiveStatus::State::Stale ? live.reason : live.partial;
}

} // namespace weir
