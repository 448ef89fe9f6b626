// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/backlog_session_source.h"

namespace weir {

namespace {

/// A window that closes waits for the answer that is under way.
constexpr std::chrono::milliseconds answer_timeout{4'000};

} // namespace

std::vector<std::string> BacklogSessionSource::connections() const {
    std::vector<std::string> names;
    for (const Watched& one : m_host.watched())
        if (one.cluster)
            names.push_back(one.connection);
    return names;
}

std::shared_ptr<const BacklogSnapshot>
BacklogSessionSource::snapshot(const std::string& connection) {
    const Watched* const one = m_host.watched(connection);
    if (one == nullptr || !one->cluster) {
        m_watches.erase(connection);
        return nullptr;
    }
    Watching& known = m_watches[connection];
    if (known.cluster.lock() != one->cluster) {
        BacklogOptions options;
        options.timeout = answer_timeout;
        if (const auto workspace = m_host.workspace())
            for (const StageSpec& stage : workspace->stages)
                if (!stage.consumer_group.empty())
                    options.known.push_back(stage.consumer_group);
        known.cluster = one->cluster;
        known.watch = std::make_unique<BacklogWatch>(one->cluster, std::move(options));
    }
    return known.watch->snapshot();
}

void BacklogSessionSource::setFocus(const std::string& connection,
                                    std::vector<std::string> groups) {
    if (const auto known = m_watches.find(connection); known != m_watches.end())
        known->second.watch->set_focus(std::move(groups));
}

void BacklogSessionSource::openRecord(const std::string& connection,
                                      const kafka::TopicPartition& at, Offset offset) {
    const Watched* const one = m_host.watched(connection);
    if (one == nullptr || !one->cluster)
        return;
    m_opener.open(one->cluster, at, offset, [session = m_host.shared_session(), connection] {
        return session->make_decoder(connection);
    });
}

std::shared_ptr<const DisclosurePolicy>
BacklogSessionSource::disclosure(const std::string& connection) const {
    return m_host.session() ? m_host.session()->disclosure(connection) : nullptr;
}

std::unique_ptr<Decoder> BacklogSessionSource::decoder(const std::string& connection) const {
    return m_host.session() ? m_host.session()->make_decoder(connection) : nullptr;
}

std::unique_ptr<EventChecker> BacklogSessionSource::checker() const {
    return m_host.session() ? m_host.session()->make_checker() : nullptr;
}

} // namespace weir
