// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where a consumer group stands, asked without being its member.
// Thread contract: from any thread; blocks up to the deadline. Bound: the partitions asked for.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "connectors/kafka/admin/offsets.h"
#include "connectors/kafka/observer.h"

namespace weir::kafka {

/// False only where the brokers say that the groups' topic does not exist: then nobody ever was in
/// a group, and to ask for a coordinator would create that topic. Errors: Connection, Timeout.
Result<bool> had_groups(ObservedCluster& cluster, Deadline deadline);

/// The committed offset of each partition, -1 where the group has none. A cluster on which no group
/// ever was is not asked for its coordinator, which would create __consumer_offsets there.
/// Errors: NotFound (no such group), NotPermitted, Connection, Timeout.
Result<std::vector<Offset>> committed_offsets(ObservedCluster& cluster, const std::string& group,
                                              const std::vector<OffsetQuestion>& partitions,
                                              std::chrono::steady_clock::time_point deadline);

} // namespace weir::kafka
