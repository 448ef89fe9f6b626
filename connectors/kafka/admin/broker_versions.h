// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which release of Kafka a broker is, as far as it can be told. No request asks for it, but each
// broker lists the requests that it knows, with their newest versions, and releases differ in them.
// Thread contract: from any thread; blocks up to the timeout. Bound: one answer per broker.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connectors/base/result.h"
#include "connectors/kafka/cluster.h"

namespace weir::kafka {

/// Request's number (ApiKey) → newest version of it that a broker takes.
using RequestVersions = std::map<int, int>;

/// "from" and later, before "before"; `before` empty: nothing newer is known here. `from` empty:
/// older than all that is known here. `mixed`: it knows something of a release newer than one of
/// which it lacks something, so it is no plain Apache Kafka; then `from` is what it knows all of.
struct ReleaseRange {
    std::string from;
    std::string before;
    bool mixed = false;
};
ReleaseRange release_of(const RequestVersions& versions);

struct BrokerVersions {
    std::string broker; // "HOST:PORT"
    RequestVersions requests;
};

/// What came of asking every broker under the name that it advertises, which is the one that its
/// partitions are read by: an address that answers when it is connected to first says nothing of
/// it.
struct BrokerAnswers {
    std::vector<BrokerVersions> answered;
    std::vector<std::string> silent; // "HOST:PORT"
    std::chrono::milliseconds waited{0};

    /// Which of them did not answer, and what to do: Connection. Nothing: all of them answered.
    std::optional<Error> silence() const;
};

/// Connects to every broker of the cluster, and waits for each at most until `timeout`.
/// Errors: as Cluster::cluster_id()'s.
Result<BrokerAnswers> ask_versions(Cluster& cluster, std::chrono::milliseconds timeout);

} // namespace weir::kafka
