// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/backlog_session_source.h"

namespace weir {

std::vector<std::string> BacklogSessionSource::connections() const {
    std::vector<std::string> names;
    for (const Watched& one : m_host.watched())
        if (one.cluster)
            names.push_back(one.connection);
    return names;
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
