// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The record that marks a cluster as a sandbox, and the few things done to a sandbox's topics.
// Inside connectors/kafka only; who may call it is sandbox.cpp's business.
// Thread contract: from any thread; blocks up to the timeout. Bound: one record, one topic.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "connectors/kafka/observer.h"
#include "connectors/kafka/sandbox/sandbox.h"

namespace weir::kafka {

/// The cluster id that the newest marker names; empty: there is no marker.
/// Errors: Corrupt (a marker that Weir did not write), and as Reader::open.
Result<std::string> read_marker(const std::shared_ptr<Cluster>& cluster,
                                std::chrono::milliseconds timeout);

enum class MarkerSight {
    There,   // the newest record of the marker's topic marks the cluster with this id
    None,    // there is no such topic, or its newest record marks nothing, or another cluster
    Unknown, // not permitted, not answered within the timeout
};

/// A look from outside, at one record at most.
MarkerSight look_for_marker(ObservedCluster& cluster, const std::string& cluster_id,
                            std::chrono::milliseconds timeout);

/// Makes the marker's topic and writes the marker for this ticket's cluster.
Result<void> write_marker(const SandboxTicket& ticket, std::chrono::milliseconds timeout);

} // namespace weir::kafka
