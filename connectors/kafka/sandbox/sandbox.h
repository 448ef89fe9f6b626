// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The only way to write to Kafka (law 6). A SandboxTicket is proof that a cluster may be written
// to; it cannot be made but by prove_sandbox, and without one there is no Producer.
//
// Proof is: a connection whose environment is sandbox, and either a cluster embedded in this very
// process, or one whose id this user never observed as production or staging and which carries the
// marker that init_sandbox wrote for exactly this id.
//
// Thread contract: tickets are plain values; the functions may be called from any thread and block
// up to their timeout.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/base/observed_ids.h"
#include "connectors/base/result.h"
#include "connectors/kafka/client/write_leave.h"
#include "connectors/kafka/cluster.h"

namespace weir::kafka {

/// Holds the marker, whose value names the id of the cluster it was written for.
inline constexpr const char* sandbox_marker_topic = "__weir_sandbox";

/// Names that Kafka keeps for itself, and the marker's. Nothing else is written to them.
inline bool is_reserved_topic(std::string_view name) {
    return name.substr(0, 2) == "__";
}

class SandboxTicket {
  public:
    const ConnectionOptions& connection() const { return m_connection; }
    const SecretResolver& secrets() const { return m_secrets; }
    const std::string& cluster_id() const { return m_cluster_id; }
    bool embedded() const { return m_embedded; }
    WriteLeave leave() const { return {}; }

    /// Whether the cluster has been observed as production or staging since the ticket was made.
    /// Errors: Refused; Corrupt, Io (the list cannot be read).
    Result<void> recheck() const;

  private:
    friend class SandboxGate; // sandbox.cpp
    SandboxTicket(ConnectionOptions connection, SecretResolver secrets, std::string cluster_id,
                  bool embedded, ObservedIds observed);
    ConnectionOptions m_connection;
    SecretResolver m_secrets;
    std::string m_cluster_id;
    bool m_embedded = false;
    ObservedIds m_observed;
};

/// Errors: Refused (not a sandbox; says why), Corrupt or Io (the list of observed clusters cannot
/// be read), Connection, Timeout, Authentication.
Result<SandboxTicket> prove_sandbox(const ConnectionOptions& connection,
                                    const SecretResolver& secrets,
                                    std::chrono::milliseconds timeout,
                                    const ObservedIds& observed = ObservedIds());

/// Marks a cluster as a sandbox. `allowed_topics`: existing topics that the user named and thereby
/// gave up to being written to. Marking a marked cluster again changes nothing.
/// Errors: Refused (environment, observed id, other topics, a user who may not see all of them),
/// and as prove_sandbox.
Result<void> init_sandbox(const ConnectionOptions& connection, const SecretResolver& secrets,
                          const std::vector<std::string>& allowed_topics,
                          std::chrono::milliseconds timeout,
                          const ObservedIds& observed = ObservedIds());

struct NewTopic {
    std::string name;
    int partitions = 1;
    std::map<std::string, std::string> configs;
};

/// An existing topic is left as it is. Errors: Refused (a name that is Kafka's own, another cluster
/// answers), NotPermitted, Config, Connection, Timeout.
/// The embedded cluster makes its topics itself (EmbeddedCluster::create_topic): Unsupported.
Result<void> create_topic(const SandboxTicket& ticket, const NewTopic& topic,
                          std::chrono::milliseconds timeout);

} // namespace weir::kafka
