// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/enrich/personal_finder.h"

namespace weir::sandbox {
namespace {

constexpr std::string_view identity = "identity";

bool is_scalar(JsonKind kind) {
    return kind == JsonKind::String || kind == JsonKind::Number;
}

} // namespace

/// All that stands at the node and below.
void PersonalFinder::take(const JsonTape& tape, std::uint32_t node, std::string_view reason) {
    for (std::uint32_t each = node; each < tape.nodes()[node].next; ++each)
        if (is_scalar(tape.nodes()[each].kind))
            m_found.push_back({each, reason});
}

void PersonalFinder::walk(const JsonTape& tape, std::uint32_t node, std::string_view parent,
                          FieldClasses::Place around) {
    const TapeNode here = tape.nodes()[node];
    if (here.depth >= depth_max)
        return;
    const bool named = here.kind == JsonKind::Object;
    std::uint32_t elements = 0;
    for (std::uint32_t at = node + 1; at < here.next;) {
        const std::string_view name = named ? tape.raw(at) : parent;
        const FieldClasses::Place agreed =
            named ? around.member(tape.text_of(at, m_scratch)) : around.element(elements++);
        const std::uint32_t value = named ? at + 1 : at;
        const TapeNode found = tape.nodes()[value];
        at = found.next;
        if (value == m_left_out)
            continue;
        if (agreed.said() != FieldClasses::Said::Nothing) {
            if (agreed.said() == FieldClasses::Said::Personal && agreed.reason() != identity)
                take(tape, value, agreed.reason());
            else if (agreed.said() == FieldClasses::Said::Shown && !is_scalar(found.kind))
                walk(tape, value, name, agreed); // its members are judged by themselves
            continue;
        }
        const FieldClass by_name = !named                  ? FieldClass::None // as their list
                                   : is_scalar(found.kind) ? m_names.class_of(name, parent)
                                                           : class_of_name(name, parent);
        if (by_name != FieldClass::None && by_name != FieldClass::Identity)
            take(tape, value, to_word(by_name));
        else if (!is_scalar(found.kind))
            walk(tape, value, name, agreed);
    }
}

const std::vector<PersonalFinder::Value>&
PersonalFinder::find(const JsonTape& tape, const Contract* contract, std::string_view left_out) {
    m_found.clear();
    m_left_out = tape.member(0, left_out).value_or(0); // the root is no member
    walk(tape, 0, {}, FieldClasses::Place(contract == nullptr ? nullptr : contract->classes.get()));
    return m_found;
}

} // namespace weir::sandbox
