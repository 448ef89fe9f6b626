// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which dialect reads a record's value, and what becomes of it if none does.
#include <algorithm>

#include "models/event/decode/dialect_decoder.h"
#include "models/event/json/json_look.h"
#include "models/event/json/utf8.h"

namespace weir {

namespace {

constexpr const char* no_object = "neither an object nor an array";

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view white = " \t\r\n";
    const std::size_t begin = text.find_first_not_of(white);
    if (begin == std::string_view::npos)
        return {};
    return text.substr(begin, text.find_last_not_of(white) - begin + 1);
}

std::string_view rest_of(std::string_view text, const char* from) {
    return text.substr(static_cast<std::size_t>(from - text.data()));
}

bool any_present(const std::vector<Capture>& captures) {
    return std::any_of(captures.begin(), captures.end(),
                       [](const Capture& c) { return c.data != nullptr; });
}

} // namespace

void DialectDecoder::read_value(const Sighting& base, SightingBatch& out) {
    Place& place = *m_now.place;
    if (m_now.record->value.size() > m_options.max_payload_bytes) {
        put_undecodable(base, m_hex_id, "larger than the decoder's limit", out);
        return;
    }
    m_is_json = false;
    Refusal refusal; // of the one that knows best: of the named dialect, or why it is not JSON
    if (place.last != any_dialect) {
        refusal = attempt(place.last, true);
        if (refusal.why == nullptr) {
            put_events(base, out);
            return;
        }
    }
    for (const int dialect : place.family.empty() ? m_readers : place.family) {
        if (dialect == place.last)
            continue;
        const Refusal another = attempt(dialect, true);
        if (another.why == nullptr) {
            place.last = dialect;
            put_events(base, out);
            return;
        }
        if (refusal.why == nullptr || (another.not_json && !refusal.not_json))
            refusal = another;
    }
    if (place.lenient != any_dialect) {
        refusal = attempt(place.lenient, false);
        if (refusal.why == nullptr) {
            put_events(base, out);
            return;
        }
    }
    put_fallback(base, refusal, out);
}

DialectDecoder::Refusal DialectDecoder::attempt(int dialect, bool strict) {
    m_now.plan = &plan_of(*m_now.place, dialect);
    m_lines.clear();
    m_lines_left_out = 0;
    m_envelope.resize(m_now.plan->slot_count);
    m_event.resize(m_now.plan->slot_count);
    switch (m_now.plan->dialect->body) {
    case DialectBody::Json:
        return attempt_json(strict);
    case DialectBody::Tsv:
        return attempt_tsv(strict);
    case DialectBody::Any:
        break;
    }
    return attempt_any();
}

DialectDecoder::Refusal DialectDecoder::attempt_json(bool strict) {
    const std::string_view value = m_now.record->value;
    const ScanPlan& plan = *m_now.plan;
    const FieldScan::Outcome outcome = m_record_scan.scan(
        plan.trie, value, plan.batch_slot, m_options.max_events_per_record, m_envelope);
    if (outcome.end == nullptr)
        return {outcome.error.what, true, outcome.error.offset};
    const std::string_view rest = rest_of(value, outcome.end);
    if (!trimmed(rest).empty()) {
        if (outcome.root != JsonKind::Object || !split_lines(rest))
            return {"text behind the value", true,
                    static_cast<std::uint32_t>(outcome.end - value.data())};
    }
    m_is_json = true;
    if (outcome.root != JsonKind::Object && outcome.root != JsonKind::Array)
        return {no_object};
    read_headers(plan, m_envelope);
    return check_shape(strict);
}

