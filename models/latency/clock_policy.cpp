// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/latency/clock_policy.h"

#include <algorithm>

namespace weir {
namespace {

constexpr Micros furthest_ahead(23LL * 3'600 * 1'000'000);

/// Undoes what the client's clock is off by, as far as sending took no time.
std::optional<Micros> unskewed(const Sighting& s) {
    if (s.event_time_state != TimeState::Present || s.sent_time_state != TimeState::Present ||
        s.received_time_state != TimeState::Present)
        return std::nullopt;
    return s.received_time - (s.sent_time - s.event_time);
}

} // namespace

const char* to_word(ClockPolicy policy) {
    switch (policy) {
    case ClockPolicy::Raw:
        break;
    case ClockPolicy::Snowplow:
        return "snowplow";
    case ClockPolicy::Segment:
        return "segment";
    case ClockPolicy::Capped:
        return "capped";
    }
    return "raw";
}

std::optional<ClockPolicy> clock_policy(std::string_view word) {
    for (const ClockPolicy policy : clock_policies)
        if (word == to_word(policy))
            return policy;
    return std::nullopt;
}

std::optional<Micros> event_time(const Sighting& s, ClockPolicy policy) {
    const auto raw =
        s.event_time_state == TimeState::Present ? std::optional(s.event_time) : std::nullopt;
    const bool was_received = s.received_time_state == TimeState::Present;
    switch (policy) {
    case ClockPolicy::Raw:
        break;
    case ClockPolicy::Snowplow:
        if (!was_received)
            return std::nullopt;
        return std::min(unskewed(s).value_or(s.received_time), s.received_time);
    case ClockPolicy::Segment: {
        const auto corrected = unskewed(s);
        return corrected ? corrected : raw;
    }
    case ClockPolicy::Capped:
        if (raw && was_received && *raw > s.received_time + furthest_ahead)
            return s.received_time;
        break;
    }
    return raw;
}

} // namespace weir
