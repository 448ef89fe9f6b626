// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/remedy/repair.h"

#include <algorithm>
#include <optional>

#include "models/contract/contract_checker.h"
#include "models/sandbox/batch.h"
#include "models/sandbox/splice.h"

namespace weir::sandbox {
namespace {

bool is_about(const RemedyRule& rule, std::span<const Complaint> complaints,
              std::string_view type) {
    if (!rule.type.empty() && rule.type != type)
        return false;
    return rule.reason.empty() ||
           std::any_of(complaints.begin(), complaints.end(), [&](const Complaint& complaint) {
               return complaint.reason == rule.reason &&
                      (complaint.pointer.empty() || complaint.pointer == rule.at);
           });
}

/// `text` as the JSON of one scalar of that kind; nothing if that is not what it says.
std::optional<std::string> scalar(const std::string& text, RemedyType type) {
    JsonTape tape;
    if (!tape.parse(text))
        return std::nullopt;
    const JsonKind kind = tape.nodes()[0].kind;
    const bool number = kind == JsonKind::Number;
    const bool whole = number && text.find_first_of(".eE") == std::string::npos;
    const bool fits = type == RemedyType::Number ? number
                      : type == RemedyType::Integer
                          ? whole
                          : kind == JsonKind::True || kind == JsonKind::False;
    return fits ? std::optional(std::string(tape.raw(0))) : std::nullopt;
}

/// What is written there as that type, digit by digit; nothing if it cannot be, or is one already.
std::optional<std::string> cast(const JsonTape& tape, std::uint32_t node, RemedyType type) {
    const JsonKind kind = tape.nodes()[node].kind;
    if (type == RemedyType::String) {
        const bool plain =
            kind == JsonKind::Number || kind == JsonKind::True || kind == JsonKind::False;
        return plain ? std::optional('"' + std::string(tape.raw(node)) + '"') : std::nullopt;
    }
    return kind == JsonKind::String ? scalar(tape.unescaped(node), type) : std::nullopt;
}

/// The object that a member is in, or would be, and the member's name.
struct Home {
    std::uint32_t object;
    std::string name;
};

std::optional<Home> home_of(const JsonTape& tape, const std::string& pointer) {
    const std::size_t slash = pointer.rfind('/');
    const auto object = tape.at(pointer.substr(0, slash));
    if (!object || tape.nodes()[*object].kind != JsonKind::Object)
        return std::nullopt;
    std::string name;
    for (std::size_t i = slash + 1; i < pointer.size(); ++i) {
        const bool escape = pointer[i] == '~' && i + 1 < pointer.size();
        name += escape ? (pointer[++i] == '0' ? '~' : '/') : pointer[i];
    }
    return Home{*object, name};
}

} // namespace

bool Repair::change(const RemedyRule& rule) {
    const auto node = m_tape.at(rule.at);
    Splice splice;
    std::optional<std::string> there;
    switch (rule.action) {
    case RemedyAction::Remove:
        if (!node)
            return false;
        m_next = without_members(m_tape, {rule.at});
        return true;
    case RemedyAction::Default: {
        const auto home = node ? std::nullopt : home_of(m_tape, rule.at);
        if (!home)
            return false;
        splice.add_member(m_tape, home->object, home->name, rule.value);
        break;
    }
    case RemedyAction::Cast:
        there = node ? cast(m_tape, *node, rule.to) : std::nullopt;
        break;
    case RemedyAction::Replace:
        if (node && m_tape.raw_quoted(*node) != rule.value &&
            (!rule.from || m_tape.raw_quoted(*node) == *rule.from))
            there = rule.value;
        break;
    }
    if (there)
        splice.set_value(m_tape, *node, *there);
    if (splice.empty())
        return false;
    m_next.clear();
    splice.apply(m_text, m_next);
    return true;
}

bool Repair::apply(const Remedies& remedies, std::span<const Complaint> complaints,
                   std::string_view type, std::string_view event) {
    m_text = event;
    m_applied.clear();
    for (const RemedyRule& rule : remedies.rules) {
        if (!is_about(rule, complaints, type) || !m_tape.parse(m_text, event_json) ||
            m_tape.nodes()[0].kind != JsonKind::Object || !change(rule))
            continue;
        m_text.swap(m_next);
        m_applied += m_applied.empty() ? "" : ", ";
        m_applied += rule.name;
    }
    return !m_applied.empty();
}

} // namespace weir::sandbox
