// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/micro_store.h"

#include <algorithm>

namespace weir::sandbox {

namespace {

std::size_t bytes_of(const http::Request& request) {
    std::size_t bytes = request.body.capacity() + request.path.capacity() +
                        request.query.capacity() +
                        request.headers.capacity() * sizeof(http::Header);
    for (const http::Header& header : request.headers)
        bytes += header.name.capacity() + header.value.capacity();
    return bytes;
}

std::size_t bytes_of(const JudgedEvent& event) {
    std::size_t bytes = event.type.capacity() + event.source.capacity() + event.key.capacity() +
                        event.violations.capacity() * sizeof(Violation);
    for (const Violation& violation : event.violations)
        bytes += violation.pointer.capacity() + violation.within.capacity() +
                 violation.expected.capacity() + violation.found.capacity() +
                 violation.remedy.capacity() + violation.rule.capacity();
    return bytes;
}

std::size_t bytes_of(const Batch& batch) {
    std::size_t bytes = sizeof(Batch) + bytes_of(batch.request) + batch.text.capacity() +
                        batch.made.capacity() + batch.events.capacity() * sizeof(JudgedEvent);
    for (const JudgedEvent& event : batch.events)
        bytes += bytes_of(event);
    return bytes;
}

/// What is bad of a batch that is not all bad, by itself: it is kept for longer than the good.
std::shared_ptr<const Batch> bad_ones_of(const Batch& batch) {
    const auto bad = std::make_shared<Batch>();
    std::string& body = bad->request.body;
    std::size_t bytes = 0;
    for (const JudgedEvent& event : batch.events)
        bytes += event.good() ? 0 : event.original.size();
    body.reserve(bytes); // views only into a text that does not move
    bad->request.method = batch.request.method;
    bad->request.path = batch.request.path;
    bad->request.query = batch.request.query;
    bad->request.headers = batch.request.headers;
    bad->request.remote = batch.request.remote;
    bad->request.secure = batch.request.secure;
    bad->request.received = batch.request.received;
    bad->dialect = batch.dialect;
    bad->received_time = batch.received_time;
    bad->scope = batch.scope;
    for (const JudgedEvent& event : batch.events) {
        if (event.good())
            continue;
        JudgedEvent& copy = bad->events.emplace_back(event);
        const std::size_t begin = body.size();
        body.append(event.original);
        copy.original = std::string_view(body).substr(begin);
    }
    return bad;
}

bool in_scope(const Batch& batch, const JudgedEvent& event, const std::string& scope) {
    return batch.scope == scope || event.source == scope;
}

} // namespace

void MicroStore::count(const JudgedEvent& event, std::string_view test) {
    const bool good = event.good();
    ++(good ? m_all.good : m_all.bad);
    const std::pair<std::string_view, std::string_view> scopes(event.source, test);
    auto found = m_scopes.find(scopes);
    if (found == m_scopes.end()) {
        if (m_scopes.size() >= scopes_max)
            return;
        found = m_scopes.try_emplace(Scopes(scopes)).first;
    }
    ++(good ? found->second.good : found->second.bad);
}

void MicroStore::let_go(const Entry& entry) {
    if (--entry.kept->events == 0)
        m_bytes -= entry.kept->bytes;
}

void MicroStore::trim(std::deque<Entry>& events) {
    while (!events.empty() && (events.size() > m_limits.events || m_bytes > m_limits.bytes)) {
        let_go(events.front());
        events.pop_front();
    }
}

void MicroStore::add(const std::shared_ptr<const Batch>& batch) {
    const std::size_t good = batch->good_count();
    const bool mixed = good > 0 && good < batch->events.size() && m_limits.events > 0;
    const auto bad = mixed ? bad_ones_of(*batch) : nullptr;
    const std::size_t bytes = bytes_of(*batch);
    const std::lock_guard lock(m_mutex);
    for (const JudgedEvent& event : batch->events)
        count(event, batch->scope);
    if (m_limits.events == 0)
        return;
    if (good > 0)
        keep(batch, bytes, true);
    if (good == 0)
        keep(batch, bytes, false);
    else if (bad)
        keep(bad, bytes_of(*bad), false);
    trim(m_good); // good ones make room first: those that failed are looked for longer
    trim(m_bad);
}

/// Its good events, or its bad ones.
void MicroStore::keep(const std::shared_ptr<const Batch>& batch, std::size_t bytes, bool good) {
    const auto kept = std::make_shared<Kept>(Kept{batch, bytes, 0});
    for (std::size_t i = 0; i < batch->events.size(); ++i)
        if (batch->events[i].good() == good) {
            (good ? m_good : m_bad).push_back({kept, i});
            ++kept->events;
        }
    m_bytes += kept->events > 0 ? bytes : 0;
}

MicroCounts MicroStore::counts(const std::optional<std::string>& scope) const {
    const std::lock_guard lock(m_mutex);
    if (!scope)
        return m_all;
    MicroCounts sum;
    for (const auto& [scopes, counts] : m_scopes)
        if (scopes.first == *scope || scopes.second == *scope) {
            sum.good += counts.good;
            sum.bad += counts.bad;
        }
    return sum;
}

std::vector<MicroEvent> MicroStore::events(bool good,
                                           const std::optional<std::string>& scope) const {
    const std::lock_guard lock(m_mutex);
    std::vector<MicroEvent> found;
    for (const Entry& entry : good ? m_good : m_bad) {
        const Batch& batch = *entry.kept->batch;
        if (!scope || in_scope(batch, batch.events[entry.index], *scope))
            found.push_back({entry.kept->batch, entry.index});
    }
    return found;
}

void MicroStore::reset(const std::optional<std::string>& scope) {
    const std::lock_guard lock(m_mutex);
    for (auto* events : {&m_good, &m_bad}) {
        const auto gone =
            std::stable_partition(events->begin(), events->end(), [&](const Entry& entry) {
                const Batch& batch = *entry.kept->batch;
                return scope && !in_scope(batch, batch.events[entry.index], *scope);
            });
        for (auto it = gone; it != events->end(); ++it)
            let_go(*it);
        events->erase(gone, events->end());
    }
    if (!scope) {
        m_all = {};
        m_scopes.clear();
        return;
    }
    for (auto it = m_scopes.begin(); it != m_scopes.end();) {
        if (it->first.first != *scope && it->first.second != *scope) {
            ++it;
            continue;
        }
        m_all.good -= it->second.good;
        m_all.bad -= it->second.bad;
        it = m_scopes.erase(it);
    }
}

} // namespace weir::sandbox
