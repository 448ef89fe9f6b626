// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/workers/event_times.h"

namespace weir::sandbox {
namespace {

// What warehouses can hold, and no event is older than Unix time.
constexpr Micros time_min(0);
constexpr Micros time_max(253'402'300'799'999'999);

bool is_told(Micros time, TimeState state) {
    return (state == TimeState::Present || state == TimeState::Implausible) && time >= time_min &&
           time <= time_max;
}

} // namespace

Micros arrived_at(const StageInput& event) {
    const Sighting& seen = event.sighting;
    if (is_told(seen.received_time, seen.received_time_state))
        return seen.received_time;
    const Micros record = event.record.timestamp;
    return is_told(record, TimeState::Present) ? record : time_min;
}

Micros happened_at(const StageInput& event) {
    const Sighting& seen = event.sighting;
    const Micros arrived = arrived_at(event);
    if (!is_told(seen.event_time, seen.event_time_state))
        return arrived;
    if (!is_told(seen.sent_time, seen.sent_time_state))
        return seen.event_time;
    const Micros happened = arrived - (seen.sent_time - seen.event_time);
    return is_told(happened, TimeState::Present) ? happened : arrived;
}

} // namespace weir::sandbox
