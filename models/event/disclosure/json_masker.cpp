// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/disclosure/json_masker.h"

#include <algorithm>

#include "models/event/disclosure/decoded_text.h"
#include "models/event/disclosure/quotation.h"
#include "models/event/disclosure/text_slot.h"
#include "models/event/disclosure/value_patterns.h"

namespace weir {
namespace {

constexpr std::size_t cached_name_bytes_max = 64;

bool begins_container(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
}

/// What is said of an element itself goes before what is said of its list.
bool is_shown(FieldClasses::Said said, bool shown_by_list) {
    return said == FieldClasses::Said::Shown ||
           (said == FieldClasses::Said::Nothing && shown_by_list);
}

} // namespace

void JsonMasker::learn(CachedName& slot, std::string_view name) {
    slot.name = name;
    slot.by_name = {class_of_name(name, ""), class_of_scalar(name)};
    slot.by_text = m_texts.judge(name);
    slot.needs_parent = class_of_name(name, "user") != slot.by_name.any;
    slot.filled = true;
}

/// What is known of a member's name. Names of members are few, payloads are many.
const JsonMasker::CachedName& JsonMasker::lookup(std::string_view name) {
    if (name.size() > cached_name_bytes_max) {
        learn(m_long_name, name);
        return m_long_name;
    }
    const std::size_t home = slot_of(name, cached_names);
    for (std::size_t step = 0; step < probes; ++step) {
        CachedName& slot = m_names[home + step];
        if (slot.filled && slot.name == name)
            return slot;
        if (slot.filled)
            continue;
        learn(slot, name);
        return slot;
    }
    CachedName& slot = m_names[home + m_next_victim++ % probes];
    learn(slot, name);
    return slot;
}

FieldClass JsonMasker::class_of(std::string_view name, std::string_view parent) {
    const CachedName& known = lookup(name);
    const FieldClass any = known.needs_parent ? class_of_name(name, parent) : known.by_name.any;
    return any != FieldClass::None ? any : known.by_name.scalar;
}

/// JSON that is wrapped in a string, in base64 perhaps; `agreed` is what is said of the value in
/// it. Of an event everything in it counts; elsewhere what the detectors find in the text is masked
/// by itself.
std::string_view JsonMasker::reason_of_wrapped(std::string_view text, FieldClasses::Place agreed) {
    const bool event = agreed.said() == FieldClasses::Said::Event;
    if (!event && !begins_container(text) && decode_wrapped_text(text, m_unwrapped))
        text = m_unwrapped;
    if (!begins_container(text)) // an event that cannot be parsed is hidden like any other
        return event ? unparsable : std::string_view();
    if (m_wrapped_max == 0)
        return unparsable;
    if (m_inner == nullptr)
        m_inner = std::make_unique<JsonMasker>(m_detects, m_wrapped_max - 1);
    m_inner->m_wrapped = agreed;
    m_inner->m_inside = m_inside;
    const bool read = m_inner->walk(text, {}, nullptr);
    m_inner->m_wrapped = {};
    if (!read)
        return unparsable;
    for (const Hit& hit : m_inner->hits())
        if (event || hit.agreed)
            return hit.reason;
    return {};
}

/// What is agreed about a text or number. True: that is all there is to say.
bool JsonMasker::judge_agreed(std::uint32_t node, const Known& known) {
    const FieldClasses::Said said = known.agreed.said();
    if (is_shown(said, known.shown))
        return true;
    const bool text = m_tape.nodes()[node].kind == JsonKind::String;
    std::string_view reason =
        said == FieldClasses::Said::Personal ? known.agreed.reason() : known.covered;
    if (reason.empty() && text && (known.agreed.has_below() || said == FieldClasses::Said::Event))
        reason = reason_of_wrapped(m_tape.text_of(node, m_scratch), known.agreed);
    if (reason.empty())
        return false;
    m_hits.push_back({node, reason, 0, 0, known.agreed.form(), true});
    m_event_hidden = m_event_hidden || reason == encoded_event || said == FieldClasses::Said::Event;
    return true;
}

void JsonMasker::judge_detected(std::uint32_t node, ByName by_name) {
    const TapeNode& value = m_tape.nodes()[node];
    const FieldClass named = by_name.any != FieldClass::None ? by_name.any : by_name.scalar;
    if (value.kind == JsonKind::Number) {
        const FieldClass found =
            named != FieldClass::None ? named : class_of_number(m_tape.raw(node));
        if (found != FieldClass::None)
            m_hits.push_back({node, to_word(found)});
        return;
    }
    const auto parts = static_cast<std::uint32_t>(m_parts.size());
    const std::string_view reason = named != FieldClass::None
                                        ? to_word(named)
                                        : m_texts.judge(m_tape.text_of(node, m_scratch), &m_parts);
    if (!reason.empty())
        m_hits.push_back({node, reason, parts, static_cast<std::uint32_t>(m_parts.size()) - parts});
}

void JsonMasker::judge(std::uint32_t node, const Known& known) {
    const TapeNode& value = m_tape.nodes()[node];
    const bool text = value.kind == JsonKind::String && value.length > 0;
    if ((!text && value.kind != JsonKind::Number) || judge_agreed(node, known))
        return;
    const std::size_t before = m_hits.size();
    if (m_detects)
        judge_detected(node, known.by_name);
    const bool whole = m_hits.size() > before && m_hits.back().part_count == 0;
    if (text && !whole && known.agreed.said() == FieldClasses::Said::Quotes)
        m_quotes.push_back(node);
}

/// What was masked in the event is masked where its envelope repeats it. Of an event that is
/// wrapped or encoded only the whole is known: then every quotation is masked. So is one that was
/// cut, where anything was masked: how it would have gone on is not known.
void JsonMasker::judge_quotes() {
    std::vector<Hit> found;
    for (const std::uint32_t node : m_quotes) {
        const Quotation quotation(m_tape.unescaped(node));
        const auto quoted = std::find_if(m_hits.begin(), m_hits.end(), [&](const Hit& hit) {
            return hit.node != node && (m_event_hidden || quotation.is_cut() ||
                                        quotation.repeats(m_tape.text_of(hit.node, m_scratch)));
        });
        if (quoted != m_hits.end())
            found.push_back({node, quoted->reason});
    }
    for (const Hit& whole : found) { // in the place of what was masked in parts there
        const auto at = std::lower_bound(m_hits.begin(), m_hits.end(), whole.node,
                                         [](const Hit& h, std::uint32_t n) { return h.node < n; });
        if (at != m_hits.end() && at->node == whole.node)
            *at = whole;
        else
            m_hits.insert(at, whole);
    }
}

/// Masks a member's name that is somebody's itself; returns what the name says of its value.
JsonMasker::ByName JsonMasker::judge_member(std::uint32_t node, std::string_view name,
                                            const Container& outer) {
    const CachedName& known = lookup(name);
    if (!known.by_text.empty())
        m_hits.push_back({node, known.by_text});
    if (outer.inherited.by_name.any != FieldClass::None)
        return {outer.inherited.by_name.any, {}};
    ByName by_name = known.by_name;
    if (known.needs_parent)
        by_name.any = class_of_name(name, outer.name);
    return by_name;
}

/// What the strings of a list say together and none of them by itself: ["jane","@","x.org"].
FieldClass JsonMasker::class_of_split(std::uint32_t array) {
    constexpr std::size_t joined_bytes_max = 128;
    const std::vector<TapeNode>& nodes = m_tape.nodes();
    m_joined.clear();
    m_spaced.clear();
    std::uint32_t count = 0;
    for (std::uint32_t at = array + 1; at < nodes[array].next; at = nodes[at].next) {
        if (nodes[at].kind != JsonKind::String ||
            m_joined.size() + nodes[at].length > joined_bytes_max)
            return FieldClass::None;
        const std::string_view text = m_tape.text_of(at, m_scratch);
        if (class_of_text(text) != FieldClass::None)
            return FieldClass::None;
        m_joined += text;
        (m_spaced += ++count > 1 ? " " : "") += text;
    }
    if (count < 2)
        return FieldClass::None;
    // Digits that only make a number where nothing parts them are more often two numbers.
    const FieldClass joined = class_of_text(m_joined);
    return joined == FieldClass::Email || joined == FieldClass::Ip || joined == FieldClass::Token
               ? joined
               : class_of_text(m_spaced);
}

JsonMasker::Known JsonMasker::known_of_member(std::uint32_t node, std::string_view name,
                                              Container& outer) {
    Known known;
    known.agreed = outer.inherited.agreed.member(name);
    known.covered = outer.inherited.covered;
    if (m_detects)
        known.by_name = judge_member(node, name, outer);
    return known;
}

void JsonMasker::open(std::uint32_t node, Known known, std::string_view name) {
    const FieldClasses::Said said = known.agreed.said();
    const bool is_object = m_tape.nodes()[node].kind == JsonKind::Object;
    const bool shown = is_shown(said, known.shown);
    if (said == FieldClasses::Said::Personal)
        known.covered = known.agreed.reason();
    if (shown) { // whatever is outside; what is inside is judged by itself
        known.covered = {};
        known.by_name = {};
    } else if (m_detects && !is_object && known.by_name.any == FieldClass::None) {
        known.by_name.any = class_of_split(node);
    }
    known.shown = shown && !is_object;
    m_open.push_back({m_tape.nodes()[node].next, is_object, known, name});
}

bool JsonMasker::find(std::string_view text, std::span<const EventFields> events) {
    return walk(text, events, nullptr);
}

bool JsonMasker::find_anywhere(std::string_view text, const FieldClasses* agreed) {
    return walk(text, {}, agreed);
}

bool JsonMasker::walk(std::string_view text, std::span<const EventFields> events,
                      const FieldClasses* anywhere) {
    m_hits.clear();
    m_parts.clear();
    m_quotes.clear();
    m_open.clear();
    m_event_hidden = false;
    if (!m_tape.parse(text))
        return false;
    const std::vector<TapeNode>& nodes = m_tape.nodes();
    Known known;
    known.agreed = m_wrapped;
    std::string_view name;
    for (std::uint32_t node = 0; node < nodes.size(); ++node) {
        while (!m_open.empty() && node >= m_open.back().end)
            m_open.pop_back();
        Container* const outer = m_open.empty() ? nullptr : &m_open.back();
        if (outer != nullptr && nodes[node].kind == JsonKind::Key) {
            name = m_tape.text_of(node, m_scratch);
            known = known_of_member(node, name, *outer);
            if (nodes[node].escaped)
                name = {}; // its bytes are in the scratch memory
            continue;
        }
        if (outer != nullptr && !outer->is_object) {
            known = outer->inherited;
            known.agreed = known.agreed.element(outer->elements++);
            name = outer->name; // [{"name": …}] below "users" is a user's name
        }
        if (!events.empty() && nodes[node].offset >= events.front().begin) {
            m_inside = events.front().agreed;
            known.agreed = FieldClasses::Place(
                events.front().around != nullptr ? events.front().around : m_inside);
            events = events.subspan(1);
        }
        const bool is_object = nodes[node].kind == JsonKind::Object;
        if (!is_object && nodes[node].kind != JsonKind::Array) {
            judge(node, known);
            continue;
        }
        if (known.agreed.said() == FieldClasses::Said::Event)
            known.agreed = FieldClasses::Place(m_inside);
        if (anywhere != nullptr && is_object && !known.agreed)
            known.agreed = FieldClasses::Place(anywhere);
        open(node, known, name);
    }
    if (!m_quotes.empty())
        judge_quotes();
    return true;
}

} // namespace weir
