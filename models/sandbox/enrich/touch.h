// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where a session came from: the first campaign, referrer and landing page that its events tell.
// When its user is known, that is this session's touch. What no event told is unknown, and so is
// what may not be used for it: an event whose consent refuses "ads" tells nothing.
//
// Thread contract: plain values and pure functions. Bound: text_bytes_max a text.
#pragma once

#include <string>
#include <string_view>

#include "models/sandbox/workers/event_fields.h"

namespace weir::sandbox {

struct Touch {
    static constexpr std::size_t text_bytes_max = 1'000; // longer ones are cut

    /// Empty: unknown.
    std::string source, medium, campaign;
    std::string referrer;     // without query and fragment, which may hold anything
    std::string landing_page; // likewise

    bool empty() const {
        return source.empty() && medium.empty() && campaign.empty() && referrer.empty() &&
               landing_page.empty();
    }
    bool operator==(const Touch&) const = default;
};

/// Adds what the event tells and nobody told before.
void add_to(Touch& touch, const JsonTape& tape, const EventFields& fields);

/// {"source":…,"medium":…,"campaign":…,"referrer":…,"landing_page":…}; null is unknown.
void append_json(const Touch& touch, std::string& out);
/// Of an object as append_json() writes it; what is not understood is unknown.
Touch read_touch(const JsonTape& tape, std::uint32_t object);

/// A purpose that the event's consent refuses: `"consent":{"ads":false}`. One that is not spoken of
/// is not refused.
bool refuses(const JsonTape& tape, const EventFields& fields, std::string_view purpose);

} // namespace weir::sandbox
