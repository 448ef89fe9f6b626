// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/stitch/session_parts.h"

#include <algorithm>

namespace weir::sandbox {
namespace {

bool meet(const SessionPart& a, const SessionPart& b) {
    return a.started <= b.ended + session_gap && b.started <= a.ended + session_gap;
}

/// `into` was told of before `from`, or is earlier.
void merge(SessionPart& into, const SessionPart& from) {
    into.started = std::min(into.started, from.started);
    into.ended = std::max(into.ended, from.ended);
    into.events += from.events;
    into.late_events += from.late_events;
    for (std::string SessionPart::*const text :
         {&SessionPart::user, &SessionPart::anonymous, &SessionPart::platform})
        if ((into.*text).empty())
            into.*text = from.*text;
}

} // namespace

void add_to(std::vector<SessionPart>& parts, SessionPart event) {
    const auto first = std::find_if(parts.begin(), parts.end(),
                                    [&](const SessionPart& part) { return meet(part, event); });
    if (first == parts.end()) {
        const auto behind = std::find_if(parts.begin(), parts.end(), [&](const SessionPart& part) {
            return part.started > event.started;
        });
        parts.insert(behind, std::move(event));
        return;
    }
    auto past = first + 1;
    for (; past != parts.end() && meet(*past, event); ++past)
        merge(*first, *past);
    merge(*first, event);
    parts.erase(first + 1, past);
}

} // namespace weir::sandbox
