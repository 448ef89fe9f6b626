// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What became of the logs while they were read, for the status bar: topics that were made again,
// logs that were cut, transactions that are open.
// Thread contract: a pure function. Bound: news_lines_max lines of tooltip.
#pragma once

#include <optional>
#include <vector>

#include "app/gui/status_facts.h"
#include "connectors/kafka/read/reader.h"
#include "models/event/ingest/ingest_loop.h"
#include "widgets/common/zone_clock.h"

namespace weir {

inline constexpr int news_lines_max = 12;

/// The newest in a few words with its time, the rest by number; all of them in the tooltip, newest
/// first. `notes`: newest last. Nothing: there is none. A transaction is told until it has been
/// read past.
std::optional<StatusFact> news_fact(const std::vector<IngestNote>& notes,
                                    const std::vector<kafka::PartitionProgress>& progress,
                                    const ZoneClock& clock);

} // namespace weir