/// Of what attempt_json() found: the record, then its first event.
DialectDecoder::Refusal DialectDecoder::check_shape(bool strict) {
    const ScanPlan& plan = *m_now.plan;
    const std::vector<Capture>* event = &m_envelope;
    if (m_record_scan.batch_found()) {
        if (m_record_scan.spans().empty())
            return {"an empty batch"};
        m_event_scan.scan(plan.trie, m_record_scan.spans().front(), PathTrie::no_slot, 0, m_event);
        event = &m_event;
    }
    if (!strict)
        return any_present(*event) ? Refusal{} : Refusal{"none of the dialect's fields"};
    if (!plan.record_shape.matches(m_envelope))
        return {"not its shape", false, 0, plan.record_shape.count(m_envelope),
                plan.record_shape.at_least};
    if (!plan.event_shape.matches(*event))
        return {"not its shape", false, 0, plan.event_shape.count(*event),
                plan.event_shape.at_least};
    return {};
}

/// Takes the value for one event a line. False: what follows the first one is on its line.
bool DialectDecoder::split_lines(std::string_view rest) {
    const std::size_t gap = rest.find_first_not_of(" \t\r");
    if (gap == std::string_view::npos || rest[gap] != '\n')
        return false;
    std::string_view left = m_now.record->value;
    while (!left.empty()) {
        const std::size_t end = std::min(left.find('\n'), left.size());
        const std::string_view line = trimmed(left.substr(0, end));
        if (!line.empty() && m_lines.size() == m_options.max_events_per_record)
            ++m_lines_left_out;
        else if (!line.empty())
            m_lines.push_back(line);
        left.remove_prefix(std::min(end + 1, left.size()));
    }
    return true;
}

DialectDecoder::Refusal DialectDecoder::attempt_tsv(bool strict) {
    const auto wanted = static_cast<std::uint32_t>(m_now.plan->dialect->column_names.size());
    std::string_view value = m_now.record->value;
    while (!value.empty() && (value.back() == '\n' || value.back() == '\r'))
        value.remove_suffix(1);
    const auto found = static_cast<std::uint32_t>(std::count(value.begin(), value.end(), '\t')) + 1;
    if (found == 1 || (strict && found != wanted))
        return {"not its number of columns", false, 0, found, wanted};
    if (!is_utf8(value))
        return {"not UTF-8"};
    return read_columns(value, m_envelope) ? Refusal{} : Refusal{"none of the dialect's fields"};
}

/// Captures the wanted columns; false: all of them are empty.
bool DialectDecoder::read_columns(std::string_view value, std::vector<Capture>& captures) const {
    std::fill(captures.begin(), captures.end(), Capture());
    bool any = false;
    const char* p = value.data();
    const char* const end = p + value.size();
    for (const std::uint16_t slot : m_now.plan->slot_of_column) {
        const char* const begin = p;
        while (p < end && *p != '\t') // columns are short, and most are empty
            ++p;
        if (slot != PathTrie::no_slot && p != begin) {
            captures[slot] = {begin, static_cast<std::uint32_t>(p - begin), JsonKind::String,
                              false};
            any = true;
        }
        if (p == end)
            break;
        ++p;
    }
    read_headers(*m_now.plan, captures);
    return any;
}

/// A dialect of headers; if the body happens to be JSON, it may hold fields, too.
DialectDecoder::Refusal DialectDecoder::attempt_any() {
    const ScanPlan& plan = *m_now.plan;
    if (m_now.record->header_count == 0)
        return {"no headers", false, 0, 0, plan.record_shape.at_least};
    std::fill(m_envelope.begin(), m_envelope.end(), Capture());
    read_headers(plan, m_envelope);
    if (!plan.record_shape.matches(m_envelope))
        return {"not its headers", false, 0, plan.record_shape.count(m_envelope),
                plan.record_shape.at_least};
    const FieldScan::Outcome outcome =
        m_event_scan.scan(plan.trie, m_now.record->value, PathTrie::no_slot, 0, m_envelope);
    if (outcome.end == nullptr)
        std::fill(m_envelope.begin(), m_envelope.end(), Capture());
    read_headers(plan, m_envelope);
    return {};
}

