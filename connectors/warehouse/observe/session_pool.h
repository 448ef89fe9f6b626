// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The sessions of an observed warehouse: made when they are needed, kept for the next query, made
// again when they broke, and never more often than the backoff allows. Each new one says which
// database it leads to, and that is noted (law 6).
//
// Thread contract: every method from any thread; take() blocks. Bound: Warehouse::sessions_max.
#pragma once

#include <condition_variable>
#include <mutex>
#include <vector>

#include "connectors/warehouse/kind/kind.h"

namespace weir::warehouse {

class SessionPool {
  public:
    SessionPool(ConnectionOptions options, SecretResolver secrets, const Kind& kind);

    struct Taken {
        std::unique_ptr<Session> session;
        bool fresh = false; // just made: an error on it is no old connection's
    };
    /// Waits for a free one. Errors: as Kind::observe(); Timeout, Cancelled.
    Result<Taken> take(const Patience& patience);
    /// What is not usable any more is closed.
    void give_back(std::unique_ptr<Session> session);
    /// Closes all that are free: after one broke, the others have, too.
    void drop_free();

    const ConnectionOptions& options() const { return m_options; }
    const Kind& kind() const { return m_kind; }
    Health health() const;
    /// Of the newest session; empty before the first.
    std::string id() const;
    /// Whether the ids were noted, where they have to be.
    Result<void> noted() const;

  private:
    Result<std::unique_ptr<Session>> connect(const Patience& patience);
    Result<void> note(Session& session, const Patience& patience);
    void told(const Error& error);

    const ConnectionOptions m_options;
    const SecretResolver m_secrets;
    const Kind& m_kind;
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<std::unique_ptr<Session>> m_free;
    std::size_t m_out = 0; // taken, or being made
    Health m_health;
    std::string m_id;
    std::optional<Error> m_not_noted;
    std::chrono::milliseconds m_backoff{0};
    Patience::Clock::time_point m_not_before;
};

} // namespace weir::warehouse
