// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/disclosure/field_classes.h"

#include <algorithm>
#include <set>

#include "models/event/json/json_tape.h"

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

constexpr std::string_view member_mark = "~2"; // what follows is a name, whatever it looks like

bool stands_in_braces(std::string_view step) {
    return step.size() > 1 && step.front() == '{' && step.back() == '}';
}

bool is_index(std::string_view step) {
    return !step.empty() && step.find_first_not_of("0123456789") == std::string_view::npos;
}

} // namespace

std::string member_step(std::string_view name) {
    std::string step;
    append_pointer_token(name, step);
    if (name == "*" || is_index(name) || stands_in_braces(name))
        step.insert(1, member_mark);
    return step;
}

std::string plain_step(std::string_view step) {
    return unescaped(step.substr(step.starts_with(member_mark) ? member_mark.size() : 0));
}

FieldClasses::FieldClasses(NamePatterns patterns)
    : m_patterns(std::move(patterns))
    , m_nodes(1) {}

/// Where a step leads to; `fresh` if it was not said before.
std::uint32_t& FieldClasses::child(std::uint32_t number, std::string_view token,
                                   std::uint32_t fresh) {
    Node& node = m_nodes[number];
    const bool is_name = token.starts_with(member_mark);
    const std::string step = plain_step(token);
    const auto unless_known = [&](std::uint32_t& known) -> std::uint32_t& {
        known = known != 0 ? known : fresh;
        return known;
    };
    if (!is_name && step == "*")
        return unless_known(node.element);
    if (!is_name && m_patterns && stands_in_braces(step)) {
        if (step == "{*}")
            return unless_known(node.member);
        const auto known = std::find_if(node.patterns.begin(), node.patterns.end(),
                                        [&](const auto& p) { return p.text == step; });
        if (known != node.patterns.end())
            return known->node;
        auto names = m_patterns(step.substr(1, step.size() - 2));
        return node.patterns.emplace_back(Node::Pattern{step, std::move(names), fresh}).node;
    }
    Steps& steps = !is_name && is_index(step) ? node.elements : node.members;
    const auto known = std::find_if(steps.begin(), steps.end(),
                                    [&](const auto& one) { return one.first == step; });
    return known != steps.end() ? known->second : steps.emplace_back(step, fresh).second;
}

/// The node at a pointer, made if it is not there.
std::uint32_t FieldClasses::place_of(std::string_view pointer) {
    std::uint32_t at = 0;
    while (!pointer.empty()) {
        const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
        const std::string_view token = pointer.substr(1, end - 1);
        pointer.remove_prefix(end);
        const auto fresh = static_cast<std::uint32_t>(m_nodes.size());
        at = child(at, token, fresh);
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
    m_nodes[to].elements = from.elements;
    m_nodes[to].members = from.members;
    m_nodes[to].patterns = from.patterns;
}

FieldClasses::Said FieldClasses::at(std::string_view pointer) const {
    Place place(this);
    Said nearest = place.said();
    while (!pointer.empty() && place) {
        const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
        const std::string name = unescaped(pointer.substr(1, end - 1));
        pointer.remove_prefix(end);
        Place next = place.member(name);
        bool element = false;
        if (is_index(name)) { // a list's or an object's: the pointer does not say
            const Place of_list = place.element(name);
            element = static_cast<bool>(of_list);
            next.add(of_list);
        }
        if (nearest == Said::Shown && !element)
            nearest = Said::Nothing; // said of the object, not of its members
        place = std::move(next);
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
        Place(*this, number).member(path.substr(0, end)).each([&](std::uint32_t below) {
            if (reason.empty())
                reason = reason_below(below, rest, looked);
        });
    for (const auto& [index, element] : node.elements)
        if (reason.empty())
            reason = reason_below(element, path, looked);
    if (reason.empty() && node.element != 0)
        reason = reason_below(node.element, path, looked);
    return reason.empty() && node.said == Said::Personal ? node.reason : reason;
}

/// Where the step of that name leads to; 0: there is none. It is looked for from `expected` on.
std::uint32_t FieldClasses::found_in(const Steps& steps, std::string_view name,
                                     std::uint32_t& expected) {
    const auto count = static_cast<std::uint32_t>(steps.size());
    for (std::uint32_t tried = 0, at = expected; tried < count; ++tried, ++at) {
        if (at >= count)
            at = 0;
        if (steps[at].first != name)
            continue;
        expected = at + 1;
        return steps[at].second;
    }
    return 0;
}

/// All patterns that the name is in; where it is in none, what holds for any other.
void FieldClasses::add_unnamed(std::uint32_t number, std::string_view name, Place& to) const {
    const Node& node = m_nodes[number];
    bool in_pattern = false;
    for (const Node::Pattern& pattern : node.patterns) {
        if (pattern.names != nullptr && !pattern.names->matches(name))
            continue;
        in_pattern = true;
        to.add(*this, pattern.node);
    }
    if (!in_pattern)
        to.add(*this, node.member);
}

/// Nothing of a tree has the number 0 but its root, which is below nothing.
void FieldClasses::Place::add(const FieldClasses& tree, std::uint32_t number) {
    if (number == 0)
        return;
    if (m_tree == nullptr) {
        m_tree = &tree;
        m_node = number;
        return;
    }
    if (number == m_node || std::find(m_also.begin(), m_also.end(), number) != m_also.end())
        return;
    if (tree.m_nodes[number].said > node().said)
        std::swap(number, m_node);
    m_also.push_back(number);
}

void FieldClasses::Place::add(const Place& other) {
    other.each([&](std::uint32_t number) { add(*other.m_tree, number); });
    m_unsaid = m_unsaid || other.m_unsaid;
}

/// What one of several that are meant says of a step; nothing is an answer, too.
void FieldClasses::Place::add_step(const Place& step) {
    m_unsaid = m_unsaid || !step;
    add(step);
}

FieldClasses::Place FieldClasses::Place::member(std::string_view name) {
    Place found;
    found.m_unsaid = m_unsaid;
    const auto look = [&](std::uint32_t number, std::uint32_t& expected) {
        Place step;
        if (const auto known = found_in(m_tree->m_nodes[number].members, name, expected))
            step.add(*m_tree, known);
        else
            m_tree->add_unnamed(number, name, step);
        found.add_step(step);
    };
    if (m_tree != nullptr)
        look(m_node, m_expected);
    for (const std::uint32_t number : m_also) {
        std::uint32_t from_the_first = 0;
        look(number, from_the_first);
    }
    return found;
}

FieldClasses::Place FieldClasses::Place::element(std::string_view index) const {
    Place found;
    found.m_unsaid = m_unsaid;
    each([&](std::uint32_t number) {
        const Node& node = m_tree->m_nodes[number];
        std::uint32_t from_the_first = 0;
        const std::uint32_t known = found_in(node.elements, index, from_the_first);
        Place step;
        step.add(*m_tree, known != 0 ? known : node.element);
        found.add_step(step);
    });
    return found;
}

FieldClasses::Place FieldClasses::Place::element(std::uint32_t index) const {
    return has_below() ? element(std::to_string(index)) : Place();
}

} // namespace weir
