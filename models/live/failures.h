// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The ring of failures, looked at by itself: events that failed or could not be decoded, which no
// good event ever pushes out.
// Thread contract: plain functions over snapshots. Bound: none of its own.
#pragma once

#include <memory>
#include <vector>

#include "models/event/store/event_store.h"

namespace weir {

struct FailureCount {
    std::uint64_t kept = 0;
    std::uint64_t ever = 0; // since the start: exact
};

FailureCount count_failures(const std::vector<std::shared_ptr<const LaneSnapshot>>& lanes);

/// The same lanes as if failures were all that came.
std::vector<std::shared_ptr<const LaneSnapshot>>
failures_alone(const std::vector<std::shared_ptr<const LaneSnapshot>>& lanes);

} // namespace weir
