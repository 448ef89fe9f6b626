// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A parsed filter made ready to run: steps with jump targets instead of a tree, so that evaluation
// neither recurses nor allocates; terms that cost little come first where order is free (terms have
// no side effects). Thread contract: immutable, shared.
#pragma once

#include <limits>

#include "models/event/filter/filter.h"
#include "models/event/filter/filter_tree.h"
#include "models/event/filter/literal_finder.h"

namespace weir {

class FilterProgram final : public Filter {
  public:
    struct Step {
        std::uint32_t term;
        std::uint32_t if_true; // the next step, or an end
        std::uint32_t if_false;
    };
    static constexpr std::uint32_t accept = std::numeric_limits<std::uint32_t>::max();
    static constexpr std::uint32_t reject = accept - 1;

    FilterProgram(std::string text, Micros now, FilterTree tree);

    const std::string& text() const override { return m_text; }
    const std::string& canonical_text() const override { return m_canonical; }
    const std::vector<FilterHint>& hints() const override { return m_tree.hints; }
    bool matches_everything() const override { return m_entry == accept; }
    bool asks_for_violations() const override;
    bool looks_around_events() const override { return m_looks_around; }
    std::vector<FilterHint> violations_named() const override;
    std::vector<FilterSubject> subjects() const override;
    const FilterScope& scope() const override { return m_scope; }
    bool may_match_in(std::string_view topic, PartitionId partition) const override;
    const Literal& required_literal() const override { return m_literal; }

    Micros now() const { return m_now; }
    const std::vector<FilterTerm>& terms() const { return m_tree.terms; }
    const std::vector<Step>& steps() const { return m_steps; }
    std::uint32_t entry() const { return m_entry; }
    /// Finds required_literal(); finds everything if there is none.
    const LiteralFinder& finder() const { return m_finder; }

  private:
    std::uint32_t emit(const FilterNode& node, std::uint32_t on_true, std::uint32_t on_false);

    std::string m_text;
    std::string m_canonical;
    Micros m_now;
    FilterTree m_tree;
    std::vector<Step> m_steps;
    std::uint32_t m_entry = accept;
    bool m_looks_around = false;
    FilterScope m_scope;
    Literal m_literal;
    LiteralFinder m_finder{""};
};

/// What every event that the tree matches must fulfil.
FilterScope filter_scope(const FilterTree& tree, Micros now);
/// See Filter::required_literal().
Filter::Literal filter_literal(const FilterTree& tree);

} // namespace weir
