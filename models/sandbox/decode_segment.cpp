// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <random>

#include "models/event/decode/timestamps.h"
#include "models/event/search/hit_json.h"
#include "models/sandbox/decode_request.h"
#include "models/sandbox/event_taker.h"

namespace weir::sandbox {

namespace {

/// Version 4, from the system's randomness.
std::string random_uuid() {
    static constexpr char digits[] = "0123456789abcdef";
    std::random_device device;
    std::string text;
    for (int word = 0; word < 4; ++word) {
        const std::uint32_t bits = device();
        for (unsigned shift = 0; shift < 32; shift += 4)
            text += digits[(bits >> shift) & 15U];
    }
    text[12] = '4';
    text[16] = digits[8 + (static_cast<unsigned char>(text[16]) & 3U)];
    for (const std::size_t at : {20U, 16U, 12U, 8U})
        text.insert(at, 1, '-');
    return text;
}

/// What a batch says for all of its events, as JSON text; empty: nothing.
struct ForAll {
    std::string sent_at;
    std::string write_key;
    std::string context;
};

class SegmentTaker final : public EventTaker {
  public:
    SegmentTaker(Batch& batch, Judge& judge, const BatchLimits& limits, std::string_view call,
                 ForAll for_all)
        : EventTaker(batch, judge, limits)
        , m_call(call)
        , m_for_all(std::move(for_all))
        , m_received(json_string(batch.received_time)) {}

  private:
    enum Member {
        Type,
        Event,
        Context,
        Session,
        Anonymous,
        User,
        WriteKey,
        MessageId,
        SentAt,
        Timestamp,
        Original,
        ReceivedAt,
        member_count
    };

    void describe(const JsonTape& tape, Described& event) override;
    void complete(const JsonTape& tape, const Described& event, Splice& splice) override;
    void complete_times(const JsonTape& tape, Splice& splice);
    void find_members(const JsonTape& tape);
    bool has(Member member) const { return m_at[member] != 0; }
    std::string text(const JsonTape& tape, Member member) const {
        return has(member) ? scalar_text(tape, m_at[member]) : std::string();
    }
    static std::string text_within(const JsonTape& tape, std::uint32_t object,
                                   std::string_view name);

