// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/self_describing.h"
#include "models/sandbox/decode_request.h"
#include "models/sandbox/event_taker.h"
#include "models/sandbox/snowplow_event.h"

namespace weir::sandbox {

namespace {

constexpr std::string_view payload_schema =
    "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4";

class SnowplowTaker final : public EventTaker {
  public:
    SnowplowTaker(Batch& batch, Judge& judge, const BatchLimits& limits, std::string_view schema)
        : EventTaker(batch, judge, limits)
        , m_before("{\"schema\":" + json_string(schema) +
                   ",\"received_time\":" + json_string(batch.received_time) + ",\"data\":[") {}

  private:
    void describe(const JsonTape& tape, Described& event) override;
    void complete(const JsonTape&, const Described&, Splice&) override {}
    void judge(Judge& judge, const JsonTape& tape, const Described& event,
               Verdict& verdict) override;
    void judge_said(Judge& judge, const IgluName& iglu, bool entity, Verdict& verdict);
    void refuse(Verdict& verdict) const;
    std::string_view before() const override { return m_before; }
    std::string_view after() const override { return "]}"; }

    const std::string m_before;
    SelfDescribing m_said;
    std::optional<IgluName> m_iglu; // of the event, if it describes itself
    JsonTape m_inner;               // what the event says, or an entity
    std::string m_within;           // where that stands
};

void SnowplowTaker::describe(const JsonTape& tape, Described& event) {
    const auto text = [&](const char* name) {
        const auto node = tape.member(0, name);
        return node ? scalar_text(tape, *node) : std::string();
    };
    m_iglu =
        read_event(m_said, tape) ? m_said.describe(m_said.data(), m_inner, m_within) : std::nullopt;
    event.type = m_iglu ? m_iglu->name : std::string(snowplow_type_word(text("e")));
    for (const char* name : {"sid", "duid", "tnuid", "uid"})
        if (event.key.empty())
            event.key = text(name);
    event.source = text("aid");
}

void SnowplowTaker::judge_said(Judge& judge, const IgluName& iglu, bool entity, Verdict& verdict) {
    judge.judge({Dialect::Snowplow, iglu.name, iglu.version, iglu.vendor, m_within, entity},
                m_inner, verdict);
}

/// What describes itself and cannot be read: no contract and no policy is asked.
void SnowplowTaker::refuse(Verdict& verdict) const {
    verdict.violations.push_back(*m_said.problem());
    verdict.add(Verdict::Outcome::Refused);
}

void SnowplowTaker::judge(Judge& judge, const JsonTape& tape, const Described& event,
                          Verdict& verdict) {
    if (m_iglu)
        judge_said(judge, *m_iglu, false, verdict);
    else if (m_said.problem())
        refuse(verdict);
    else
        EventTaker::judge(judge, tape, event, verdict);
    if (!read_entities(m_said, tape)) {
        if (m_said.problem())
            refuse(verdict);
        return;
    }
    const auto& nodes = m_said.tape().nodes();
    for (std::uint32_t node = m_said.data() + 1; node < nodes[m_said.data()].next;
         node = nodes[node].next) {
        const auto iglu = m_said.describe(node, m_inner, m_within);
        if (!iglu)
            return refuse(verdict); // there may be very many: the first is enough
        judge_said(judge, *iglu, true, verdict);
    }
}

} // namespace

bool decode_snowplow(Batch& batch, Judge& judge, const BatchLimits& limits, Unreadable& why) {
    const std::string_view body = batch.request.body;
    JsonTape tape;
    if (!tape.parse(body, {.depth = 130, .nodes = 2'000'000})) {
        SnowplowTaker(batch, judge, limits, payload_schema).take(body); // one refused event
        return true;
    }
    const auto schema = tape.member(0, "schema");
    const auto data = tape.member(0, "data");
    if (!schema || !data || tape.nodes()[*data].kind != JsonKind::Array ||
        scalar_text(tape, *schema).find("/payload_data/") == std::string::npos) {
        const std::string expected = "a payload_data object with its array \"data\"";
        why = {400, expected + " is expected", ViolationReason::WrongType, expected,
               tape.nodes()[0].kind == JsonKind::Object};
        return false;
    }
    if (tape.size(*data) > limits.events) {
        why = too_many_events(limits);
        return false;
    }
    SnowplowTaker taker(batch, judge, limits, scalar_text(tape, *schema));
    batch.events.reserve(tape.size(*data));
    for (std::uint32_t node = *data + 1; node < tape.nodes()[*data].next;
         node = tape.nodes()[node].next)
        taker.take(tape.raw_quoted(node));
    return true;
}

bool decode_snowplow_query(Batch& batch, Judge& judge, const BatchLimits& limits, Unreadable& why) {
    batch.made = "{";
    for (const http::Header& pair : http::query_pairs(batch.request.query)) {
        batch.made += batch.made.size() > 1 ? "," : "";
        append_json_string(pair.name, batch.made);
        batch.made += ':';
        append_json_string(pair.value, batch.made);
    }
    batch.made += "}";
    if (batch.made.size() == 2) {
        why = {400, "the query holds no event"};
        return false;
    }
    SnowplowTaker(batch, judge, limits, payload_schema).take(batch.made);
    return true;
}

} // namespace weir::sandbox
