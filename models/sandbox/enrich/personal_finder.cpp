// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/enrich/personal_finder.h"

#include <algorithm>

namespace weir::sandbox {
namespace {

constexpr std::string_view identity = "identity";

bool is_scalar(JsonKind kind) {
    return kind == JsonKind::String || kind == JsonKind::Number;
}

} // namespace

/// What a contract says of the values at a pointer; "*" is each element.
void PersonalFinder::say(const JsonTape& tape, std::uint32_t node, std::string_view pointer,
                         std::string_view reason) {
    if (pointer.empty()) {
        m_said.push_back({node, reason});
        return;
    }
    const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
    const std::string_view step = pointer.substr(1, end - 1);
    const std::string_view rest = pointer.substr(end);
    const TapeNode& here = tape.nodes()[node];
    if (here.kind == JsonKind::Array && step == "*")
        for (std::uint32_t each = node + 1; each < here.next; each = tape.nodes()[each].next)
            say(tape, each, rest, reason);
    else if (here.kind == JsonKind::Object)
        if (const auto member = tape.member(node, step))
            say(tape, *member, rest, reason);
}

/// All that stands at the node and below.
void PersonalFinder::take(const JsonTape& tape, std::uint32_t node, std::string_view reason) {
    for (std::uint32_t each = node; each < tape.nodes()[node].next; ++each)
        if (is_scalar(tape.nodes()[each].kind))
            m_found.push_back({each, reason});
}

void PersonalFinder::walk(const JsonTape& tape, std::uint32_t node, std::string_view parent) {
    const TapeNode here = tape.nodes()[node];
    if (here.depth >= depth_max)
        return;
    for (std::uint32_t at = node + 1; at < here.next;) {
        const bool named = here.kind == JsonKind::Object;
        const std::string_view name = named ? tape.raw(at) : parent;
        const std::uint32_t value = named ? at + 1 : at;
        const TapeNode found = tape.nodes()[value];
        at = found.next;
        const auto said = std::find_if(m_said.begin(), m_said.end(),
                                       [&](const Value& one) { return one.node == value; });
        if (said != m_said.end()) {
            if (!said->reason.empty())
                take(tape, value, said->reason);
            continue;
        }
        const FieldClass by_name = !named                  ? FieldClass::None // as their list
                                   : is_scalar(found.kind) ? m_names.class_of(name, parent)
                                                           : class_of_name(name, parent);
        if (by_name != FieldClass::None && by_name != FieldClass::Identity)
            take(tape, value, to_word(by_name));
        else if (!is_scalar(found.kind))
            walk(tape, value, name);
    }
}

const std::vector<PersonalFinder::Value>&
PersonalFinder::find(const JsonTape& tape, const Contract* contract, std::string_view left_out) {
    m_said.clear();
    m_found.clear();
    if (const auto own = tape.member(0, left_out))
        m_said.push_back({*own, {}});
    if (contract != nullptr)
        for (const ContractField& field : contract->fields) {
            if (field.pii.empty())
                continue;
            const bool left = !field.personal() || field.pii == identity;
            say(tape, 0, field.pointer, left ? std::string_view() : field.pii);
        }
    walk(tape, 0, {});
    return m_found;
}

} // namespace weir::sandbox
