// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/overview_session_source.h"

namespace weir {

OverviewInput OverviewSessionSource::input() {
    OverviewInput input;
    if (const auto workspace = m_host.workspace())
        input.stages = workspace->stages;
    input.vocabulary = m_live.vocabulary();
    input.disclosure = m_live.disclosure();
    for (const Watched& one : m_host.watched()) {
        if (!one.live)
            continue;
        input.flow.push_back(one.live->flow());
        input.latency.push_back(one.live->latency());
        input.invalid[one.connection] = one.live->invalid();
        input.backlog[one.connection] = m_host.backlogs().snapshot(m_host, one.connection);
    }
    if (!input.disclosure)
        input.vocabulary = nullptr;
    return input;
}

QString OverviewSessionSource::partial() const {
    const LiveStatus live = m_live.status();
    return live.state == LiveStatus::State::Stale ? live.reason : live.partial;
}

} // namespace weir
