// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/base/base64.h"
#include "connectors/base/characters.h"
#include "models/sandbox/decode_request.h"
#include "models/sandbox/event_taker.h"
#include "models/sandbox/split.h"

namespace weir::sandbox {

namespace {

class NativeTaker final : public EventTaker {
  public:
    NativeTaker(Batch& batch, Judge& judge, const BatchLimits& limits)
        : EventTaker(batch, judge, limits)
        , m_write_key(write_key_of(batch.request))
        , m_received(json_string(batch.received_time)) {}

  private:
    void describe(const JsonTape& tape, Described& event) override;
    void complete(const JsonTape& tape, const Described&, Splice& splice) override;

    const std::string m_write_key;
    const std::string m_received;
    std::uint32_t m_received_node = 0; // 0: the event has none
    std::string m_scratch;
};

/// One walk over the event's own members: the last of a name counts, as parsers have it.
void NativeTaker::describe(const JsonTape& tape, Described& event) {
    m_received_node = 0;
    std::uint32_t anonymous = 0;
    std::uint32_t user = 0;
    for (std::uint32_t key = 1; key < tape.nodes()[0].next; key = tape.nodes()[key + 1].next) {
        const std::string_view name = tape.text_of(key, m_scratch);
        const std::uint32_t value = key + 1;
        if (name == "event_type")
            event.type = scalar_text(tape, value);
        else if (name == "schema_version")
            event.version = scalar_text(tape, value);
        else if (name == "session_id")
            event.key = scalar_text(tape, value);
        else if (name == "source_id")
            event.source = scalar_text(tape, value);
        else if (name == "anonymous_id")
            anonymous = value;
        else if (name == "user_id")
            user = value;
        else if (name == "received_time")
            m_received_node = value;
    }
    if (event.key.empty() && anonymous != 0)
        event.key = scalar_text(tape, anonymous);
    if (event.key.empty() && user != 0)
        event.key = scalar_text(tape, user);
    if (event.source.empty())
        event.source = m_write_key;
}

void NativeTaker::complete(const JsonTape& tape, const Described&, Splice& splice) {
    if (m_received_node == 0)
        splice.add_member(tape, "received_time", m_received);
    else
        splice.set_value(tape, m_received_node, m_received);
}

} // namespace

bool decode_native(Batch& batch, Judge& judge, const BatchLimits& limits, Unreadable& why) {
    const Pieces pieces = split_body(batch.request.body, limits.events);
    if (pieces.too_many) {
        why = too_many_events(limits);
        return false;
    }
    if (pieces.events.empty()) {
        why = {400, "the body holds no event"};
        return false;
    }
    batch.events.reserve(pieces.events.size());
    batch.text.reserve(batch.request.body.size() + pieces.events.size() * 48);
    NativeTaker taker(batch, judge, limits);
    for (const std::string_view piece : pieces.events)
        taker.take(piece);
    return true;
}

std::string write_key_of(const http::Request& request) {
    const std::string_view authorization = request.header("authorization");
    constexpr std::string_view basic = "basic "; // a scheme's case does not matter
    if (lower(authorization.substr(0, basic.size())) == basic)
        if (const auto text = base64_decoded(authorization.substr(basic.size())))
            return text->substr(0, text->find(':'));
    if (!request.query.empty())
        if (auto key = http::query_value(request.query, "writeKey"))
            return *key;
    return {};
}

} // namespace weir::sandbox
