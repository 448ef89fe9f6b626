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

/// A text that stands outside a payload (a dimension's value, a reason) as it may be shown.
std::string disclosed_text(const DisclosurePolicy& policy, std::string_view name,
                           std::string_view text);

/// Whether what the policy shows may hold `text` although what was read does not: then raw bytes
/// prove nothing.
bool may_be_made(const DisclosurePolicy& policy, std::string_view text);

/// Whether a key that is one of the scope's is shown as it was read, and no other one as one of
/// them: then a record's raw key decides.
bool keys_are_as_read(const FilterScope& scope, const DisclosurePolicy& policy);

/// A record's envelope as it may be shown. Nobody knows what it is: the strictest holds. Masked
/// anew only where it differs from the one before.
class DisclosedEnvelope final : public EnvelopeText {
  public:
    explicit DisclosedEnvelope(Discloser& discloser)
        : m_discloser(discloser) {}
    void begin(EnvelopeText& raw) { m_raw = &raw; }
    std::string_view text() override;
    std::uint64_t number() const override { return m_raw->number(); }

  private:
    Discloser& m_discloser;
    EnvelopeText* m_raw = nullptr;
    std::uint64_t m_number = 0; // of what was masked last
    std::string m_last, m_shown;
};

/// `raw` with key, value and headers as disclosed, and its envelope by way of `around`; null:
/// without one. Valid as long as the arguments. REQUIRES: `disclosed` was made of raw's own bytes
/// (of the event, where a record holds several).
FilterInput disclosed_input(const FilterInput& raw, const DisclosedRecord& disclosed,
                            DisclosedEnvelope* around = nullptr);

class DisclosedFilter : private WholeSighting {
  public:
    DisclosedFilter(std::shared_ptr<const Filter> filter,
                    std::shared_ptr<const Vocabulary> vocabulary,
                    std::shared_ptr<const DisclosurePolicy> policy);
    DisclosedFilter(const DisclosedFilter&) = delete;
    DisclosedFilter& operator=(const DisclosedFilter&) = delete;

    /// True: what is shown of the event matches. `raw` as it was read, value the event's own bytes;
    /// `record_value` as Discloser::disclose() has it.
    bool matches(const FilterInput& raw, std::string_view record_value = {});

  private:
    enum class Verdict : std::uint8_t { Unknown, Shown, Masked };

    bool may_match(const FilterInput& raw);
    /// What FilterInput::restore has, as it may be shown.
    const Sighting& whole() override;
    /// The sighting without the dimensions, the reason and the run that are not shown.
    const Sighting* disclosed(const Sighting& sighting);
    bool is_masked(std::size_t list, std::string_view name, const Interner& values, ValueId id);

    std::shared_ptr<const Vocabulary> m_vocabulary;
    Discloser m_discloser;
    DisclosedEnvelope m_envelope{m_discloser};
    FieldFinder m_fields;
    std::unique_ptr<FilterEvaluator> m_evaluator;
    LiteralFinder m_literal;
    EnvelopeAnswer m_literal_around; // it stands around the record's events
    bool m_literal_of_event;
    bool m_literal_is_safe; // its absence in the raw bytes is its absence in what is shown
    Sighting m_sighting;
    WholeSighting* m_restore = nullptr;           // of the event at hand
    bool m_run_masked = false;                    // its header is
    std::vector<std::vector<Verdict>> m_verdicts; // per dimension, then reasons and runs
};

} // namespace weir
