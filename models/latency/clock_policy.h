// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// When an event happened, by whose clock. A client's clock may be hours off; each of these rules
// makes something else of it, and none is shown without the raw one at hand.
// Thread contract: pure functions.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "models/event/sighting.h"

namespace weir {

enum class ClockPolicy : std::uint8_t {
    Raw,      // the client's clock as it stands
    Snowplow, // derived: received - (sent - event); received, if that cannot be or would be later
    Segment,  // received - (sent - event), even if later; raw, if it cannot be
    Capped,   // raw, but nothing happens more than 23 h after it was received: then it counts as
              // of that moment
};
inline constexpr std::array<ClockPolicy, 4> clock_policies{
    ClockPolicy::Raw, ClockPolicy::Snowplow, ClockPolicy::Segment, ClockPolicy::Capped};

/// "raw", "snowplow", "segment", "capped"
const char* to_word(ClockPolicy policy);
std::optional<ClockPolicy> clock_policy(std::string_view word);

/// Nothing: its times do not say.
std::optional<Micros> event_time(const Sighting& sighting, ClockPolicy policy);

} // namespace weir
