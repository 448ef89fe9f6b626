// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One connection of librdkafka's to one broker: connects, speaks TLS, logs in, and from then on
// carries bytes both ways. librdkafka holds the other end of a socket pair. Until the login is done
// that end takes no byte (it is corked: full of bytes that nobody meant), so that librdkafka sees a
// connection that is still being made, and one that could not be made if the login fails.
//
// A broker that lets a login expire would cut the connection in the midst of a request; so it is
// ended shortly before, and librdkafka makes a new one and asks again.
//
// Thread contract: one thread; see broker_socket.h. Bound: 256 KiB towards librdkafka, 64 KiB
// towards the broker; the login has a time limit.
#pragma once

#include <poll.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "connectors/kafka/login/broker_socket.h"
#include "connectors/kafka/login/scram_login.h"

namespace weir::kafka {

/// What all connections of a client share.
struct LoginTerms {
    std::shared_ptr<ScramKeys> keys;
    std::shared_ptr<const TlsContext> tls; // null: without TLS
    SocketSettings socket;
    std::chrono::milliseconds time_limit{10'000}; // from the start to the end of the login
};

/// Our end of the pair, and how many bytes of cork lie in it.
struct CorkedEnd {
    UniqueFd fd;
    std::size_t cork_bytes = 0;
};
/// Puts one end of a new, corked pair in the place of `socket` and returns the other. Errors: Io.
Result<CorkedEnd> take_the_place_of(int socket);

class RelayedConnection {
  public:
    using Clock = std::chrono::steady_clock;
    enum class State { Opening, LoggingIn, Relaying, Draining, Over };

    RelayedConnection(CorkedEnd end, BrokerAddress address, const LoginTerms& terms);

    /// What to poll for: exactly two entries, our end's and the broker's.
    void ask(std::vector<pollfd>& polled) const;
    /// When step() is to be called at the latest.
    Clock::time_point due() const { return m_due; }
    /// Does what can be done without waiting. `polled`: the two entries of ask().
    void step(const pollfd* polled);

    State state() const { return m_state; }
    /// There is more to do at once.
    bool busy() const { return m_busy; }
    /// Once Over: why the login failed; empty if it did not.
    const std::string& trouble() const { return m_trouble; }

  private:
    using Io = BrokerSocket::Io;
    /// Filled at the back, emptied at the front; starts anew when it is empty.
    struct Buffer {
        explicit Buffer(std::size_t size)
            : bytes(size) {}
        std::vector<char> bytes;
        std::size_t begin = 0;
        std::size_t end = 0;
        bool empty() const { return begin == end; }
        bool full() const { return end == bytes.size(); }
        std::string_view held() const { return {bytes.data() + begin, end - begin}; }
        void drop(std::size_t n) {
            begin += n;
            if (empty())
                begin = end = 0;
        }
    };

    void open();
    void log_in();
    void relay();
    void start_relaying();
    bool read_broker();
    bool write_broker();
    bool read_client();
    bool write_client();
    void fail(const std::string& why);

    CorkedEnd m_end;
    const std::string m_name;
    const bool m_encrypted;
    BrokerSocket m_broker;
    std::shared_ptr<ScramKeys> m_keys;
    std::optional<ScramLogin> m_login; // from the open connection to the end of the login
    State m_state = State::Opening;
    Clock::time_point m_due;
    bool m_busy = true;        // it has not begun
    Buffer m_down{256 * 1024}; // broker → librdkafka
    Buffer m_up{64 * 1024};    // librdkafka (or the login) → broker
    std::string m_trouble;
};

} // namespace weir::kafka
