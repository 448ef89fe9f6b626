// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The line below the filter bar: what is shown, of how much, and what is not known.
// Thread contract: pure functions.
#pragma once

#include <QString>

#include "models/live/failures.h"
#include "widgets/common/theme.h"
#include "widgets/common/zone_clock.h"
#include "widgets/live/live_source.h"

namespace weir {

/// "3,182 of 1,210,442 in memory match · Last 15 min · looking at older rows, 71 % · live, 48,210
/// ev/s"
QString live_status_text(const LiveSnapshot& snapshot, const LiveStatus& status,
                         const ZoneClock& clock, const QString& range = {});
/// The colour of the line: amber where something is missing or stale, red where it failed.
Token live_status_tone(const LiveSnapshot& snapshot, const LiveStatus& status);

/// "412 matches in raw_events · complete: 6 of 6 partitions read to the end"
/// Before the status of the rows, where they are the failures alone.
QString failures_text(const FailureCount& count);
QString search_status_text(const LiveSnapshot& snapshot, const LiveSearchStatus& status,
                           const QString& range = {});

} // namespace weir
