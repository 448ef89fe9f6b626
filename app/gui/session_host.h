// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Keeps the session for the window. What may block (opening, starting and stopping an observation,
// and letting the old one go) runs on one worker thread, so nothing here ever waits; the views pull
// from what the newest observations have published. All that the workspace watches is observed at
// once, one observation a connection; one that cannot be reached is tried again by itself while the
// others go on.
//
// Thread contract: GUI thread only. Bound: one session, one task in work and at most one waiting,
// a thread a connection while they are started; a newer request makes the answers of older ones
// void (law 9).
#pragma once

#include <QObject>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>

#include "app/gui/backlog_watches.h"
#include "app/session/session.h"
#include "models/event/serial_worker.h"
#include "widgets/common/mailbox.h"

namespace weir {

using SessionMaker = std::function<Result<std::unique_ptr<Session>>()>;

/// A connection that is to be observed, and what came of it.
struct Watched {
    std::string connection;
    kafka::ReadRequest request;
    bool starting = false;
    std::shared_ptr<kafka::Cluster> cluster; // null: not made
    /// Null: not observed. Never keep it: the last one to let it go waits for its threads.
    std::shared_ptr<const Observation> live;
    std::optional<Error> error; // why it is not observed
};

class SessionHost : public QObject {
    Q_OBJECT
  public:
    enum class State {
        Empty,      // no session
        Opening,    // a session is being made
        Ready,      // a session, no observation
        Connecting, // observations are being started, none has come up
        Live,       // one at least; see watched() for the others
        Failed,     // see error(); a session may be there
    };

    explicit SessionHost(QObject* parent = nullptr);
    ~SessionHost() override; // waits for the task in work

    State state() const { return m_state; }
    const Error& error() const { return m_error; }
    Micros since() const { return m_since; }

    /// Makes a session and puts it in the place of the one that is there.
    void open(SessionMaker maker);
    /// Observes all that the workspace says is to be watched; Failed if it says nothing.
    void startWatching(const kafka::StartAt& start);
    void stopLive();
    /// Tries those again that could not be reached; done by itself every so often.
    void retryFailed();
    /// Gives up waiting: the answer that is under way will be dropped.
    void cancel();

    /// Null: Empty. Only what does not block may be asked of it.
    const Session* session() const { return m_session.get(); }
    std::shared_ptr<const Session> shared_session() const { return m_session; }
    /// Null: Empty.
    std::shared_ptr<const Workspace> workspace() const { return m_workspace; }
    /// In the workspace's order; empty before the first start.
    const std::vector<Watched>& watched() const { return m_watched; }
    const Watched* watched(const std::string& connection) const;
    /// When each connection that is observed was watched, in the same order.
    std::vector<WatchedTime> watchedTimes() const;
    /// The first connection that is, or would be, observed; null: there is none.
    const kafka::ConnectionOptions* connectionOptions() const;
    /// Of all that is, or would be, observed the one that asks for most care.
    std::optional<kafka::Environment> environment() const;
    /// Something is observed that is no sandbox, and nothing of it is masked.
    bool unmasked() const;
    /// Somebody asked to see what is masked, and may; null: nobody.
    std::shared_ptr<const Unmasking> unmasking() const;
    /// Of all that is observed and masked; unmaskingAnswered() tells what came of it.
    void unmask(const QString& reason);
    /// At once; that it was done is recorded on another thread, or notRecorded() tells why not.
    void maskAgain();
    bool observes() const;
    /// The consumer groups of what is observed, for whoever asks.
    BacklogWatches& backlogs() { return m_backlogs; }
    /// This session has been live before.
    bool wasLive() const { return m_was_live; }
    /// Counts up with every new observation: what was derived from the old one is void.
    std::uint64_t observation() const { return m_observation; }

  Q_SIGNALS:
    void stateChanged();
    /// Empty: it is unmasked, or there was nothing to unmask.
    void unmaskingAnswered(const QString& refusal);
    /// It is masked again, but the audit trail does not say so.
    void notRecorded(const QString& why);
    /// Another session (or none): everything that was shown is void.
    void sessionChanged();

  private:
    struct Outcome {
        std::shared_ptr<Session> session;
        std::optional<Error> error;
        std::vector<Watched> watched;
        bool runs() const;
    };
    using Task = std::function<Outcome()>;
    void end_unmasking();
    void run(State meanwhile, Task task);
    void start_next();
    Outcome start_all(std::uint64_t token, const std::shared_ptr<Session>& session,
                      std::vector<Watched> wanted);
    void came_up(std::uint64_t token, const std::shared_ptr<const Watched>& one);
    void finished(std::uint64_t token, const std::shared_ptr<Outcome>& outcome);
    void take(Outcome outcome);
    void set_state(State state);

    SerialWorker m_worker;
    Mailbox m_mailbox; // of what the worker answers
    std::shared_ptr<Session> m_session;
    std::shared_ptr<const Workspace> m_workspace;
    std::vector<Watched> m_watched;
    BacklogWatches m_backlogs;
    QTimer m_retry;
    Error m_error;
    State m_state = State::Empty;
    Micros m_since;
    Task m_waiting;
    std::uint64_t m_token = 0;
    std::uint64_t m_observation = 0;
    bool m_busy = false;
    bool m_was_live = false;
};

} // namespace weir
