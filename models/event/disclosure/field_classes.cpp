// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/disclosure/field_classes.h"

#include <algorithm>
#include <set>

namespace weir {

struct FieldClasses::Looked {
    std::set<std::pair<std::uint32_t, std::size_t>> at; // a place, and how much of the path is left
};

namespace {

/// One step of an RFC 6901 pointer as it stands in a document.
std::string unescaped(std::string_view token) {
    std::string name;
    for (std::size_t i = 0; i < token.size(); ++i) {
        const bool escape = token[i] == '~' && i + 1 < token.size();
        name += escape ? (token[++i] == '0' ? '~' : '/') : token[i];
    }
    return name;
}

bool is_index(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

} // namespace

FieldClasses::FieldClasses(NamePatterns patterns)
    : m_patterns(std::move(patterns))
    , m_nodes(1) {}

/// Where a step leads to; `fresh` if it was not said before.
std::uint32_t& FieldClasses::child(std::uint32_t number, const std::string& step,
                                   std::uint32_t fresh) {
    Node& node = m_nodes[number];
    const auto unless_known = [&](std::uint32_t& known) -> std::uint32_t& {
        known = known != 0 ? known : fresh;
        return known;
    };
    if (step == "*")
        return unless_known(node.element);
    if (m_patterns && step.size() > 1 && step.front() == '{' && step.back() == '}') {
        if (step == "{*}")
            return unless_known(node.member);
        const auto known = std::find_if(node.patterns.begin(), node.patterns.end(),
                                        [&](const auto& p) { return p.text == step; });
        if (known != node.patterns.end())
            return known->node;
        auto names = m_patterns(step.substr(1, step.size() - 2));
        return node.patterns.emplace_back(Node::Pattern{step, std::move(names), fresh}).node;
    }
    const auto known = std::find_if(node.members.begin(), node.members.end(),
                                    [&](const auto& m) { return m.first == step; });
    return known != node.members.end() ? known->second
                                       : node.members.emplace_back(step, fresh).second;
}

/// The node at a pointer, made if it is not there.
std::uint32_t FieldClasses::place_of(std::string_view pointer) {
    std::uint32_t at = 0;
    while (!pointer.empty()) {
        const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
        const std::string step = unescaped(pointer.substr(1, end - 1));
        pointer.remove_prefix(end);
        const auto fresh = static_cast<std::uint32_t>(m_nodes.size());
        at = child(at, step, fresh);
        if (at == fresh)
            m_nodes.emplace_back();
    }
    return at;
}

void FieldClasses::say(std::string_view pointer, Said said, std::string_view reason,
                       std::shared_ptr<const ValueForm> form) {
    const std::uint32_t at = place_of(pointer);
    m_nodes[at].said = said;
    m_nodes[at].reason = reason;
    m_nodes[at].form = std::move(form);
}

void FieldClasses::repeat(std::string_view pointer, std::string_view as) {
    const std::uint32_t to = place_of(pointer);
    const Node& from = m_nodes[place_of(as)];
    m_nodes[to].element = from.element;
    m_nodes[to].member = from.member;
    m_nodes[to].members = from.members;
    m_nodes[to].patterns = from.patterns;
}

FieldClasses::Said FieldClasses::at(std::string_view pointer) const {
    Place place(this);
    Said nearest = Said::Nothing;
    while (!pointer.empty() && place) {
        const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
        const std::string name = unescaped(pointer.substr(1, end - 1));
        pointer.remove_prefix(end);
        Place next = place.named(name);
        if (!next && is_index(name))
            next = place.any_element();
        const bool element = next && is_index(name);
        if (!next)
            next = place.unnamed(name);
        if (!next)
            next = place.any_element();
        if (nearest == Said::Shown && !element)
            nearest = Said::Nothing; // said of the object, not of its members
        place = next;
        if (place.said() != Said::Nothing)
            nearest = place.said();
    }
    return !pointer.empty() && nearest == Said::Shown ? Said::Nothing : nearest;
}

std::string_view FieldClasses::reason_at(std::string_view path) const {
    Looked looked;
    return reason_below(0, path, looked);
}

/// Indexes are no part of a path: elements are looked into beside members.
std::string_view FieldClasses::reason_below(std::uint32_t number, std::string_view path,
                                            Looked& looked) const {
    if (!looked.at.emplace(number, path.size()).second)
        return {}; // lists of lists that lead back to themselves
    const Node& node = m_nodes[number];
    const std::size_t end = std::min(path.find('.'), path.size());
    const std::string_view rest = path.substr(std::min(end + 1, path.size()));
    std::string_view reason;
    if (!path.empty())
        if (const Place below = Place(*this, number).member(path.substr(0, end)))
            reason = reason_below(below.m_node, rest, looked);
    for (const auto& [name, element] : node.members)
        if (reason.empty() && is_index(name))
            reason = reason_below(element, path, looked);
    if (reason.empty() && node.element != 0)
        reason = reason_below(node.element, path, looked);
    return reason.empty() && node.said == Said::Personal ? node.reason : reason;
}

FieldClasses::Place FieldClasses::Place::at(std::uint32_t number) const {
    return number == 0 ? Place() : Place(*m_tree, number);
}

FieldClasses::Place FieldClasses::Place::named(std::string_view name) {
    const auto& members = node().members;
    const auto count = static_cast<std::uint32_t>(members.size());
    for (std::uint32_t step = 0, at_member = m_expected; step < count; ++step, ++at_member) {
        if (at_member >= count)
            at_member = 0;
        if (members[at_member].first != name)
            continue;
        m_expected = at_member + 1;
        return at(members[at_member].second);
    }
    return {};
}

/// A name may be in several patterns: a class of personal data goes before what else is said.
FieldClasses::Place FieldClasses::Place::unnamed(std::string_view name) const {
    Place found;
    for (const Node::Pattern& pattern : node().patterns) {
        if (pattern.names != nullptr && !pattern.names->matches(name))
            continue;
        const Place one = at(pattern.node);
        if (!found || (one.said() == Said::Personal && found.said() != Said::Personal))
            found = one;
    }
    return found ? found : at(node().member);
}

FieldClasses::Place FieldClasses::Place::member(std::string_view name) {
    if (m_tree == nullptr)
        return {};
    const Place found = named(name);
    return found ? found : unnamed(name);
}

FieldClasses::Place FieldClasses::Place::element(std::uint32_t index) {
    if (m_tree == nullptr)
        return {};
    const Place found = node().members.empty() ? Place() : named(std::to_string(index));
    return found ? found : any_element();
}

} // namespace weir
