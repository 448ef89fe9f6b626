// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Logs in by SCRAM below librdkafka. librdkafka before 2.6.1 repeats the nonce wrongly, which Kafka
// from 4.0 on refuses; Debian 12 has 2.0.2. There librdkafka is told to speak plaintext, and each
// of its connections is one end of a socket pair whose other end is carried on by this relay: TLS
// and the login to the broker, then bytes both ways.
//
// Thread contract: adopt() and trouble() from any thread, without waiting for the network; the
// connections live on one thread of the relay's own. Bound: see relayed_connection.h, for each
// connection that librdkafka has open (one or two a broker).
#pragma once

#include <atomic>
#include <mutex>
#include <thread>

#include "connectors/kafka/login/relayed_connection.h"

namespace weir::kafka {

class LoginRelay {
  public:
    /// Null, and no error, where librdkafka logs in by itself.
    /// Errors: Config (of TLS), Io, and what the resolver says of a secret.
    static Result<std::shared_ptr<LoginRelay>> create(const ConnectionOptions& options,
                                                      const SecretResolver& secrets);
    /// The client's connections must be gone, or go with it.
    ~LoginRelay();
    LoginRelay(const LoginRelay&) = delete;
    LoginRelay& operator=(const LoginRelay&) = delete;

    /// Instead of connect(): `socket` becomes the end of a pair. Returns 0 or an errno.
    int adopt(int socket, const sockaddr* address, int size, const char* broker);

    /// Why the last connection could not be made; empty if it could. In librdkafka's words.
    std::string trouble() const;

  private:
    LoginRelay() = default;
    Result<void> start();
    void run();
    void take_newcomers();
    void step(const std::vector<pollfd>& polled);
    void note(const std::string& trouble);
    void wake() const;

    LoginTerms m_terms;
    UniqueFd m_wake;
    std::atomic<bool> m_stop{false};
    mutable std::mutex m_mutex;
    std::vector<std::unique_ptr<RelayedConnection>> m_newcomers;   // guarded by m_mutex
    std::string m_trouble;                                         // guarded by m_mutex
    std::vector<std::unique_ptr<RelayedConnection>> m_connections; // the thread's
    std::thread m_thread;
};

} // namespace weir::kafka
