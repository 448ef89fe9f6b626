// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One request and the events that were found in it, each judged: what the answer, the broker, the
// counters and the QA end points are all made from.
//
// Thread contract: made by one thread, then shared and const. Bound: the request's, and
// BatchLimits.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/http/message.h"
#include "models/event/json/json_tape.h"
#include "models/sandbox/judge.h"

namespace weir::sandbox {

struct BatchLimits {
    std::size_t events = 10'000;
    std::size_t event_bytes = 900'000;       // as it comes
    std::size_t record_bytes = 990'000;      // as it is passed on, with its key
    std::size_t dead_letter_bytes = 990'000; // likewise
    std::size_t violations = 100;            // of one event that are listed
};

/// One event's JSON: deeper or longer is refused.
inline constexpr JsonLimits event_json{.depth = 128, .nodes = 200'000};

/// A stretch of Batch::text.
struct Stretch {
    std::size_t begin = 0;
    std::size_t length = 0;
};

struct JudgedEvent {
    Verdict::Outcome outcome = Verdict::Outcome::Good;
    std::string_view original; // as it came: into the request, or into Batch::made
    bool is_object = false;    // that is a JSON object
    std::string type;          // as the client calls it; may be empty
    std::string source;        // write key, source id, app id; may be empty
    std::string key;           // the session, else who it was; empty: unknown
    Stretch value;             // of a good event: what goes to the broker
    std::vector<Violation> violations;
    bool good() const { return outcome != Verdict::Outcome::Refused; }
};

/// Why no event could be read from a request.
struct Unreadable {
    int status = 400;
    std::string why;
    ViolationReason reason = ViolationReason::NotJson;
    std::string expected = {}; // in words; empty: there is nothing in the request to be kept
    bool is_object = false;    // it is a JSON object, though not the one that was expected
};

struct Batch {
    http::Request request;
    /// No event could be read from it: its one event, refused, is the whole of what was sent.
    std::optional<Unreadable> unreadable;
    Dialect dialect = Dialect::Native;
    std::string received_time; // RFC 3339
    std::string scope;         // the test that sent it says so itself; may be empty
    std::string made;          // an original that did not come as text: a query, as JSON
    std::string text;          // the good events' values behind each other
    std::vector<JudgedEvent> events;

    std::string_view value_of(const JudgedEvent& event) const {
        return std::string_view(text).substr(event.value.begin, event.value.length);
    }
    std::size_t good_count() const;
};

} // namespace weir::sandbox
