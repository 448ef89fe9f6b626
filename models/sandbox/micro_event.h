// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One event in the words of Snowplow Micro: a GoodEvent {rawEvent, eventType, schema, contexts,
// event} or a BadEvent {collectorPayload, rawEvent, errors}. Events of other dialects take the same
// shape: `parameters` is the event as it came, `event` what was passed on.
//
// Thread contract: pure functions.
#pragma once

#include "models/sandbox/micro_store.h"

namespace weir::sandbox {

/// What filters look at.
struct MicroFacts {
    std::string vendor;     // of the API: "com.snowplowanalytics.snowplow"
    std::string version;    // "tp2"
    std::string event_type; // "page_view", "unstruct", …
    std::string code;       // the same as it was sent: "pv", "ue"
    std::string schema;     // of a self-described event: "iglu:…"; may be empty
    std::vector<std::string> contexts;
};

MicroFacts micro_facts(const MicroEvent& event);
void append_good_event(const MicroEvent& event, std::string& out);
void append_bad_event(const MicroEvent& event, std::string& out);

} // namespace weir::sandbox
