// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The part of a search that looks through what is in memory, so that matches among the newest
// events show at once. It proves nothing: coverage comes from the topic alone, and what memory
// found is not handed out again when the topic brings it.
//
// Thread contract: one thread; snapshots are immutable. Bound: chunk_records a step.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/event/search/lane.h"
#include "models/event/store/event_store.h"

namespace weir {

void scan_memory(const std::vector<std::shared_ptr<const LaneSnapshot>>& memory,
                 const std::string& connection, const ScanParts& parts, SearchShared& shared,
                 SearchOutlet& outlet);

} // namespace weir
