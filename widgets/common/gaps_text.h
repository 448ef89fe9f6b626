// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Stretches of time in which nobody watched, in words.
// Thread contract: a pure function. Bound: the three longest are named.
#pragma once

#include <QString>

#include <vector>

#include "models/event/fold/record_range.h"
#include "widgets/common/zone_clock.h"

namespace weir {

/// "14:02:10 to 14:20:00, 14:31:05 to 14:32:00"; "": there is none.
QString gaps_text(std::vector<RecordRange> gaps, const ZoneClock& clock);

} // namespace weir
