// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The first record at or after a time, where the broker cannot say: bisection over the offsets,
// reading one record at each step. Takes for granted that timestamps ascend with the offsets; the
// answer says so. Inside connectors/kafka only. Thread contract: any thread; blocks.
// Bound: about log2(end - begin) reads a partition, one client for all.
#pragma once

#include <chrono>
#include <vector>

#include "connectors/kafka/admin/admin.h"

namespace weir::kafka {

/// One answer per range, in the same order; a range's error is handed on.
std::vector<OffsetAtTime> search_times(ObservedCluster& cluster,
                                       const std::vector<PartitionOffsets>& ranges, Micros time,
                                       std::chrono::steady_clock::time_point deadline);

} // namespace weir::kafka
