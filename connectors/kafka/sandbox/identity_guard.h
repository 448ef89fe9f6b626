// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Keeps a client that writes on the cluster its ticket was made for. An address may lead elsewhere
// at the next connection (a forwarded port), and what waits to be written would go out before
// librdkafka noticed. So each connection after the proof is made only once another client has been
// told, at the same address, that it is still the same cluster. Inside connectors/kafka/sandbox
// only.
//
// Thread contract: every method from any thread; prove() and may_connect() block.
#pragma once

#include <atomic>
#include <memory>

#include "connectors/kafka/client/client.h"
#include "connectors/kafka/sandbox/sandbox.h"

namespace weir::kafka {

class IdentityGuard {
  public:
    explicit IdentityGuard(const SandboxTicket& ticket)
        : m_watch(std::make_shared<Watch>(ticket)) {}

    const SandboxTicket& ticket() const { return m_watch->ticket; }

    /// For Client::Settings. The client may outlive *this.
    std::function<bool(const std::string&)> hook() {
        return [watch = m_watch](const std::string& broker) { return watch->may_connect(broker); };
    }

    /// Who answers `client` now; from then on every connection is guarded.
    /// Errors: Timeout, Refused (another cluster).
    Result<void> prove(rd_kafka_t* client, std::chrono::milliseconds timeout);

    /// Whether another cluster answers, as far as was heard; asks nobody.
    bool left(rd_kafka_t* client);
    /// The same, as last found out.
    bool has_left() const { return m_watch->other_answers; }
    /// The error of has_left().
    Error refusal() const;

    /// From now on no connection is made.
    void end() { m_watch->ended = true; }

  private:
    /// What a client's threads ask.
    struct Watch {
        explicit Watch(SandboxTicket of)
            : ticket(std::move(of)) {}
        bool may_connect(const std::string& broker);

        const SandboxTicket ticket;
        std::atomic<bool> proved{false}; // before that nothing is written
        std::atomic<bool> other_answers{false};
        std::atomic<bool> ended{false};
    };

    const std::shared_ptr<Watch> m_watch;
};

} // namespace weir::kafka
