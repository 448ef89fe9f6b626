// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/warehouse/observe/session_pool.h"

#include <algorithm>

#include "connectors/base/observed_ids.h"
#include "connectors/warehouse/sandbox/marker.h"

namespace weir::warehouse {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds backoff_first = 100ms;
constexpr std::chrono::milliseconds backoff_max = 5s;
constexpr auto look_pause = 20ms; // between two looks whether it was cancelled

Error ended(const ConnectionOptions& options, const Patience& patience) {
    if (patience.interrupt->raised())
        return {ErrorCode::Cancelled, "it was cancelled", options.name, "connecting", {}};
    return {ErrorCode::Timeout, "no connection was free in time", options.name, "connecting",
            "Wait for the other queries, or end one."};
}

} // namespace

SessionPool::SessionPool(ConnectionOptions options, SecretResolver secrets, const Kind& kind)
    : m_options(std::move(options))
    , m_secrets(std::move(secrets))
    , m_kind(kind) {
    m_health.since = Micros::now();
}

Result<SessionPool::Taken> SessionPool::take(const Patience& patience) {
    {
        std::unique_lock lock(m_mutex);
        while (m_free.empty() && m_out >= Warehouse::sessions_max) {
            if (patience.interrupt->raised() || patience.late())
                return ended(m_options, patience);
            m_changed.wait_for(lock, look_pause);
        }
        ++m_out;
        if (!m_free.empty()) {
            Taken taken{std::move(m_free.back()), false};
            m_free.pop_back();
            return taken;
        }
    }
    auto made = connect(patience);
    if (made)
        return Taken{std::move(*made), true};
    const std::lock_guard lock(m_mutex);
    --m_out;
    m_changed.notify_one();
    return made.error();
}

Result<std::unique_ptr<Session>> SessionPool::connect(const Patience& patience) {
    for (;;) {
        std::chrono::milliseconds pause{0};
        {
            const std::lock_guard lock(m_mutex);
            pause = std::chrono::duration_cast<std::chrono::milliseconds>(m_not_before -
                                                                          Patience::Clock::now());
        }
        if (pause <= 0ms)
            break;
        if (patience.interrupt->raised() || patience.late())
            return ended(m_options, patience);
        patience.sleep(pause);
    }
    auto made = m_kind.observe(m_options, m_secrets, patience);
    auto noted = made ? note(**made, patience) : Result<void>();
    if (!made || !noted) {
        const Error error = made ? noted.error() : made.error();
        told(error);
        return error;
    }
    const std::lock_guard lock(m_mutex);
    m_backoff = 0ms;
    m_health.last_contact = Micros::now();
    if (m_health.state != Health::State::Up) {
        m_health.state = Health::State::Up;
        m_health.since = m_health.last_contact;
        m_health.trouble.clear();
    }
    return made;
}

void SessionPool::told(const Error& error) {
    if (error.code == ErrorCode::Cancelled)
        return;
    const std::lock_guard lock(m_mutex);
    const auto state = error.code == ErrorCode::Authentication ? Health::State::AuthenticationFailed
                                                               : Health::State::Down;
    if (m_health.state != state)
        m_health.since = Micros::now();
    m_health.state = state;
    m_backoff = std::clamp<std::chrono::milliseconds>(m_backoff * 2, backoff_first, backoff_max);
    m_not_before = Patience::Clock::now() + m_backoff;
    m_health.trouble = error.text() + (error.advice.empty() ? "; c" : " C") +
                       "onnecting again with the next query, at most every " +
                       std::to_string(backoff_max / 1s) + " s";
}

/// Law 6: what was once observed as production or staging is never written to.
Result<void> SessionPool::note(Session& session, const Patience& patience) {
    auto identity = session.identity(patience);
    if (!identity)
        return identity.error();
    bool note = m_options.environment != Environment::Sandbox;
    // To look at a marked sandbox by its address only must not close it for ever.
    if (note && m_options.environment_assumed) {
        const auto named = read_marker(session, m_kind, patience);
        note = !named || *named != identity->ids.front();
    }
    std::optional<Error> trouble;
    for (std::size_t i = 0; note && i < identity->ids.size(); ++i)
        if (auto noted = ObservedIds().record(
                {identity->ids[i], m_options.name, m_options.environment, Micros::now()});
            !noted)
            trouble = noted.error();
    const std::lock_guard lock(m_mutex);
    m_id = identity->ids.front();
    m_not_noted = std::move(trouble);
    return {};
}

void SessionPool::give_back(std::unique_ptr<Session> session) {
    const bool usable = session->usable();
    {
        const std::lock_guard lock(m_mutex);
        --m_out;
        if (usable)
            m_free.push_back(std::move(session));
    }
    m_changed.notify_one();
}

void SessionPool::drop_free() {
    std::vector<std::unique_ptr<Session>> closed; // outside of the lock
    const std::lock_guard lock(m_mutex);
    closed.swap(m_free);
}

Health SessionPool::health() const {
    const std::lock_guard lock(m_mutex);
    return m_health;
}

std::string SessionPool::id() const {
    const std::lock_guard lock(m_mutex);
    return m_id;
}

Result<void> SessionPool::noted() const {
    const std::lock_guard lock(m_mutex);
    return m_not_noted ? Result<void>(*m_not_noted) : Result<void>();
}

} // namespace weir::warehouse
