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

/// Connects to every broker of the cluster, and waits for each at most until `timeout`; one that
/// did not answer is not among the answers.
/// Errors: as Cluster::cluster_id()'s.
Result<std::vector<BrokerVersions>> ask_versions(Cluster& cluster,
                                                 std::chrono::milliseconds timeout);

} // namespace weir::kafka
