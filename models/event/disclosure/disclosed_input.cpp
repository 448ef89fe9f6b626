// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/disclosure/disclosed_input.h"

#include <algorithm>
#include <utility>

#include "models/event/disclosure/mask_text.h"
#include "models/event/disclosure/tokeniser.h"
#include "models/event/filter/wrapped_event.h"

namespace weir {

namespace {

/// A replay run is a header's text.
bool run_differs(const FilterInput& raw, const FilterInput& shown) {
    for (std::size_t i = 0; i < raw.header_count; ++i)
        if (raw.headers[i].name == "weir-replay-run" &&
            raw.headers[i].value != shown.headers[i].value)
            return true;
    return false;
}

} // namespace

FilterInput disclosed_input(const FilterInput& raw, const DisclosedRecord& disclosed,
                            DisclosedEnvelope* around) {
    FilterInput input = raw;
    input.key = disclosed.key();
    input.value = disclosed.value();
    input.headers = disclosed.headers().data();
    input.header_count = disclosed.headers().size();
    input.envelope = raw.envelope != nullptr ? around : nullptr;
    if (input.envelope != nullptr)
        around->begin(*raw.envelope);
    return input;
}

bool may_be_made(const DisclosurePolicy& policy, std::string_view text) {
    return policy.masks() && (policy.tokens() != nullptr || could_be_made_by_masking(text));
}

bool keys_are_as_read(const FilterScope& scope, const DisclosurePolicy& policy) {
    return !scope.keys ||
           std::none_of(scope.keys->begin(), scope.keys->end(),
                        [&](const std::string& key) { return may_be_made(policy, key); });
}

std::string_view DisclosedEnvelope::text() {
    if (std::exchange(m_number, number()) == number())
        return m_shown;
    if (const std::string_view raw = m_raw->text(); raw != m_last) {
        m_last = raw;
        m_shown = m_discloser.disclose(true, {}, false, m_last, nullptr, 0).value();
    }
    return m_shown;
}

std::string disclosed_text(const DisclosurePolicy& policy, std::string_view name,
                           std::string_view text) {
    if (policy.verdict(name, text).empty())
        return std::string(text);
    if (policy.tokens() != nullptr)
        return policy.tokens()->of_text(text, policy.verdict(name, text));
    std::string masked;
    append_masked_text(text, masked);
    return masked;
}

DisclosedFilter::DisclosedFilter(std::shared_ptr<const Filter> filter,
                                 std::shared_ptr<const Vocabulary> vocabulary,
                                 std::shared_ptr<const DisclosurePolicy> policy)
    : m_vocabulary(std::move(vocabulary))
    , m_discloser(policy, MaskedParts::Counted)
    , m_fields(m_vocabulary, std::move(policy))
    , m_evaluator(FilterEvaluator::create(filter, m_vocabulary))
    , m_literal(filter->required_literal().bytes, filter->required_literal().fold_case)
    , m_literal_of_event(filter->required_literal().of_event)
    , m_literal_is_safe(!m_literal.literal().empty() &&
                        !may_be_made(m_discloser.policy(), m_literal.literal()))
    , m_verdicts(m_vocabulary->dimensions.size() + 2) {}

bool DisclosedFilter::may_match(const FilterInput& raw) {
    if (!m_literal_is_safe || !raw.plain_json() || m_literal.found_or_escaped(raw.value) ||
        m_literal.found_in(raw.key) ||
        (raw.envelope != nullptr && m_literal_around.of(*raw.envelope,
                                                        [this](std::string_view text) {
                                                            return m_literal.found_or_escaped(text);
                                                        })) ||
        (m_literal_of_event && may_wrap_event(raw.value)))
        return true;
    const HeaderView* end = raw.headers + raw.header_count;
    return std::any_of(raw.headers, end, [this](const HeaderView& header) {
        return m_literal.found_in(header.value) || m_literal.found_in(header.name);
    });
}

bool DisclosedFilter::matches(const FilterInput& raw, std::string_view record_value) {
    if (!m_discloser.policy().masks())
        return m_evaluator->matches(raw);
    if (!may_match(raw))
        return false;
    EventFields fields;
    if (raw.sighting != nullptr)
        fields = m_fields.of(*raw.sighting);
    const DisclosedRecord shown = m_discloser.disclose(
        raw.key_null, raw.key, raw.value_null, raw.value, raw.headers, raw.header_count,
        record_value, {&fields, raw.sighting != nullptr ? std::size_t{1} : 0});
    FilterInput input = disclosed_input(raw, shown, &m_envelope);
    m_run_masked = shown.headers_masked() && run_differs(raw, input);
    if (raw.sighting != nullptr)
        input.sighting = disclosed(*raw.sighting);
    m_restore = raw.restore;
    if (raw.restore != nullptr)
        input.restore = this;
    return m_evaluator->matches(input);
}

const Sighting& DisclosedFilter::whole() {
    return *disclosed(m_restore->whole());
}

bool DisclosedFilter::is_masked(std::size_t list, std::string_view name, const Interner& values,
                                ValueId id) {
    if (id == no_value || id == other_value)
        return false;
    std::vector<Verdict>& known = m_verdicts[list];
    if (id.value() >= known.size())
        known.resize(id.value() + 1U, Verdict::Unknown);
    Verdict& verdict = known[id.value()];
    if (verdict == Verdict::Unknown)
        verdict = m_discloser.policy().verdict(name, values.text(id)).empty() ? Verdict::Shown
                                                                              : Verdict::Masked;
    return verdict == Verdict::Masked;
}

const Sighting* DisclosedFilter::disclosed(const Sighting& sighting) {
    const auto& names = m_vocabulary->dimension_names;
    bool copied = false;
    const auto copy = [&]() -> Sighting& {
        if (!copied)
            m_sighting = sighting;
        copied = true;
        return m_sighting;
    };
    for (std::size_t i = 0; i < names.size() && i < max_dimensions; ++i)
        if (is_masked(i, names[i], *m_vocabulary->dimensions[i], sighting.dimensions[i]))
            copy().dimensions[i] = other_value;
    if (is_masked(names.size(), "reason", *m_vocabulary->reasons, sighting.reason))
        copy().reason = other_value;
    if (sighting.replay_run != no_value &&
        (m_run_masked || is_masked(names.size() + 1, "replay_run", *m_vocabulary->replay_runs,
                                   sighting.replay_run)))
        copy().replay_run = other_value;
    return copied ? &m_sighting : &sighting;
}

} // namespace weir