    const std::string m_call;
    const ForAll m_for_all;
    const std::string m_received;
    std::array<std::uint32_t, member_count> m_at{}; // value nodes; 0: not there
    std::string m_scratch;
};

void SegmentTaker::find_members(const JsonTape& tape) {
    static constexpr std::array<std::string_view, member_count> names = {
        "type",     "event",     "context", "session_id", "anonymousId",       "userId",
        "writeKey", "messageId", "sentAt",  "timestamp",  "originalTimestamp", "receivedAt"};
    m_at.fill(0);
    for (std::uint32_t key = 1; key < tape.nodes()[0].next; key = tape.nodes()[key + 1].next) {
        const std::string_view name = tape.text_of(key, m_scratch);
        for (std::size_t i = 0; i < names.size(); ++i)
            if (names[i] == name)
                m_at[i] = key + 1;
    }
}

std::string SegmentTaker::text_within(const JsonTape& tape, std::uint32_t object,
                                      std::string_view name) {
    const auto node = tape.member(object, name);
    return node ? scalar_text(tape, *node) : std::string();
}

void SegmentTaker::describe(const JsonTape& tape, Described& event) {
    find_members(tape);
    event.type = text(tape, Event);
    if (event.type.empty())
        event.type = text(tape, Type);
    if (event.type.empty())
        event.type = m_call;
    event.key = text(tape, Session);
    if (has(Context)) {
        for (const char* name : {"sessionId", "session_id"})
            if (event.key.empty())
                event.key = text_within(tape, m_at[Context], name);
        if (const auto protocols = tape.member(m_at[Context], "protocols"))
            event.version = text_within(tape, *protocols, "event_version");
    }
    for (const Member who : {Anonymous, User})
        if (event.key.empty())
            event.key = text(tape, who);
    event.source = text(tape, WriteKey);
    if (event.source.empty())
        event.source = m_for_all.write_key;
}

void SegmentTaker::complete(const JsonTape& tape, const Described& event, Splice& splice) {
    if (!has(Type) && !m_call.empty())
        splice.add_member(tape, "type", json_string(m_call));
    if (!has(MessageId))
        splice.add_member(tape, "messageId", json_string(random_uuid()));
    if (!has(WriteKey) && !event.source.empty())
        splice.add_member(tape, "writeKey", json_string(event.source));
    if (!has(Context) && !m_for_all.context.empty())
        splice.add_member(tape, "context", m_for_all.context);
    if (!has(SentAt) && !m_for_all.sent_at.empty())
        splice.add_member(tape, "sentAt", json_string(m_for_all.sent_at));
    complete_times(tape, splice);
    if (has(ReceivedAt))
        splice.set_value(tape, m_at[ReceivedAt], m_received);
    else
        splice.add_member(tape, "receivedAt", m_received);
}

/// timestamp = receivedAt - (sentAt - originalTimestamp): the client's clock may be wrong, the time
/// that passed on it is not. What the client said stays, digit by digit.
void SegmentTaker::complete_times(const JsonTape& tape, Splice& splice) {
    if (has(Original) && has(Timestamp))
        return;
    const bool told = has(Original) || has(Timestamp);
    Micros corrected = batch().request.received;
    if (told) {
        Micros original;
        if (!parse_rfc3339(text(tape, has(Original) ? Original : Timestamp), true, original))
            return; // no time: left as it is, for whoever judges it
        const std::string sent_at = has(SentAt) ? text(tape, SentAt) : m_for_all.sent_at;
        Micros sent;
        corrected = parse_rfc3339(sent_at, true, sent) ? corrected - (sent - original) : original;
    }
    if (has(Timestamp)) {
        const TapeNode& key = tape.nodes()[m_at[Timestamp] - 1];
        splice.replace(key.offset, key.length, "originalTimestamp");
    }
    splice.add_member(tape, "timestamp", json_string(rfc3339(corrected)));
}

ForAll for_all_of(const JsonTape& tape, const std::string& write_key) {
    ForAll for_all;
    for_all.write_key = write_key;
    if (const auto node = tape.member(0, "sentAt"))
        for_all.sent_at = scalar_text(tape, *node);
    if (const auto node = tape.member(0, "writeKey"))
        for_all.write_key = scalar_text(tape, *node);
    if (const auto node = tape.member(0, "context");
        node && tape.nodes()[*node].kind == JsonKind::Object)
        for_all.context = tape.raw(*node);
    return for_all;
}

} // namespace

bool decode_segment(Batch& batch, std::string_view call, Judge& judge, const BatchLimits& limits,
                    Unreadable& why) {
    const std::string_view body = batch.request.body;
    const std::string write_key = write_key_of(batch.request);
    JsonTape tape;
    const bool parsed = tape.parse(body, {.depth = 130, .nodes = 2'000'000});
    const auto list = parsed ? tape.member(0, "batch") : std::nullopt;
    if (!list || !call.empty()) {
        SegmentTaker(batch, judge, limits, call, {{}, write_key, {}}).take(body);
        return true;
    }
    if (tape.nodes()[*list].kind != JsonKind::Array) {
        why = {400, "\"batch\" must be an array of events", ViolationReason::WrongType,
               "an array of events as \"batch\"", true};
        return false;
    }
    if (tape.size(*list) > limits.events) {
        why = too_many_events(limits);
        return false;
    }
    SegmentTaker taker(batch, judge, limits, {}, for_all_of(tape, write_key));
    batch.events.reserve(tape.size(*list));
    for (std::uint32_t node = *list + 1; node < tape.nodes()[*list].next;
         node = tape.nodes()[node].next)
        taker.take(tape.raw_quoted(node));
    return true;
}

} // namespace weir::sandbox
