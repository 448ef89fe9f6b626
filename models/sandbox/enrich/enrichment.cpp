// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/enrich/enrichment.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>
#include <xxhash.h>

#include "models/sandbox/enrich/device.h"
#include "models/sandbox/enrich/measures.h"

namespace weir::sandbox {
namespace {

constexpr std::string_view advertising_ids[] = {
    "gclid", "fbclid", "msclkid", "ttclid",         "idfa",
    "gaid",  "aaid",   "idfv",    "advertising_id", "advertisingId"};
/// Where they stand, from the root.
constexpr std::string_view advertising_places[] = {"/properties", "/context", "/context/device",
                                                   "/context/campaign"};

/// Calls `each` with name and value of the members of an object; of a name that is there twice,
/// the last, as most parsers have it.
template <class Each>
void for_members(const JsonTape& tape, std::uint32_t object, std::string& scratch, Each each) {
    const auto& nodes = tape.nodes();
    for (std::uint32_t key = object + 1; key < nodes[object].next; key = nodes[key + 1].next) {
        const std::string_view name = tape.text_of(key, scratch);
        if (tape.member(object, name) == key + 1)
            each(name, key + 1);
    }
}

std::optional<std::uint32_t> properties_of(const JsonTape& tape) {
    const auto node = tape.member(0, "properties");
    const bool object = node && tape.nodes()[*node].kind == JsonKind::Object;
    return object ? node : std::nullopt;
}

} // namespace

void Enrichment::Members::name(std::string_view name) {
    text += text.empty() ? '{' : ',';
    append_json_string(name, text);
    text += ':';
}

void Enrichment::Members::add(std::string_view member, std::string_view json) {
    name(member);
    text += json;
}

void Enrichment::Members::add_text(std::string_view member, std::string_view value) {
    name(member);
    if (value.empty())
        text += "null";
    else
        append_json_string(value, text);
}

Enrichment::Enrichment(std::shared_ptr<const Tokeniser> tokeniser)
    : m_tokeniser(std::move(tokeniser)) {}

void Enrichment::apply(const JsonTape& tape, const EventFields& fields, const Contract* contract,
                       const Touch* touch) {
    m_tape = &tape;
    m_splice.clear();
    m_edited.clear();
    for (Members* const members : {&m_added, &m_before, &m_after})
        members->text.clear();
    m_added.add("version", std::to_string(enrichment_version));
    const bool ads_refused = refuses(tape, fields, "ads");
    if (ads_refused)
        refuse_ads();
    else
        signal(fields);
    personal(contract);
    device(fields);
    money();
    units();
    if (touch != nullptr) {
        m_added.name("touch");
        append_json(*touch, m_added.text);
    }
    finish();
}

bool Enrichment::is_edited(std::uint32_t node) const {
    return std::find(m_edited.begin(), m_edited.end(), node) != m_edited.end();
}

void Enrichment::replace(std::uint32_t node, std::string_view before, std::string_view after) {
    m_edited.push_back(node);
    m_splice.set_value(*m_tape, node, after);
    const std::string pointer = m_tape->pointer(node);
    m_before.add(pointer, before);
    m_after.add(pointer, after);
}

void Enrichment::personal(const Contract* contract) {
    for (const PersonalFinder::Value& found : m_finder.find(*m_tape, contract, enrichment_member)) {
        if (is_edited(found.node))
            continue;
        m_json.clear();
        if (m_tape->nodes()[found.node].kind == JsonKind::Number) {
            m_json = m_tokeniser->of_number(m_tape->raw(found.node));
        } else {
            const std::string_view text = m_tape->text_of(found.node, m_scratch);
            if (text.empty())
                continue;
            append_json_string(m_tokeniser->of_text(text, found.reason), m_json);
        }
        Members why;
        why.add_text("personal", found.reason);
        replace(found.node, why.braced(), m_json);
    }
}

void Enrichment::refuse_ads() {
    m_added.add("refused", R"(["ads"])");
    for (const std::string_view place : advertising_places) {
        const auto object = m_tape->at(place);
        if (!object || m_tape->nodes()[*object].kind != JsonKind::Object)
            continue;
        for (const std::string_view name : advertising_ids)
            if (const auto node = m_tape->member(*object, name);
                node && m_tape->nodes()[*node].kind != JsonKind::Null)
                replace(*node, R"({"refused":"ads"})", "null");
    }
}

void Enrichment::money() {
    const auto properties = properties_of(*m_tape);
    const auto told = properties ? m_tape->member(*properties, "currency") : std::nullopt;
    if (!told || m_tape->nodes()[*told].kind != JsonKind::String || is_edited(*told))
        return;
    const std::string_view text = m_tape->text_of(*told, m_scratch);
    const std::string_view code = currency_of(text);
    if (code.empty())
        return;
    if (text != code)
        replace(*told, m_tape->raw_quoted(*told), "\"" + std::string(code) + "\"");
    Members amounts;
    for_members(*m_tape, *properties, m_scratch, [&](std::string_view name, std::uint32_t node) {
        if (!is_amount(name) || m_tape->nodes()[node].kind != JsonKind::Number || is_edited(node))
            return;
        const auto amount = in_reference_currency(m_tape->raw(node), code);
        if (!amount)
            return;
        if (amounts.text.empty())
            amounts.add_text("currency", reference_currency);
        amounts.add(name, *amount);
    });
    if (!amounts.text.empty())
        m_added.add("money", amounts.braced());
}

/// A measure in another unit is also told in the one of its kind, under that unit's name.
void Enrichment::units() {
    const auto properties = properties_of(*m_tape);
    if (!properties)
        return;
    Members measures;
    std::vector<std::string> names;
    for_members(*m_tape, *properties, m_scratch, [&](std::string_view name, std::uint32_t node) {
        const Unit* const unit = unit_of(name);
        if (unit == nullptr || m_tape->nodes()[node].kind != JsonKind::Number || is_edited(node))
            return;
        std::string canonical(name.substr(0, name.size() - unit->ending.size()));
        canonical += unit->canonical;
        const bool told = m_tape->member(*properties, canonical) ||
                          std::find(names.begin(), names.end(), canonical) != names.end();
        const auto measure = told ? std::nullopt : scaled(m_tape->raw(node), unit->by);
        if (!measure)
            return;
        measures.add(canonical, *measure);
        names.push_back(std::move(canonical));
    });
    if (!measures.text.empty())
        m_added.add("units", measures.braced());
}

void Enrichment::device(const EventFields& fields) {
    const std::string_view agent = fields.text(*m_tape, EventField::UserAgent, m_scratch);
    if (agent.empty())
        return;
    const Device found = device_of(agent);
    Members members;
    members.add_text("type", found.type);
    members.add_text("system", found.system);
    members.add_text("browser", found.browser);
    members.add_text("version", found.version);
    m_added.add("device", members.braced());
}

/// What devices behind one address that look alike have in common, as a token: identity stitching
/// compares these, and never an address.
void Enrichment::signal(const EventFields& fields) {
    const std::string_view ip = fields.text(*m_tape, EventField::Ip, m_scratch);
    if (ip.empty())
        return;
    std::string seen(ip);
    for (const EventField field : {EventField::UserAgent, EventField::Platform, EventField::Locale})
        seen.append("\n").append(fields.text(*m_tape, field, m_scratch));
    const XXH128_hash_t hash = XXH3_128bits(seen.data(), seen.size());
    std::array<char, 33> hex{};
    std::snprintf(hex.data(), hex.size(), "%016llx%016llx",
                  static_cast<unsigned long long>(hash.high64),
                  static_cast<unsigned long long>(hash.low64));
    m_added.add_text("signal", m_tokeniser->of_text(hex.data(), "identity"));
}

void Enrichment::finish() {
    const std::string_view added = m_added.braced();
    const std::string pointer = "/" + std::string(enrichment_member);
    if (const auto old = m_tape->member(0, enrichment_member)) {
        m_splice.set_value(*m_tape, *old, added); // a client cannot say what was found out
        m_before.add(pointer, R"({"dropped":true})");
    } else {
        m_splice.add_member(*m_tape, enrichment_member, added);
    }
    m_after.add(pointer, added);
    m_value.clear();
    m_splice.apply(m_tape->text(), m_value);
    Members audit;
    audit.add_text("rule", enrichment_rule);
    audit.add("version", std::to_string(enrichment_version));
    const bool fits = m_before.text.size() + m_after.text.size() <= audit_bytes_max;
    audit.add("before", fits ? m_before.braced() : R"({"cut":true})");
    audit.add("after", fits ? m_after.braced() : R"({"cut":true})");
    m_audit = audit.braced();
}

std::optional<std::uint32_t> enrichment_part(const JsonTape& tape, std::string_view name) {
    const auto added = tape.member(0, enrichment_member);
    if (!added || tape.nodes()[*added].kind != JsonKind::Object)
        return {};
    return tape.member(*added, name);
}

} // namespace weir::sandbox
