// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/backlog_watches.h"

#include <algorithm>

#include "app/gui/session_host.h"

namespace weir {

namespace {

/// A window that closes waits for the answer that is under way.
constexpr std::chrono::milliseconds answer_timeout{4'000};

} // namespace

std::shared_ptr<const BacklogSnapshot> BacklogWatches::snapshot(const SessionHost& host,
                                                                const std::string& connection) {
    const Watched* const one = host.watched(connection);
    if (one == nullptr || !one->cluster) {
        m_watches.erase(connection);
        return nullptr;
    }
    Watching& known = m_watches[connection];
    if (known.cluster.lock() != one->cluster) {
        BacklogOptions options;
        options.timeout = answer_timeout;
        if (const auto workspace = host.workspace())
            for (const StageSpec& stage : workspace->stages)
                if (!stage.consumer_group.empty())
                    options.known.push_back(stage.consumer_group);
        known.cluster = one->cluster;
        known.stages = options.known;
        known.watch = std::make_unique<BacklogWatch>(one->cluster, std::move(options));
        known.watch->set_focus(known.stages);
    }
    return known.watch->snapshot();
}

void BacklogWatches::setFocus(const std::string& connection, std::vector<std::string> groups) {
    const auto known = m_watches.find(connection);
    if (known == m_watches.end())
        return;
    for (const std::string& group : known->second.stages)
        if (std::find(groups.begin(), groups.end(), group) == groups.end())
            groups.push_back(group);
    known->second.watch->set_focus(std::move(groups));
}

} // namespace weir
