// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/event_checker.h"

#include "connectors/base/near_word.h"
#include "models/event/decode/dialect.h"
#include "models/event/json/json_tape.h"
#include "models/workspace/schema_check.h"

namespace weir {

namespace {

CheckOptions options_of(std::size_t payload_bytes_max) {
    CheckOptions options;
    options.payload_bytes_max = payload_bytes_max;
    return options;
}

Effect effect_of(UnknownTypes unknown) {
    return unknown == UnknownTypes::Flag ? Effect::Flag : Effect::Block;
}

/// An event of a vendor's dialect whose type no contract knows.
Violation unknown_type(const ContractSet& contracts, const std::string& type, Effect effect) {
    Violation violation;
    violation.reason = ViolationReason::UnknownType;
    violation.effect = effect;
    violation.expected = "a type that has a contract";
    std::string quoted;
    append_json_string(type, quoted);
    violation.found = type.empty() ? "" : found_text(quoted);
    const std::string near = nearest_word(type, contracts.types());
    violation.remedy = near.empty() ? "add a contract for it" : "did you mean \"" + near + "\"?";
    return violation;
}

std::string text_at(const JsonTape& tape, std::uint32_t object, const char* name) {
    const auto node = tape.member(object, name);
    return node && tape.nodes()[*node].kind == JsonKind::String ? tape.unescaped(*node)
                                                                : std::string();
}

Violation violation_at(const JsonTape& tape, std::uint32_t object) {
    Violation violation;
    if (!from_word(text_at(tape, object, "reason"), violation.reason))
        violation.reason = ViolationReason::Rule; // another program's word
    from_word(text_at(tape, object, "effect"), violation.effect);
    violation.pointer = text_at(tape, object, "pointer");
    violation.expected = text_at(tape, object, "expected");
    violation.found = text_at(tape, object, "found");
    violation.remedy = text_at(tape, object, "remedy");
    return violation;
}

std::string header_text(std::span<const HeaderView> headers, std::string_view name) {
    for (const HeaderView& header : headers)
        if (header.name == name && !header.null)
            return std::string(header.value);
    return {};
}

/// Reason, pointer and message alone.
Violation told(const std::string& reason, std::string pointer, std::string message) {
    Violation violation;
    violation.pointer = std::move(pointer);
    violation.expected = std::move(message);
    if (!from_word(reason, violation.reason)) {
        violation.reason = ViolationReason::Rule;
        violation.expected = reason + (violation.expected.empty() ? "" : ": ") + violation.expected;
    }
    return violation;
}

} // namespace

EventChecker::EventChecker(std::shared_ptr<const ContractSet> contracts, ContractsSpec spec,
                           std::shared_ptr<const Vocabulary> vocabulary,
                           std::shared_ptr<const DialectSet> dialects,
                           std::size_t payload_bytes_max)
    : m_spec(std::move(spec))
    , m_vocabulary(std::move(vocabulary))
    , m_dialects(std::move(dialects))
    , m_checker(std::move(contracts), options_of(payload_bytes_max)) {}

EventChecker::~EventChecker() = default;

const EventChecker::Dialect& EventChecker::dialect_of(ValueId id) {
    if (id.value() >= m_known_dialects.size())
        m_known_dialects.resize(id.value() + 1U);
    Dialect& found = m_known_dialects[id.value()];
    if (found.known)
        return found;
    found.known = true;
    const std::string name = m_vocabulary->dialects->text(id);
    for (const auto& dialect : static_cast<const LoadedDialects&>(*m_dialects).all()) {
        if (dialect.name != name)
            continue;
        found.native = is_of_family(name, "native");
        found.describes_itself = name == "snowplow-tracker";
        found.judged =
            dialect.body != DialectBody::Tsv && (!dialect.dead_letter || dialect.overlay);
    }
    return found;
}

const EventChecker::Place& EventChecker::place_of(PlaceId id) {
    if (id.value() >= m_places.size())
        m_places.resize(id.value() + std::size_t{1});
    Place& found = m_places[id.value()];
    if (found.known)
        return found;
    const std::string topic = m_vocabulary->places->name(id);
    found = {true, m_spec.checks(topic), m_spec.unknown_types_at(topic)};
    return found;
}

const Judgement* EventChecker::check(const Sighting& sighting, std::string_view body, Micros now) {
    const Place& place = place_of(sighting.place);
    if (!place.checked || sighting.outcome == Outcome::Tombstone)
        return nullptr;
    const Dialect& dialect = dialect_of(sighting.dialect);
    if (!dialect.judged)
        return nullptr;
    m_checker.set_unknown_types(place.unknown_types);
    if (dialect.native)
        return &m_checker.check(body, now);
    const std::string type = m_vocabulary->dimensions[0]->text(sighting.dimensions[0]);
    return dialect.describes_itself ? check_described(type, body, place, now)
                                    : check_foreign(type, body, place, now);
}

void EventChecker::add_unknown(const std::string& type, const Place& place) {
    if (place.unknown_types != UnknownTypes::Pass)
        m_sum.violations.push_back(
            unknown_type(*m_checker.contracts(), type, effect_of(place.unknown_types)));
}

const Judgement* EventChecker::check_foreign(const std::string& type, std::string_view body,
                                             const Place& place, Micros now) {
    if (m_checker.contracts()->latest_foreign({}, type) != nullptr)
        return &m_checker.check(body, type, std::nullopt, now);
    m_sum = {};
    add_unknown(type, place);
    return &m_sum;
}

const Judgement* EventChecker::check_described(const std::string& type, std::string_view body,
                                               const Place& place, Micros now) {
    if (!m_parameters.parse(body)) // a decoder read it: it is JSON
        return nullptr;
    m_sum = {};
    if (read_event(m_said, m_parameters))
        add_described(m_said.data(), false, place, now);
    else if (m_said.problem())
        m_sum.violations.push_back(*m_said.problem());
    else
        m_sum = *check_foreign(type, body, place, now);
    if (!read_entities(m_said, m_parameters)) {
        if (m_said.problem())
            m_sum.violations.push_back(*m_said.problem());
        return &m_sum;
    }
    const auto& nodes = m_said.tape().nodes();
    for (std::uint32_t node = m_said.data() + 1; node < nodes[m_said.data()].next;
         node = nodes[node].next)
        if (!add_described(node, true, place, now))
            break; // there may be very many: the first is enough
    return &m_sum;
}

/// What the self-describing JSON at `node` says; an entity without a contract is not judged. False:
/// it cannot be read.
bool EventChecker::add_described(std::uint32_t node, bool entity, const Place& place, Micros now) {
    std::string within;
    const auto iglu = m_said.describe(node, m_inner, within);
    if (!iglu) {
        m_sum.violations.push_back(*m_said.problem());
        return false;
    }
    const Contract* const known = m_checker.contracts()->latest_foreign(iglu->vendor, iglu->name);
    if (known == nullptr) {
        if (!entity)
            add_unknown(iglu->vendor + "/" + iglu->name, place);
        return true;
    }
    const Judgement& judgement =
        m_checker.check(m_inner, known->type, iglu_model(iglu->version), now);
    if (!entity)
        m_sum.contract = judgement.contract;
    for (Violation violation : judgement.violations) {
        if (is_about_version(violation.reason)) {
            violation.pointer = within.substr(0, within.rfind('/')) + "/schema";
            violation.found = found_text(iglu->version);
        } else {
            violation.pointer.insert(0, within);
            violation.within = within;
        }
        m_sum.violations.push_back(std::move(violation));
    }
    return true;
}

std::vector<Violation> dead_letter_violations(std::string_view value,
                                              std::span<const HeaderView> headers) {
    std::vector<Violation> all;
    JsonTape tape;
    const bool json = tape.parse(value) && tape.nodes()[0].kind == JsonKind::Object;
    const auto list = json ? tape.member(0, "violations") : std::nullopt;
    if (list && tape.nodes()[*list].kind == JsonKind::Array)
        for (std::uint32_t i = *list + 1; i < tape.nodes()[*list].next; i = tape.nodes()[i].next)
            if (tape.nodes()[i].kind == JsonKind::Object)
                all.push_back(violation_at(tape, i));
    if (!all.empty())
        return all;
    if (const std::string reason = header_text(headers, "weir-reason"); !reason.empty())
        all.push_back(told(reason, header_text(headers, "weir-pointer"),
                           header_text(headers, "weir-message")));
    else if (json && !text_at(tape, 0, "reason").empty())
        all.push_back(told(text_at(tape, 0, "reason"), text_at(tape, 0, "pointer"),
                           text_at(tape, 0, "message")));
    return all;
}

} // namespace weir
