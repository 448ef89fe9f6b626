// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is known of reasons for which events fail: how bad it is, whether the events can be got
// back, what can be done. Weir's own reasons, Snowplow's failure types, and exceptions of Kafka
// clients by what their names say.
// Thread contract: pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace weir {

/// Dropped; kept, but wrong or changed; meant to be.
enum class Severity : std::uint8_t { Error, Warning, Info };
const char* to_word(Severity severity);

/// Whether an event that failed can be got back by mending it, or what it failed at.
enum class Recoverable : std::uint8_t { Yes, No, Unknown };
const char* to_word(Recoverable recoverable); // "yes", "no", "unknown"

struct ReasonFacts {
    Recoverable recoverable = Recoverable::Unknown;
    bool mostly_bots = false; // what sends it is rarely a client of one's own
    bool meant = false;       // somebody decided so: not a fault
    std::string remedy;       // a sentence, never empty
};
ReasonFacts reason_facts(std::string_view reason);

/// Whether a user agent says of itself that it is a program that looks through the web.
bool is_bot(std::string_view user_agent);

} // namespace weir
