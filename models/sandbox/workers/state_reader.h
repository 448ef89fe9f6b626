// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads back what a stage remembered of its partitions, up to the very end: what a killed worker
// left open is waited for, so that nothing is restored that is then taken back, or the other way
// round.
//
// Thread contract: the worker's. Bound: the state topic's partitions, one batch at a time.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "connectors/kafka/cluster.h"
#include "models/sandbox/workers/stage.h"

namespace weir::sandbox {

/// Hands the stage all that is remembered of `partitions`, oldest first.
/// Errors: Timeout (a transaction is open), and as Reader::open.
Result<void> restore_state(const std::shared_ptr<kafka::Cluster>& cluster, Stage& stage,
                           const std::vector<PartitionId>& partitions, bool read_committed,
                           std::chrono::milliseconds timeout);

} // namespace weir::sandbox
