// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/micro_store.h"

#include <algorithm>

namespace weir::sandbox {

namespace {

/// An event's share of what its batch holds: a batch is freed with the last of its events.
std::size_t share_of(const MicroEvent& event) {
    const Batch& batch = *event.batch;
    const std::size_t bytes = batch.request.body.capacity() + batch.text.capacity() +
                              batch.made.capacity() + batch.events.size() * sizeof(JudgedEvent);
    return bytes / batch.events.size() + 1;
}

} // namespace

bool MicroStore::in_scope(const MicroEvent& event, const std::string& scope) {
    return event.batch->scope == scope || event.event().source == scope;
}

void MicroStore::count(const std::string& scope, bool good) {
    if (scope.empty())
        return;
    auto found = m_scopes.find(scope);
    if (found == m_scopes.end()) {
        if (m_scopes.size() >= scopes_max)
            return;
        found = m_scopes.try_emplace(scope).first;
    }
    ++(good ? found->second.good : found->second.bad);
}

void MicroStore::trim(std::deque<MicroEvent>& events) {
    while (!events.empty() && (events.size() > m_limits.events || m_bytes > m_limits.bytes)) {
        m_bytes -= share_of(events.front());
        events.pop_front();
    }
}

void MicroStore::add(const std::shared_ptr<const Batch>& batch) {
    const std::lock_guard lock(m_mutex);
    for (std::size_t i = 0; i < batch->events.size(); ++i) {
        const JudgedEvent& event = batch->events[i];
        const bool good = event.good();
        ++(good ? m_all.good : m_all.bad);
        count(event.source, good);
        if (batch->scope != event.source)
            count(batch->scope, good);
        if (m_limits.events == 0)
            continue;
        (good ? m_good : m_bad).push_back({batch, i});
        m_bytes += share_of({batch, i});
    }
    trim(m_good); // good ones make room first: those that failed are looked for longer
    trim(m_bad);
}

MicroCounts MicroStore::counts(const std::optional<std::string>& scope) const {
    const std::lock_guard lock(m_mutex);
    if (!scope)
        return m_all;
    const auto found = m_scopes.find(*scope);
    return found == m_scopes.end() ? MicroCounts() : found->second;
}

std::vector<MicroEvent> MicroStore::events(bool good,
                                           const std::optional<std::string>& scope) const {
    const std::lock_guard lock(m_mutex);
    std::vector<MicroEvent> found;
    for (const MicroEvent& event : good ? m_good : m_bad)
        if (!scope || in_scope(event, *scope))
            found.push_back(event);
    return found;
}

void MicroStore::reset(const std::optional<std::string>& scope) {
    const std::lock_guard lock(m_mutex);
    for (auto* events : {&m_good, &m_bad}) {
        const auto gone =
            std::stable_partition(events->begin(), events->end(), [&](const MicroEvent& event) {
                return scope && !in_scope(event, *scope);
            });
        for (auto it = gone; it != events->end(); ++it)
            m_bytes -= share_of(*it);
        events->erase(gone, events->end());
    }
    if (!scope) {
        m_all = {};
        m_scopes.clear();
    } else if (const auto found = m_scopes.find(*scope); found != m_scopes.end()) {
        m_all.good -= std::min(m_all.good, found->second.good);
        m_all.bad -= std::min(m_all.bad, found->second.bad);
        m_scopes.erase(found);
    }
}

} // namespace weir::sandbox
