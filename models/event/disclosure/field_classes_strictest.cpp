// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Several trees walked at once: a place of the sum is the set of places that the trees have there.
// Trees that lead back to themselves do so in the sum, too, where all of them do.
#include <algorithm>
#include <map>
#include <unordered_map>

#include "models/event/disclosure/field_classes.h"

namespace weir {

class FieldClasses::Strictest {
  public:
    Strictest(const std::vector<const FieldClasses*>& trees, bool trusts_shown)
        : m_trees(trees)
        , m_trusts_shown(trusts_shown)
        , m_sum(trees.empty() ? NamePatterns() : trees.front()->m_patterns) {}

    FieldClasses take() {
        if (m_trees.empty())
            return std::move(m_sum);
        m_sum.m_nodes.clear();
        State roots;
        for (std::uint32_t tree = 0; tree < m_trees.size(); ++tree)
            roots.push_back({tree, 0, false});
        number_of(std::move(roots));
        for (std::size_t next = 0; next < m_states.size(); ++next) {
            Node node;
            say(*m_states[next], node);
            if (m_sum.m_nodes.size() < strictest_nodes_max) {
                lead_on(*m_states[next], node);
            } else {
                node.said = Said::Personal;
                node.reason = "personal";
            }
            m_sum.m_nodes[next] = std::move(node);
        }
        return std::move(m_sum);
    }

  private:
    static constexpr std::uint32_t outside = UINT32_MAX; // of a tree, where it names nothing
    struct At {
        std::uint32_t tree, node;
        bool covered; // what is around it is personal in that tree, and what is in it therefore
        auto operator<=>(const At&) const = default;
    };
    using State = std::vector<At>; // in the order of the trees

    /// States by their step, in the order in which the steps are first named.
    struct StatesBySteps {
        State& of(const std::string& step) {
            const auto [known, fresh] = by_name.try_emplace(step, all.size());
            return fresh ? all.emplace_back(step, State()).second : all[known->second].second;
        }
        std::vector<std::pair<std::string, State>> all;
        std::unordered_map<std::string, std::size_t> by_name;
    };

    const Node& node_at(const At& at) const {
        static const Node nothing;
        return at.node == outside ? nothing : m_trees[at.tree]->m_nodes[at.node];
    }

    bool covers(const At& at) const {
        const Said said = node_at(at).said;
        return said == Said::Personal || (said == Said::Nothing && at.covered);
    }

    /// What a place's tree says of a step; where it says nothing but of what is around, that.
    void add(const At& from, std::uint32_t node, State& to) const {
        const bool covered = covers(from);
        if (node != 0 || covered)
            to.push_back({from.tree, node != 0 ? node : outside, covered});
    }

    /// 0: the state is empty.
    std::uint32_t number_of(State state) {
        if (state.empty())
            return 0;
        std::sort(state.begin(), state.end());
        state.erase(std::unique(state.begin(), state.end()), state.end());
        const auto [known, fresh] =
            m_numbers.try_emplace(std::move(state), static_cast<std::uint32_t>(m_states.size()));
        if (fresh) {
            m_states.push_back(&known->first);
            m_sum.m_nodes.emplace_back();
        }
        return known->second;
    }

    void say(const State& state, Node& to) const {
        to.said = Said::Shown;
        for (const At& at : state) {
            const Node& node = node_at(at);
            if (node.said <= to.said)
                continue;
            to.said = node.said;
            to.reason = node.reason;
            to.form = node.form;
        }
        if (to.said == Said::Shown && !m_trusts_shown)
            to.said = Said::Nothing;
    }

    void lead_on(const State& state, Node& to) {
        StatesBySteps members, elements, patterns;
        State other_elements, other_members;
        bool any_element = false;
        bool any_member = false;
        std::unordered_map<std::string, std::shared_ptr<const NamePattern>> names;
        for (const At& at : state) {
            const Node& node = node_at(at);
            for (const auto& [name, below] : node.members)
                add(at, below, members.of(name));
            for (const auto& [index, below] : node.elements)
                add(at, below, elements.of(index));
            for (const Node::Pattern& pattern : node.patterns) {
                add(at, pattern.node, patterns.of(pattern.text));
                names.emplace(pattern.text, pattern.names);
            }
            any_element = any_element || node.element != 0;
            any_member = any_member || node.member != 0;
        }
        for (const At& at : state) {
            add_unnamed(at, members, patterns);
            add_unnumbered(at, elements);
            if (any_element)
                add(at, node_at(at).element, other_elements);
            if (any_member)
                add(at, node_at(at).member, other_members);
        }
        for (auto& [name, below] : members.all)
            to.members.emplace_back(name, number_of(std::move(below)));
        for (auto& [text, below] : patterns.all)
            to.patterns.push_back({text, names[text], number_of(std::move(below))});
        for (auto& [index, below] : elements.all)
            to.elements.emplace_back(index, number_of(std::move(below)));
        to.element = number_of(std::move(other_elements));
        to.member = number_of(std::move(other_members));
    }

    /// What a tree says of members that only others name.
    void add_unnamed(const At& at, StatesBySteps& members, StatesBySteps& patterns) const {
        const Node& node = node_at(at);
        if (node.patterns.empty() && node.member == 0 && !covers(at))
            return;
        std::uint32_t expected = 0;
        for (auto& [name, below] : members.all) {
            if (found_in(node.members, name, expected) != 0)
                continue;
            Place other;
            if (at.node != outside)
                m_trees[at.tree]->add_unnamed(at.node, name, other);
            other.each([&, &to = below](std::uint32_t found) { add(at, found, to); });
            if (!other)
                add(at, 0, below);
        }
        for (auto& [text, below] : patterns.all) {
            const bool own =
                std::any_of(node.patterns.begin(), node.patterns.end(),
                            [&wanted = text](const auto& one) { return one.text == wanted; });
            if (!own)
                add(at, node.member, below);
        }
    }

    /// Likewise of elements.
    void add_unnumbered(const At& at, StatesBySteps& elements) const {
        const Node& node = node_at(at);
        std::uint32_t expected = 0;
        for (auto& [index, below] : elements.all)
            if (found_in(node.elements, index, expected) == 0)
                add(at, node.element, below);
    }

    const std::vector<const FieldClasses*>& m_trees;
    const bool m_trusts_shown;
    FieldClasses m_sum;
    std::map<State, std::uint32_t> m_numbers;
    std::vector<const State*> m_states; // by number
};

FieldClasses FieldClasses::strictest(const std::vector<const FieldClasses*>& all,
                                     bool trusts_shown) {
    return Strictest(all, trusts_shown).take();
}

} // namespace weir
