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

#include "connectors/kafka/client/client.h"
#include "connectors/kafka/sandbox/sandbox.h"

namespace weir::kafka {

class IdentityGuard {
  public:
    explicit IdentityGuard(SandboxTicket ticket)
        : m_ticket(std::move(ticket)) {}

    const SandboxTicket& ticket() const { return m_ticket; }

    /// For Client::Settings: *this outlives the client.
    std::function<bool(const std::string&)> hook() {
        return [this](const std::string& broker) { return may_connect(broker); };
    }

    /// Who answers `client` now; from then on every connection is guarded.
    /// Errors: Timeout, Refused (another cluster).
    Result<void> prove(rd_kafka_t* client, std::chrono::milliseconds timeout);

    /// Whether another cluster answers, as far as was heard; asks nobody.
    bool left(rd_kafka_t* client);
    /// The same, as last found out.
    bool has_left() const { return m_other_answers; }
    /// The error of has_left().
    Error refusal() const;

    /// From now on no connection is made.
    void end() { m_ended = true; }

  private:
    bool may_connect(const std::string& broker);

    const SandboxTicket m_ticket;
    std::atomic<bool> m_proved{false}; // before that nothing is written
    std::atomic<bool> m_other_answers{false};
    std::atomic<bool> m_ended{false};
};

} // namespace weir::kafka
