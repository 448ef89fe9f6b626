// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Filters over what is disclosed: a masked value cannot be found by searching for it, nor by
// searching for its absence. Everybody who filters for somebody to look at goes through here.
//
// Thread contract: as FilterEvaluator: one owner. Bound: one verdict per value of a dimension.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/event/disclosure/disclosure.h"
#include "models/event/disclosure/field_finder.h"
#include "models/event/filter/filter.h"
#include "models/event/filter/literal_finder.h"

namespace weir {

/// `raw` with key, value and headers as disclosed. Valid as long as both arguments. REQUIRES:
/// `disclosed` was made of raw's own bytes (of the event, where a record holds several).
FilterInput disclosed_input(const FilterInput& raw, const DisclosedRecord& disclosed);

/// A text that stands outside a payload (a dimension's value, a reason) as it may be shown.
std::string disclosed_text(const DisclosurePolicy& policy, std::string_view name,
                           std::string_view text);

class DisclosedFilter {
  public:
    DisclosedFilter(std::shared_ptr<const Filter> filter,
                    std::shared_ptr<const Vocabulary> vocabulary,
                    std::shared_ptr<const DisclosurePolicy> policy);

    /// True: what is shown of the event matches. `raw` as it was read, value the event's own bytes;
    /// `record_value` as Discloser::disclose() has it.
    bool matches(const FilterInput& raw, std::string_view record_value = {});

  private:
    enum class Verdict : std::uint8_t { Unknown, Shown, Masked };

    bool may_match(const FilterInput& raw) const;
    /// The sighting without the dimensions and the reason that are not shown.
    const Sighting* disclosed(const Sighting& sighting);
    bool is_masked(std::size_t list, std::string_view name, const Interner& values, ValueId id);

    std::shared_ptr<const Vocabulary> m_vocabulary;
    Discloser m_discloser;
    FieldFinder m_fields;
    std::unique_ptr<FilterEvaluator> m_evaluator;
    LiteralFinder m_literal;
    bool m_literal_of_event;
    bool m_literal_is_safe; // its absence in the raw bytes is its absence in what is shown
    Sighting m_sighting;
    std::vector<std::vector<Verdict>> m_verdicts; // per dimension, then the reasons
};

} // namespace weir
