// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/micro_event.h"

#include "models/contract/self_describing.h"
#include "models/event/json/utf8.h"
#include "models/sandbox/event_taker.h"
#include "models/sandbox/snowplow_canonical.h"
#include "models/sandbox/snowplow_event.h"

namespace weir::sandbox {

namespace {

void member(std::string_view name, std::string_view text, std::string& out) {
    append_json_string(name, out);
    out += ':';
    append_json_string(text, out);
    out += ',';
}

void null_or(std::string_view name, std::string_view text, std::string& out) {
    append_json_string(name, out);
    out += ':';
    if (text.empty())
        out += "null";
    else
        append_json_string(text, out);
    out += ',';
}

/// Secrets do not leave by the QA's door.
bool is_secret(std::string_view header) {
    return header == "authorization" || header == "cookie" || header == "proxy-authorization";
}

void append_context(const Batch& batch, std::string& out) {
    const http::Request& request = batch.request;
    out += "\"source\":{\"name\":\"weir\",\"encoding\":\"UTF-8\",\"hostname\":";
    append_json_string(request.header("host"), out);
    out += "},\"context\":{";
    member("timestamp", batch.received_time, out);
    member("ipAddress", request.remote, out);
    null_or("useragent", request.header("user-agent"), out);
    null_or("refererUri", request.header("referer"), out);
    out += "\"headers\":[";
    bool first = true;
    for (const http::Header& header : request.headers) {
        if (is_secret(header.name))
            continue;
        out += first ? "" : ",";
        first = false;
        append_json_string(header.name + ": " + header.value, out);
    }
    out += "],\"userId\":null}";
}

void append_api(const MicroFacts& facts, std::string& out) {
    out += "\"api\":{\"vendor\":";
    append_json_string(facts.vendor, out);
    out += ",\"version\":";
    append_json_string(facts.version, out);
    out += "},";
}

/// The event as JSON: an object as it came, anything else as a text.
void append_parameters(const JudgedEvent& event, std::string& out) {
    JsonTape tape;
    if (tape.parse(event.original, event_json) && tape.nodes()[0].kind == JsonKind::Object)
        out.append(event.original);
    else
        append_json_string(event.original, out);
}

void append_raw_event(const MicroEvent& event, const MicroFacts& facts, std::string& out) {
    out += "\"rawEvent\":{";
    append_api(facts, out);
    out += "\"parameters\":";
    append_parameters(event.event(), out);
    out += ',';
    null_or("contentType", event.batch->request.header("content-type"), out);
    append_context(*event.batch, out);
    out += "}";
}

/// The event in Snowplow's own columns.
void append_canonical(const MicroEvent& event, const MicroFacts& facts, std::string& out) {
    JsonTape tape;
    out += '{';
    if (tape.parse(event.event().original, event_json)) // it was good: it is an object
        append_canonical_columns(tape, out);
    null_or("event", facts.event_type, out);
    member("collector_tstamp", event.batch->received_time, out);
    member("user_ipaddress", event.batch->request.remote, out);
    null_or("useragent", event.batch->request.header("user-agent"), out);
    out += "\"v_collector\":\"weir\"}";
}

} // namespace

MicroFacts micro_facts(const MicroEvent& event) {
    MicroFacts facts;
    const JudgedEvent& judged = event.event();
    facts.event_type = facts.code = judged.type;
    if (event.batch->dialect != Dialect::Snowplow) {
        const bool segment = event.batch->dialect == Dialect::Segment;
        facts.vendor = segment ? "com.segment" : "weir";
        facts.version = segment ? "v1" : "events";
        return facts;
    }
    facts.vendor = "com.snowplowanalytics.snowplow";
    facts.version = event.batch->made.empty() ? "tp2" : "tp1";
    JsonTape tape;
    if (!tape.parse(judged.original, event_json) || tape.nodes()[0].kind != JsonKind::Object)
        return facts;
    if (const auto code = tape.member(0, "e"))
        facts.code = scalar_text(tape, *code);
    facts.event_type = snowplow_type_word(facts.code);
    SelfDescribing said;
    facts.schema = read_event(said, tape) ? said.schema_of(said.data())
                                          : std::string(snowplow_own_schema(facts.code));
    if (!read_entities(said, tape))
        return facts;
    const auto& nodes = said.tape().nodes();
    for (std::uint32_t node = said.data() + 1; node < nodes[said.data()].next;
         node = nodes[node].next)
        if (auto schema = said.schema_of(node); !schema.empty())
            facts.contexts.push_back(std::move(schema));
    return facts;
}

void append_good_event(const MicroEvent& event, std::string& out) {
    const MicroFacts facts = micro_facts(event);
    out += '{';
    append_raw_event(event, facts, out);
    out += ',';
    null_or("eventType", facts.event_type, out);
    null_or("schema", facts.schema, out);
    out += "\"contexts\":[";
    for (std::size_t i = 0; i < facts.contexts.size(); ++i) {
        out += i > 0 ? "," : "";
        append_json_string(facts.contexts[i], out);
    }
    out += "],\"event\":";
    if (event.batch->dialect == Dialect::Snowplow)
        append_canonical(event, facts, out);
    else
        out.append(event.batch->value_of(event.event()));
    out += '}';
}

void append_bad_event(const MicroEvent& event, std::string& out) {
    const MicroFacts facts = micro_facts(event);
    const http::Request& request = event.batch->request;
    out += "{\"collectorPayload\":{";
    append_api(facts, out);
    out += "\"querystring\":[";
    bool first = true;
    for (const http::Header& pair : http::query_pairs(request.query)) {
        out += first ? "" : ",";
        first = false;
        append_json_string(pair.name + "=" + pair.value, out);
    }
    out += "],";
    null_or("contentType", request.header("content-type"), out);
    null_or("body",
            event.batch->events.size() == 1 ? std::string_view(request.body)
                                            : event.event().original,
            out);
    append_context(*event.batch, out);
    out += "},";
    append_raw_event(event, facts, out);
    out += ",\"errors\":[";
    const auto& violations = event.event().violations;
    for (std::size_t i = 0; i < violations.size(); ++i) {
        out += i > 0 ? "," : "";
        append_json_string(violation_text(violations[i]), out);
    }
    out += "]}";
}

} // namespace weir::sandbox
