// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/sandbox/sandbox.h"

#include <algorithm>

#include "connectors/base/names_text.h"
#include "connectors/kafka/admin/topic_sight.h"
#include "connectors/kafka/observer.h"
#include "connectors/kafka/sandbox/embedded.h"
#include "connectors/kafka/sandbox/sandbox_marker.h"

namespace weir::kafka {

namespace {

using Milliseconds = std::chrono::milliseconds;

Error refused(const std::string& what, const std::string& connection, const std::string& advice) {
    return {ErrorCode::Refused, what, connection, "asking leave to write", advice};
}

Result<void> check_unobserved(const ObservedIds& observed, const std::string& cluster_id,
                              const std::string& connection) {
    if (auto complete = observed.check_recordable(); !complete)
        return complete;
    auto known = observed.find(cluster_id);
    if (!known)
        return known.error();
    if (known->id.empty())
        return {};
    const bool staging = known->environment == Environment::Staging;
    return refused("cluster " + cluster_id + " has been observed as " +
                       (staging ? "staging" : "production") + " (connection \"" +
                       known->connection + "\")",
                   connection,
                   "Weir never writes to such a cluster, whatever a connection says. If it is a "
                   "sandbox and was taken for something else, take its entry out of " +
                       observed.path() + " by hand.");
}

/// A sandbox connection to a cluster that answers and was never seen as anything else.
struct Candidate {
    std::shared_ptr<Cluster> cluster;
    std::string id;
};

Result<Candidate> examine(const ConnectionOptions& connection, const SecretResolver& secrets,
                          Milliseconds timeout, const ObservedIds& observed) {
    if (connection.environment != Environment::Sandbox)
        return refused("this connection is not a sandbox", connection.name,
                       "Weir writes only where the connection's environment is sandbox.");
    auto cluster = Cluster::open(connection, secrets);
    if (!cluster)
        return cluster.error();
    auto id = (*cluster)->cluster_id(timeout);
    if (!id)
        return id.error();
    if (!EmbeddedCluster::is_embedded(connection.bootstrap))
        if (auto unseen = check_unobserved(observed, *id, connection.name); !unseen)
            return unseen.error();
    return Candidate{std::move(cluster).value(), std::move(id).value()};
}

/// Topics that are neither Kafka's own, nor the marker, nor given up by name.
/// Errors: Refused (there may be some that this user is not shown).
Result<std::vector<std::string>>
foreign_topics(Cluster& of, const std::vector<std::string>& allowed, Deadline deadline) {
    ObservedCluster& cluster = *observed(of);
    const auto whole = sees_all_topics(cluster, deadline);
    if (!whole && whole.error().code != ErrorCode::Unsupported)
        return whole.error();
    if (whole && !*whole)
        return refused("this cluster may hold topics that this user is not shown",
                       cluster.options().name,
                       "Mark it as a user who may see the brokers' settings (DESCRIBE_CONFIGS on "
                       "the cluster) and all topics.");
    auto found =
        fetch_metadata(cluster.client(), nullptr, cluster.options().name, remaining(deadline));
    if (!found)
        return found.error();
    const std::vector<std::string> own = {"__consumer_offsets", "__transaction_state",
                                          "__share_group_state", "__cluster_metadata",
                                          sandbox_marker_topic};
    std::vector<std::string> foreign;
    for (int i = 0; i < (*found)->topic_cnt; ++i) {
        const std::string name = (*found)->topics[i].topic;
        const auto holds = [&](const std::vector<std::string>& names) {
            return std::find(names.begin(), names.end(), name) != names.end();
        };
        if (!holds(own) && !holds(allowed))
            foreign.push_back(name);
    }
    std::sort(foreign.begin(), foreign.end());
    return foreign;
}

} // namespace

SandboxTicket::SandboxTicket(ConnectionOptions connection, SecretResolver secrets,
                             std::string cluster_id, bool embedded, ObservedIds observed)
    : m_connection(std::move(connection))
    , m_secrets(std::move(secrets))
    , m_cluster_id(std::move(cluster_id))
    , m_embedded(embedded)
    , m_observed(std::move(observed)) {}

Result<void> SandboxTicket::recheck() const {
    if (m_embedded && EmbeddedCluster::is_embedded(m_connection.bootstrap))
        return {};
    if (m_embedded)
        return refused("the embedded cluster of this ticket has ended", m_connection.name, {});
    return check_unobserved(m_observed, m_cluster_id, m_connection.name);
}

/// The one place where tickets are made.
class SandboxGate {
  public:
    static SandboxTicket ticket(const ConnectionOptions& connection, const SecretResolver& secrets,
                                const std::string& id, const ObservedIds& observed) {
        return {connection, secrets, id, EmbeddedCluster::is_embedded(connection.bootstrap),
                observed};
    }
};

Result<SandboxTicket> prove_sandbox(const ConnectionOptions& connection,
                                    const SecretResolver& secrets, Milliseconds timeout,
                                    const ObservedIds& observed) {
    auto candidate = examine(connection, secrets, timeout, observed);
    if (!candidate)
        return candidate.error();
    if (!EmbeddedCluster::is_embedded(connection.bootstrap)) {
        auto named = read_marker(candidate->cluster, timeout);
        if (!named)
            return named.error();
        if (named->empty())
            return refused("this cluster is not marked as a sandbox", connection.name,
                           "If it is one, mark it: weir sandbox --init --bootstrap " +
                               connection.bootstrap);
        if (*named != candidate->id)
            return refused("the sandbox's marker is another cluster's (" + *named +
                               "), copied here; this is " + candidate->id,
                           connection.name,
                           "If this is a sandbox too, delete topic " +
                               std::string(sandbox_marker_topic) + " and mark it anew.");
    }
    return SandboxGate::ticket(connection, secrets, candidate->id, observed);
}

Result<void> init_sandbox(const ConnectionOptions& connection, const SecretResolver& secrets,
                          const std::vector<std::string>& allowed_topics, Milliseconds timeout,
                          const ObservedIds& observed) {
    if (EmbeddedCluster::is_embedded(connection.bootstrap))
        return {}; // it is one by nature
    auto candidate = examine(connection, secrets, timeout, observed);
    if (!candidate)
        return candidate.error();
    auto named = read_marker(candidate->cluster, timeout);
    if (!named)
        return named.error();
    const auto remember = [&] {
        return observed.marked_sandboxes().record(
            {candidate->id, connection.name, Environment::Sandbox, Micros::now()});
    };
    if (*named == candidate->id)
        return remember();
    auto foreign = foreign_topics(*candidate->cluster, allowed_topics,
                                  std::chrono::steady_clock::now() + timeout);
    if (!foreign)
        return foreign.error();
    if (!foreign->empty())
        return refused("this cluster holds topics that Weir did not make: " + names_text(*foreign),
                       connection.name,
                       "Is it really a sandbox? Then name each of them as one that may be "
                       "written to: weir sandbox --init --allow-topic NAME.");
    const SandboxTicket ticket = SandboxGate::ticket(connection, secrets, candidate->id, observed);
    if (auto written = write_marker(ticket, timeout); !written)
        return written;
    return remember();
}

} // namespace weir::kafka
