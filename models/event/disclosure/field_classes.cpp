// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/disclosure/field_classes.h"

#include <algorithm>

namespace weir {

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

} // namespace

FieldClasses::FieldClasses()
    : m_nodes(1) {}

void FieldClasses::say(std::string_view pointer, Said said, std::string_view reason,
                       std::shared_ptr<const ValueForm> form) {
    std::uint32_t at = 0;
    while (!pointer.empty()) {
        const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
        const std::string name = unescaped(pointer.substr(1, end - 1));
        pointer.remove_prefix(end);
        const auto fresh = static_cast<std::uint32_t>(m_nodes.size());
        Node& node = m_nodes[at];
        if (name == "*") {
            at = node.element != 0 ? node.element : (node.element = fresh);
        } else {
            const auto known = std::find_if(node.members.begin(), node.members.end(),
                                            [&](const auto& m) { return m.first == name; });
            at = known != node.members.end() ? known->second
                                             : node.members.emplace_back(name, fresh).second;
        }
        if (at == fresh)
            m_nodes.emplace_back();
    }
    m_nodes[at].said = said;
    m_nodes[at].reason = reason;
    m_nodes[at].form = std::move(form);
}

FieldClasses::Said FieldClasses::at(std::string_view pointer) const {
    Place place(this);
    Said nearest = Said::Nothing;
    while (!pointer.empty() && place) {
        const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
        const std::string name = unescaped(pointer.substr(1, end - 1));
        pointer.remove_prefix(end);
        const Place member = place.member(name);
        if (nearest == Said::Shown && (member || !place.element()))
            nearest = Said::Nothing; // said of the object, not of its members
        place = member ? member : place.element();
        if (place.said() != Said::Nothing)
            nearest = place.said();
    }
    return !pointer.empty() && nearest == Said::Shown ? Said::Nothing : nearest;
}

FieldClasses::Place FieldClasses::Place::member(std::string_view name) {
    Place found;
    if (m_tree == nullptr)
        return found;
    const auto& members = node().members;
    const auto count = static_cast<std::uint32_t>(members.size());
    for (std::uint32_t step = 0, at = m_expected; step < count; ++step, ++at) {
        if (at >= count)
            at = 0;
        if (members[at].first != name)
            continue;
        m_expected = at + 1;
        found.m_tree = m_tree;
        found.m_node = members[at].second;
        return found;
    }
    return found;
}

FieldClasses::Place FieldClasses::Place::element() const {
    Place found;
    if (m_tree == nullptr || node().element == 0)
        return found;
    found.m_tree = m_tree;
    found.m_node = node().element;
    return found;
}

} // namespace weir
