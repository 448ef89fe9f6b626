// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A session by event time: the events of one session id, as long as no two that follow each other
// are more than the gap apart; a longer silence begins another part. A late event may lie between
// two parts and make one of them: times and counts are the same in whatever order events come. Of
// the texts (who, on what) the earlier part's stay, else those that are told first.
//
// Thread contract: plain values, one owner. Bound: one entry a part.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/base/types.h"

namespace weir::sandbox {

/// So long a silence ends a session, and an event that is longer on its way comes late: who looked
/// at the session when the event happened has by then seen its end.
inline constexpr Micros session_gap{30LL * 60 * 1'000'000};

struct SessionPart {
    Micros started, ended;
    std::int64_t events = 0;
    std::int64_t late_events = 0;
    std::string user, anonymous, platform; // "" is unknown
};

/// Adds one event (a part of its own) to the parts of its session, which stay in the order of
/// their times.
void add_to(std::vector<SessionPart>& parts, SessionPart event);

} // namespace weir::sandbox
