// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// When an event reached the pipeline, and when it happened. Thread contract: pure functions.
#pragma once

#include "models/sandbox/workers/stage.h"

namespace weir::sandbox {

/// By the collector's clock; by the record's time, where no collector says so.
Micros arrived_at(const StageInput& event);

/// By the collector's clock too: what the client's own clock says lies between the event and its
/// sending is taken from the time at which it arrived (received - (sent - event), as Segment and
/// Snowplow have it), so that a clock that is off does no harm. Without a time of sending the
/// event's time stands as it is; without that either, it is arrived_at().
Micros happened_at(const StageInput& event);

} // namespace weir::sandbox
