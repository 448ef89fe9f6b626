// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/contract_violation_finder.h"

#include <algorithm>

#include "models/event/filter/filter.h"
#include "models/event/filter/filter_fields.h"

namespace weir {

namespace {

class Finder : public ViolationFinder {
  public:
    explicit Finder(std::unique_ptr<EventChecker> checker)
        : m_checker(std::move(checker)) {}

    const std::vector<std::string_view>& find(const FilterInput& input) override {
        m_reasons.clear();
        if (input.sighting == nullptr)
            return m_reasons;
        if (input.sighting->outcome == Outcome::Failed)
            add(dead_letter_violations(input.value, {input.headers, input.header_count}));
        if (m_reasons.empty())
            if (const Judgement* judgement =
                    m_checker->check(*input.sighting, input.as_read, Micros::now()))
                add(judgement->violations);
        return m_reasons;
    }

  private:
    void add(const std::vector<Violation>& violations) {
        for (const Violation& violation : violations) {
            const std::string_view reason = to_word(violation.reason);
            if (std::find(m_reasons.begin(), m_reasons.end(), reason) == m_reasons.end())
                m_reasons.push_back(reason);
        }
    }

    const std::unique_ptr<EventChecker> m_checker;
    std::vector<std::string_view> m_reasons;
};

} // namespace

std::unique_ptr<ViolationFinder> contract_violation_finder(std::unique_ptr<EventChecker> checker) {
    return checker == nullptr ? nullptr : std::make_unique<Finder>(std::move(checker));
}

ViolationFinders contract_violation_finders(EventCheckers checkers) {
    return [checkers = std::move(checkers)] { return contract_violation_finder(checkers()); };
}

std::vector<FilterHint> violation_hints(const Filter& filter) {
    const std::vector<std::string> reasons = violation_reasons();
    std::vector<FilterHint> hints;
    for (FilterHint& named : filter.violations_named()) {
        if (std::find(reasons.begin(), reasons.end(), named.text) != reasons.end())
            continue;
        const std::string_view meant = likely_meant(named.text, {reasons.begin(), reasons.end()});
        if (meant.empty())
            continue;
        named.text =
            "no violation is called '" + named.text + "'. Did you mean " + std::string(meant) + "?";
        hints.push_back(std::move(named));
    }
    return hints;
}

} // namespace weir
