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
            roots.push_back({tree, 0});
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
    using At = std::pair<std::uint32_t, std::uint32_t>; // a tree, and a node of it
    using State = std::vector<At>;                      // in the order of the trees

    /// States by their step, in the order in which the steps are first named.
    struct Steps {
        State& of(const std::string& step) {
            const auto [known, fresh] = by_name.try_emplace(step, all.size());
            return fresh ? all.emplace_back(step, State()).second : all[known->second].second;
        }
        std::vector<std::pair<std::string, State>> all;
        std::unordered_map<std::string, std::size_t> by_name;
    };

    const Node& node_at(const At& at) const { return m_trees[at.first]->m_nodes[at.second]; }

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
        bool shown = m_trusts_shown;
        for (const At& at : state) {
            const Node& node = node_at(at);
            shown = shown && node.said == Said::Shown;
            if (node.said != Said::Personal || to.said == Said::Personal)
                continue;
            to.said = Said::Personal;
            to.reason = node.reason;
            to.form = node.form;
        }
        if (shown && to.said != Said::Personal)
            to.said = Said::Shown;
    }

    void lead_on(const State& state, Node& to) {
        Steps members;
        Steps patterns;
        State elements;
        State others;
        std::unordered_map<std::string, std::shared_ptr<const NamePattern>> names;
        for (const At& at : state) {
            const Node& node = node_at(at);
            for (const auto& [name, below] : node.members)
                members.of(name).emplace_back(at.first, below);
            for (const Node::Pattern& pattern : node.patterns) {
                patterns.of(pattern.text).emplace_back(at.first, pattern.node);
                names.emplace(pattern.text, pattern.names);
            }
            if (node.element != 0)
                elements.emplace_back(at.first, node.element);
            if (node.member != 0)
                others.emplace_back(at.first, node.member);
        }
        for (const At& at : state)
            add_unnamed(at, members, patterns);
        for (auto& [name, below] : members.all)
            to.members.emplace_back(name, number_of(std::move(below)));
        for (auto& [text, below] : patterns.all)
            to.patterns.push_back({text, names[text], number_of(std::move(below))});
        to.element = number_of(std::move(elements));
        to.member = number_of(std::move(others));
    }

    /// What a tree says of members and elements that only others name.
    void add_unnamed(const At& at, Steps& members, Steps& patterns) const {
        const Node& node = node_at(at);
        if (node.patterns.empty() && node.member == 0 && node.element == 0)
            return;
        Place place(*m_trees[at.first], at.second);
        for (auto& [name, below] : members.all) {
            if (place.named(name))
                continue;
            if (const Place other = place.unnamed(name))
                below.emplace_back(at.first, other.m_node);
            const bool index = name.find_first_not_of("0123456789") == std::string::npos;
            if (index && node.element != 0)
                below.emplace_back(at.first, node.element);
        }
        for (auto& [text, below] : patterns.all) {
            const bool own =
                std::any_of(node.patterns.begin(), node.patterns.end(),
                            [&wanted = text](const auto& one) { return one.text == wanted; });
            if (!own && node.member != 0)
                below.emplace_back(at.first, node.member);
        }
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
