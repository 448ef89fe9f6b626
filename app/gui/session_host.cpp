// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/session_host.h"

#include <algorithm>
#include <thread>

namespace weir {
namespace {

constexpr std::chrono::milliseconds start_timeout{10'000};
constexpr std::chrono::milliseconds retry_every{10'000};

/// What may have passed by itself: never a refused login, which repeated may lock an account.
bool may_heal(const Watched& one) {
    return one.error &&
           (one.error->code == ErrorCode::Connection || one.error->code == ErrorCode::Timeout);
}

/// Blocks for the connection's I/O.
Watched started(Session& session, Watched one) {
    one.error.reset();
    one.starting = false;
    Result<std::shared_ptr<kafka::Cluster>> cluster = session.cluster(one.connection);
    if (!cluster) {
        one.error = cluster.error();
        return one;
    }
    one.cluster = *cluster;
    const Result<void> live = session.start_live(one.connection, one.request, start_timeout);
    if (live)
        one.live = session.live(one.connection);
    else
        one.error = live.error();
    return one;
}

} // namespace

bool SessionHost::Outcome::runs() const {
    return std::any_of(watched.begin(), watched.end(),
                       [](const Watched& one) { return one.live != nullptr; });
}

SessionHost::SessionHost(QObject* parent)
    : QObject(parent) {
    m_retry.setInterval(retry_every);
    connect(&m_retry, &QTimer::timeout, this, &SessionHost::retryFailed);
    m_retry.start();
}

SessionHost::~SessionHost() {
    end_unmasking();
    m_waiting = nullptr;
    m_worker.finish();
}

void SessionHost::open(SessionMaker maker) {
    end_unmasking();
    // The old session goes first, on the worker: stopping an observation takes a moment.
    auto old = std::make_shared<Outcome>();
    old->watched = std::exchange(m_watched, {});
    old->session = std::move(m_session);
    m_session.reset();
    m_workspace.reset();
    ++m_observation;
    run(State::Opening, [maker = std::move(maker), old]() -> Outcome {
        old->watched.clear();
        *old = {};
        Result<std::unique_ptr<Session>> made = maker();
        Outcome outcome;
        if (made)
            outcome.session = *std::move(made);
        else
            outcome.error = made.error();
        return outcome;
    });
    Q_EMIT sessionChanged();
}

void SessionHost::startWatching(const kafka::StartAt& start) {
    if (!m_workspace || m_workspace->watch.empty()) {
        m_error = {ErrorCode::Config, "The workspace names no topics to watch",
                   m_workspace ? m_workspace->file : std::string(), "",
                   "Add a \"watch\" entry with a connection and its topics."};
        set_state(State::Failed);
        return;
    }
    ++m_observation;
    auto old = std::make_shared<std::vector<Watched>>(std::exchange(m_watched, {}));
    for (const std::string& name : watched_connections(*m_workspace)) {
        Watched one;
        one.connection = name;
        one.request = weir::watched(*m_workspace, name);
        one.request.start = start;
        one.starting = true;
        m_watched.push_back(std::move(one));
    }
    run(State::Connecting,
        [this, token = m_token + 1, session = m_session, wanted = m_watched, old]() -> Outcome {
            old->clear();
            session->stop_live();
            return start_all(token, session, wanted);
        });
}

void SessionHost::retryFailed() {
    const bool idle = !m_busy && (m_state == State::Live || m_state == State::Failed);
    if (!idle || !m_session || std::none_of(m_watched.begin(), m_watched.end(), may_heal))
        return;
    // Nothing is said while it is tried: what is known stays on the screen.
    m_waiting = [this, token = m_token, session = m_session, wanted = m_watched] {
        return start_all(token, session, wanted);
    };
    start_next();
}

/// Runs on the worker. Each connection waits on a thread of its own, and is shown once it is up.
SessionHost::Outcome SessionHost::start_all(std::uint64_t token,
                                            const std::shared_ptr<Session>& session,
                                            std::vector<Watched> wanted) {
    std::vector<std::thread> threads;
    for (Watched& one : wanted) {
        if (one.live || (one.error && !may_heal(one)))
            continue;
        threads.emplace_back([this, token, &session, &one] {
            one = started(*session, std::move(one));
            auto up = std::make_shared<const Watched>(one);
            Mailbox::post(m_mailbox.slot(), [this, token, up] { came_up(token, up); });
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    Outcome outcome;
    outcome.session = session;
    for (const Watched& one : wanted)
        if (one.error && !outcome.error)
            outcome.error = one.error;
    outcome.watched = std::move(wanted);
    return outcome;
}

void SessionHost::came_up(std::uint64_t token, const std::shared_ptr<const Watched>& one) {
    if (token != m_token)
        return; // the outcome that follows ends it
    for (Watched& known : m_watched)
        if (known.connection == one->connection)
            known = *one;
    if (one->live && m_state != State::Live)
        set_state(State::Live);
}

void SessionHost::stopLive() {
    auto old = std::make_shared<std::vector<Watched>>(std::exchange(m_watched, {}));
    run(State::Ready, [session = m_session, old]() -> Outcome {
        old->clear();
        Outcome outcome;
        outcome.session = session;
        if (session)
            session->stop_live();
        return outcome;
    });
}

void SessionHost::cancel() {
    m_waiting = nullptr;
    const std::string name = m_watched.empty() ? std::string() : m_watched.front().connection;
    m_error = {ErrorCode::Cancelled, "Stopped before it was connected", name, "",
               "Connect again when the other side can be reached."};
    m_watched.clear();
    ++m_token;
    set_state(State::Failed);
}

const Watched* SessionHost::watched(const std::string& connection) const {
    const auto at = std::find_if(m_watched.begin(), m_watched.end(),
                                 [&](const Watched& one) { return one.connection == connection; });
    return at == m_watched.end() ? nullptr : &*at;
}

std::vector<WatchedTime> SessionHost::watchedTimes() const {
    std::vector<WatchedTime> all;
    for (const Watched& one : m_watched)
        if (one.live)
            all.push_back(one.live->watched());
    return all;
}

const kafka::ConnectionOptions* SessionHost::connectionOptions() const {
    if (!m_workspace)
        return nullptr;
    if (!m_workspace->watch.empty())
        return m_workspace->connection(m_workspace->watch.front().connection);
    return m_workspace->connections.empty() ? nullptr : &m_workspace->connections.front();
}

std::optional<kafka::Environment> SessionHost::environment() const {
    const kafka::ConnectionOptions* first = connectionOptions();
    if (first == nullptr)
        return std::nullopt;
    kafka::Environment most = first->environment;
    for (const std::string& name : watched_connections(*m_workspace))
        if (const kafka::ConnectionOptions* options = m_workspace->connection(name))
            most = std::min(most, options->environment); // production is the first of them
    return most;
}

bool SessionHost::unmasked() const {
    if (!m_session || !m_workspace)
        return false;
    for (const std::string& name : watched_connections(*m_workspace)) {
        const kafka::ConnectionOptions* options = m_workspace->connection(name);
        const auto policy = m_session->disclosure(name);
        if (options != nullptr && options->environment != kafka::Environment::Sandbox && policy &&
            !policy->masks())
            return true;
    }
    return false;
}

std::shared_ptr<const Unmasking> SessionHost::unmasking() const {
    if (!m_session || !m_workspace)
        return nullptr;
    for (const std::string& name : watched_connections(*m_workspace))
        if (auto unmasking = m_session->unmasking(name))
            return unmasking;
    return nullptr;
}

void SessionHost::unmask(const QString& reason) {
    if (!m_session || !m_workspace)
        return;
    m_worker.start([this, session = m_session, names = watched_connections(*m_workspace),
                    reason = reason.toStdString()] {
        QString refusal;
        for (const std::string& name : names) {
            const auto policy = session->disclosure(name);
            if (!refusal.isEmpty() || !policy || !policy->masks())
                continue;
            if (const auto done = session->unmask(name, reason); !done)
                refusal = QString::fromStdString(done.error().text());
        }
        Mailbox::post(m_mailbox.slot(), [this, refusal] {
            Q_EMIT unmaskingAnswered(refusal);
            Q_EMIT stateChanged();
        });
    });
}

/// What was unmasked is masked at once; that it was is recorded on another thread.
void SessionHost::end_unmasking() {
    if (!m_session || !m_workspace)
        return;
    std::vector<std::shared_ptr<const Unmasking>> ended;
    for (const std::string& name : watched_connections(*m_workspace))
        if (auto unmasking = m_session->mask_again(name))
            ended.push_back(std::move(unmasking));
    if (ended.empty())
        return;
    m_worker.start([this, workspace = m_workspace, ended = std::move(ended)] {
        for (const auto& unmasking : ended)
            if (const auto done = record_masked_again(*workspace, *unmasking); !done)
                Mailbox::post(m_mailbox.slot(),
                              [this, why = QString::fromStdString(done.error().text())] {
                                  Q_EMIT notRecorded(why);
                              });
    });
}

void SessionHost::maskAgain() {
    end_unmasking();
    Q_EMIT stateChanged();
}

bool SessionHost::observes() const {
    return std::any_of(m_watched.begin(), m_watched.end(),
                       [](const Watched& one) { return one.live != nullptr; });
}

void SessionHost::run(State meanwhile, Task task) {
    ++m_token;
    m_waiting = std::move(task);
    set_state(meanwhile);
    if (!m_busy)
        start_next();
}

void SessionHost::start_next() {
    m_busy = true;
    m_worker.start([this, token = m_token, task = std::exchange(m_waiting, nullptr)] {
        auto outcome = std::make_shared<Outcome>(task());
        Mailbox::post(m_mailbox.slot(), [this, token, outcome] { finished(token, outcome); });
    });
}

void SessionHost::finished(std::uint64_t token, const std::shared_ptr<Outcome>& outcome) {
    m_busy = false;
    if (token == m_token && !m_waiting) {
        take(std::move(*outcome));
        return;
    }
    // Nobody waits for this answer any more. What it started is ended where that may take its time.
    m_waiting = [next = std::move(m_waiting), foreign = outcome->session != m_session,
                 stale = std::make_shared<Outcome>(std::move(*outcome)),
                 kept = m_session]() -> Outcome {
        if (!foreign && stale->session && stale->runs())
            stale->session->stop_live();
        *stale = {};
        if (next)
            return next();
        Outcome nothing;
        nothing.session = kept;
        return nothing;
    };
    start_next();
}

void SessionHost::take(Outcome outcome) {
    const bool another = outcome.session != m_session;
    m_session = std::move(outcome.session);
    if (another)
        m_workspace =
            m_session ? std::make_shared<const Workspace>(m_session->workspace()) : nullptr;
    const bool cancelled = m_state == State::Failed && m_error.code == ErrorCode::Cancelled;
    const bool runs = outcome.runs();
    m_watched = std::move(outcome.watched);
    if (!cancelled) {
        const bool other_error = outcome.error && outcome.error->text() != m_error.text();
        if (outcome.error)
            m_error = *outcome.error;
        const State reached = runs            ? State::Live
                              : outcome.error ? State::Failed
                              : m_session     ? State::Ready
                                              : State::Empty;
        // A retry that failed as before is no news: the page keeps its focus.
        if (reached != m_state || (reached == State::Failed && other_error))
            set_state(reached);
    }
    if (another)
        Q_EMIT sessionChanged();
}

void SessionHost::set_state(State state) {
    m_state = state;
    m_was_live = state == State::Live || (m_was_live && state != State::Opening);
    m_since = Micros::now();
    Q_EMIT stateChanged();
}

} // namespace weir
