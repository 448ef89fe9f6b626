// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the sessions of a server share: limits, counts, the handler, and the list of those that are
// open. Inside connectors/http only. Thread contract: any thread. Bound: Limits.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include "connectors/http/server.h"

namespace weir::http {

/// One connection, as the server sees it.
class Connection {
  public:
    virtual ~Connection() = default;
    /// Ends once it is answered; at once if nothing is being asked. From any thread.
    virtual void retire() = 0;
    /// Ends now. From any thread.
    virtual void abort() = 0;
};

struct ServerCore {
    ServerCore(Limits l, Handler h, Refused r)
        : limits(l)
        , handler(std::move(h))
        , refused(std::move(r)) {}

    const Limits limits;
    const Handler handler;
    const Refused refused; // may be empty
    std::atomic<bool> draining{false};
    std::atomic<std::uint64_t> connections{0};
    std::atomic<std::uint64_t> turned_away{0};
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> malformed{0};
    std::atomic<std::uint64_t> too_large{0};
    std::atomic<std::uint64_t> no_room{0};
    std::atomic<std::uint64_t> timed_out{0};
    std::atomic<std::size_t> held_bytes{0};

    /// False: there is no room for that many more bytes of bodies.
    bool hold(std::size_t bytes);
    bool has_room(std::size_t bytes) const { return held_bytes + bytes <= limits.held_bytes; }
    void release(std::size_t bytes) { held_bytes -= bytes; }

    void enter(const std::shared_ptr<Connection>& connection);
    void leave(const Connection* connection);
    std::size_t open() const;
    std::vector<std::shared_ptr<Connection>> all() const;

    /// Runs `post` unless the threads have ended; then nobody would ever run what it posts.
    void post_if_running(const std::function<void()>& post);
    void threads_ended();

    /// Sessions stand on the io_contexts of the loops, and may outlive the server.
    void keep_alive(std::shared_ptr<void> loops) { m_loops = std::move(loops); }

  private:
    std::shared_ptr<void> m_loops; // first: freed last
    mutable std::mutex m_mutex;
    std::unordered_map<const Connection*, std::weak_ptr<Connection>> m_open;
    std::mutex m_running_mutex;
    bool m_running = true;
};

/// The room that one session's bodies take, given back at its end. Thread contract: the session's.
class HeldRoom {
  public:
    explicit HeldRoom(ServerCore& core)
        : m_core(core) {}
    ~HeldRoom() { release(); }
    HeldRoom(const HeldRoom&) = delete;
    HeldRoom& operator=(const HeldRoom&) = delete;

    /// False: there is none; what was held stays held.
    bool hold(std::size_t bytes) {
        if (!m_core.hold(bytes))
            return false;
        m_bytes += bytes;
        return true;
    }
    void release() { m_core.release(std::exchange(m_bytes, 0)); }

  private:
    ServerCore& m_core;
    std::size_t m_bytes = 0;
};

} // namespace weir::http