/// Into those slots of the plan that headers have.
void DialectDecoder::read_headers(const ScanPlan& plan, std::vector<Capture>& captures) const {
    if (m_now.record->header_count == 0 || plan.headers.empty())
        return;
    const HeaderView* const headers = m_now.batch->headers_of(*m_now.record);
    for (const auto& [name, slot] : plan.headers) {
        for (std::size_t i = 0; i < m_now.record->header_count; ++i) {
            if (!headers[i].null && headers[i].name == name)
                captures[slot] = {headers[i].value.data(),
                                  static_cast<std::uint32_t>(headers[i].value.size()),
                                  JsonKind::String, false};
        }
    }
}

/// Makes sightings of what the last attempt() found.
void DialectDecoder::put_events(const Sighting& base, SightingBatch& out) {
    const ScanPlan& plan = *m_now.plan;
    const std::string_view value = m_now.record->value;
    const bool lines = !m_lines.empty();
    if (!lines && (plan.dialect->body != DialectBody::Json || !m_record_scan.batch_found())) {
        Sighting& sighting = out.sightings.emplace_back(base);
        set_body(sighting, value);
        fill_event(sighting, plan, m_envelope, nullptr);
        return;
    }
    const std::vector<std::string_view>& events = lines ? m_lines : m_record_scan.spans();
    const std::uint64_t left_out = lines ? m_lines_left_out : m_record_scan.spans_left_out();
    if (left_out > 0)
        out.cut.push_back({base.record, left_out});
    for (std::size_t i = 0; i < events.size(); ++i) {
        Sighting sighting = base;
        sighting.ordinal = static_cast<std::uint16_t>(i);
        set_body(sighting, events[i]);
        const FieldScan::Outcome outcome =
            m_event_scan.scan(plan.trie, events[i], PathTrie::no_slot, 0, m_event);
        if (outcome.end == nullptr || !trimmed(rest_of(events[i], outcome.end)).empty()) {
            const bool too_deep = outcome.end == nullptr && is_too_deep(outcome.error.what);
            put_undecodable(sighting, m_text_id,
                            too_deep ? json_too_deep : "a line that is not JSON", out);
            continue;
        }
        if (outcome.root != JsonKind::Object) {
            put_undecodable(sighting, m_json_id, "an event that is no object", out);
            continue;
        }
        read_headers(plan, m_event);
        fill_event(sighting, plan, m_event, lines ? nullptr : &m_envelope);
        out.sightings.push_back(sighting);
    }
}

/// What no dialect reads. Where the workspace names none, JSON of its own kind and plain text are
/// what they are; what claims to be JSON and is not, and bytes that are no text, cannot be decoded.
void DialectDecoder::put_fallback(Sighting sighting, const Refusal& refusal, SightingBatch& out) {
    const std::string_view value = m_now.record->value;
    const std::string_view why = refusal.why == nullptr ? "no dialect" : refusal.why;
    set_body(sighting, value);
    const bool named = !m_now.place->family.empty();
    const bool text = !m_is_json && is_utf8(value);
    if (!named && (m_is_json || (text && !claims_to_be_json(value)))) {
        sighting.dialect = m_is_json ? m_json_id : m_text_id;
        finish(sighting);
        out.sightings.push_back(sighting);
    } else if (m_is_json) {
        put_undecodable(sighting, m_json_id, why, out);
    } else if (text) {
        m_scratch = refusal.not_json ? unread_json_text(why) : std::string(why);
        put_undecodable(sighting, m_text_id, m_scratch, out);
    } else {
        put_undecodable(sighting, m_hex_id, "not UTF-8", out);
    }
}

void DialectDecoder::put_undecodable(Sighting sighting, ValueId dialect, std::string_view reason,
                                     SightingBatch& out) {
    set_body(sighting, sighting.body_size == 0
                           ? m_now.record->value
                           : m_now.record->value.substr(sighting.body_begin, sighting.body_size));
    sighting.outcome = Outcome::Undecodable;
    sighting.dialect = dialect;
    sighting.reason = m_reasons.id(reason);
    finish(sighting);
    ++out.undecodable;
    out.sightings.push_back(sighting);
}

} // namespace weir
