// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/filter/filter.h"

#include <algorithm>
#include <cstring>

#include "models/event/filter/event_json.h"
#include "models/event/filter/filter_program.h"
#include "models/event/filter/mapped_fields.h"
#include "models/event/filter/time_text.h"

namespace weir {

namespace {

using Value = FilterValue;

/// The text of a named field has no type of its own.
Value as_text(const Value& value) {
    const bool typed = value.kind == Value::Kind::Null || value.kind == Value::Kind::Container;
    return typed ? value : Value{Value::Kind::Text, value.text};
}

bool has_escapes(std::string_view text) {
    return !text.empty() && std::memchr(text.data(), '\\', text.size()) != nullptr;
}

/// What a term says of one value of a dimension.
enum class Verdict : std::uint8_t { Unknown, No, Yes, CutNo, CutYes };

/// A term with what it has learnt about this vocabulary.
struct BoundTerm {
    const FilterTerm* term = nullptr;
    std::string name; // what the dialect may map to paths
    int dimension = -1;
    const Interner* interner = nullptr;
    ValueId Sighting::*interned = nullptr; // where a field that is no dimension has its number
    std::vector<Verdict> verdicts;         // by value id
    std::vector<std::uint64_t> id_hashes;  // Id with == or in: sorted
    EnvelopeAnswer around;                 // what it says of what stands around the record's events
};

class Evaluator final : public FilterEvaluator {
  public:
    Evaluator(std::shared_ptr<const Filter> filter, std::shared_ptr<const Vocabulary> vocabulary)
        : m_filter(std::static_pointer_cast<const FilterProgram>(std::move(filter)))
        , m_vocabulary(std::move(vocabulary)) {
        for (const FilterTerm& term : m_filter->terms())
            m_terms.push_back(bind(term));
    }

    bool matches(const FilterInput& input) override { return run(input, true); }
    bool matches_slowly(const FilterInput& input) override { return run(input, false); }

  private:
    BoundTerm bind(const FilterTerm& term) const;
    bool run(const FilterInput& input, bool fast);
    bool may_match(const FilterInput& input);
    bool reads_json(const BoundTerm& bound, const FilterInput& input) const;

    bool holds(BoundTerm& bound);
    bool search(BoundTerm& bound);
    bool stands(const TextMatcher& matcher);
    bool stands_in_event(const TextMatcher& matcher);
    bool value_holds(BoundTerm& bound);
    bool around_holds(BoundTerm& bound);
    bool value_field(BoundTerm& bound);
    const Sighting* whole() const;
    bool time_field(const BoundTerm& bound, const Sighting* sighting, Micros Sighting::*time,
                    TimeState Sighting::*state);
    bool interned_field(BoundTerm& bound);
    bool interned_verdict(BoundTerm& bound, ValueId id);
    bool is_mapped(const BoundTerm& bound);
    bool mapped_field(const BoundTerm& bound);
    bool headers_named(const FilterTerm& term, std::string_view name);
    bool id_field(BoundTerm& bound);
    bool id_is(const BoundTerm& bound);
    bool id_stands_in_record(std::string_view id);
    bool outcome_is(const FilterTerm& term) const;
    bool violation_is(const FilterTerm& term);

    std::shared_ptr<const FilterProgram> m_filter;
    std::shared_ptr<const Vocabulary> m_vocabulary;
    std::vector<BoundTerm> m_terms;
    EventJson m_json, m_envelope_json;
    EnvelopeAnswer m_literal_around; // the literal stands around the record's events
    MappedFields m_mapped;
    const FilterInput* m_input = nullptr;
    const std::vector<std::string_view>* m_violations = nullptr; // of m_input; null: not asked yet
    bool m_fast = true;
};

BoundTerm Evaluator::bind(const FilterTerm& term) const {
    BoundTerm bound;
    bound.term = &term;
    bound.name = term.field.name;
    if (term.op == FilterOperator::Search)
        return bound;
    const bool one_word = term.field.kind == FilterFieldKind::Path && term.field.path.is_one_word();
    if (one_word)
        bound.name = term.field.path.steps.front().name;
    if (m_vocabulary != nullptr) {
        switch (term.field.kind) {
        case FilterFieldKind::Reason:
            bound.interner = m_vocabulary->reasons.get();
            bound.interned = &Sighting::reason;
            break;
        case FilterFieldKind::Dialect:
            bound.interner = m_vocabulary->dialects.get();
            bound.interned = &Sighting::dialect;
            break;
        case FilterFieldKind::ReplayRun:
            bound.interner = m_vocabulary->replay_runs.get();
            bound.interned = &Sighting::replay_run;
            break;
        case FilterFieldKind::Path:
        case FilterFieldKind::Named:
        case FilterFieldKind::Stage:
            if (one_word || term.field.kind != FilterFieldKind::Path)
                bound.dimension = m_vocabulary->dimension(bound.name);
            break;
        default:
            break;
        }
    }
    if (bound.dimension >= 0)
        bound.interner = m_vocabulary->dimensions[static_cast<std::size_t>(bound.dimension)].get();
    if (term.field.kind == FilterFieldKind::Id) {
        for (const FilterLiteral& literal : term.literals)
            bound.id_hashes.push_back(hash_event_id(literal.written).value());
        std::sort(bound.id_hashes.begin(), bound.id_hashes.end());
    }
    return bound;
}

bool Evaluator::run(const FilterInput& input, bool fast) {
    m_input = &input;
    m_violations = nullptr;
    m_fast = fast;
    m_json.begin(input.value_null ? std::string_view() : input.value, input.tape);
    m_mapped.begin(input.paths, m_json, input.value, input.headers, input.header_count);
    bool shortcut = fast && !m_filter->finder().literal().empty();
    std::uint32_t at = m_filter->entry();
    while (at < FilterProgram::reject) {
        const FilterProgram::Step& step = m_filter->steps()[at];
        if (shortcut && reads_json(m_terms[step.term], input)) {
            if (input.plain_json() && !may_match(input))
                return false;
            shortcut = false;
        }
        at = holds(m_terms[step.term]) ? step.if_true : step.if_false;
    }
    return at == FilterProgram::accept;
}

/// The payload is about to be parsed: worth a look for the literal first.
bool Evaluator::reads_json(const BoundTerm& bound, const FilterInput& input) const {
    const FilterTerm& term = *bound.term;
    if (term.op == FilterOperator::Search)
        return false;
    return (term.field.kind == FilterFieldKind::Path ||
            term.field.kind == FilterFieldKind::Named) &&
           (bound.interner == nullptr || input.sighting == nullptr);
}

bool Evaluator::may_match(const FilterInput& input) {
    const LiteralFinder& finder = m_filter->finder();
    if (finder.found_or_escaped(input.value) || finder.found_in(input.key) ||
        (input.envelope != nullptr && m_literal_around.of(*input.envelope,
                                                          [&](std::string_view text) {
                                                              return finder.found_or_escaped(text);
                                                          })) ||
        (m_filter->required_literal().of_event && may_wrap_event(input.value)))
        return true;
    for (std::size_t i = 0; i < input.header_count; ++i) {
        if (finder.found_in(input.headers[i].name) || finder.found_in(input.headers[i].value))
            return true;
    }
    return false;
}

bool Evaluator::holds(BoundTerm& bound) {
    const FilterTerm& term = *bound.term;
    const FilterInput& in = *m_input;
    if (term.op == FilterOperator::Search)
        return search(bound);
    switch (term.field.kind) {
    case FilterFieldKind::Topic:
        return satisfies(term, Value{Value::Kind::Text, in.topic});
    case FilterFieldKind::Partition:
        return satisfies(term, in.partition.value());
    case FilterFieldKind::OffsetNumber:
        return satisfies(term, in.offset.value());
    case FilterFieldKind::Size:
        return satisfies(term, in.record_size);
    case FilterFieldKind::EventSize:
        return satisfies(term, in.event_size);
    case FilterFieldKind::Time:
        return in.record_time.value() >= 0 && satisfies(term, in.record_time.value());
    case FilterFieldKind::Age:
        return in.record_time.value() >= 0 &&
               satisfies(term, (m_filter->now() - in.record_time).value());
    case FilterFieldKind::EventTime:
        return time_field(bound, in.sighting, &Sighting::event_time, &Sighting::event_time_state);
    case FilterFieldKind::SentTime:
        return time_field(bound, whole(), &Sighting::sent_time, &Sighting::sent_time_state);
    case FilterFieldKind::ReceivedTime:
        return time_field(bound, in.sighting, &Sighting::received_time,
                          &Sighting::received_time_state);
    case FilterFieldKind::Key:
        if (in.key_null)
            return term.op != FilterOperator::Exists && satisfies(term, {Value::Kind::Null, {}});
        return satisfies(term, {Value::Kind::Text, in.key});
    case FilterFieldKind::Value:
        return value_field(bound);
    case FilterFieldKind::Header:
        return headers_named(term, term.field.name);
    case FilterFieldKind::Violation:
        return violation_is(term);
    case FilterFieldKind::Outcome:
        return outcome_is(term);
    case FilterFieldKind::Id:
        return id_field(bound);
    case FilterFieldKind::Stage:
        if (bound.dimension < 0)
            return headers_named(term, "weir-stage");
        return interned_field(bound);
    case FilterFieldKind::Path:
        if (bound.dimension < 0)
            return m_json.any(term.field.path,
                              [&](const Value& value) { return satisfies(term, value); });
        return interned_field(bound);
    default:
        return interned_field(bound);
    }
}

bool Evaluator::search(BoundTerm& bound) {
    return stands(bound.term->literals.front().matcher) || around_holds(bound);
}

/// In the key, a header or the event.
bool Evaluator::stands(const TextMatcher& matcher) {
    const FilterInput& in = *m_input;
    if (matcher.is_in(in.key))
        return true;
    for (std::size_t i = 0; i < in.header_count; ++i) {
        if (matcher.is_in(in.headers[i].name) || matcher.is_in(in.headers[i].value))
            return true;
    }
    return stands_in_event(matcher);
}

/// As the bytes stand, or as a string in them reads with its escapes resolved.
bool Evaluator::stands_in_event(const TextMatcher& matcher) {
    const std::string_view value = m_input->value;
    return matcher.is_in(value) ||
           (m_input->plain_json() && has_escapes(value) && m_json.escaped_text_holds(matcher));
}

bool Evaluator::value_holds(BoundTerm& bound) {
    return stands_in_event(bound.term->literals.front().matcher) || around_holds(bound);
}

/// Of what stands around the event in its record.
bool Evaluator::around_holds(BoundTerm& bound) {
    const FilterTerm& term = *bound.term;
    return m_input->envelope != nullptr &&
           bound.around.of(*m_input->envelope, [&](std::string_view text) {
               if (term.op == FilterOperator::Matches)
                   return satisfies(term, {Value::Kind::Text, text});
               const TextMatcher& matcher = term.literals.front().matcher;
               m_envelope_json.begin(text);
               return matcher.is_in(text) ||
                      (has_escapes(text) && m_envelope_json.escaped_text_holds(matcher));
           });
}

bool Evaluator::value_field(BoundTerm& bound) {
    const FilterTerm& term = *bound.term;
    if (m_input->value_null)
        return term.op != FilterOperator::Exists && satisfies(term, {Value::Kind::Null, {}});
    if (term.op == FilterOperator::Contains)
        return value_holds(bound);
    return satisfies(term, {Value::Kind::Text, m_input->value}) ||
           (term.op == FilterOperator::Matches && around_holds(bound));
}

/// Of a stored row it costs a look into its record.
const Sighting* Evaluator::whole() const {
    const FilterInput& in = *m_input;
    return in.sighting != nullptr && in.restore != nullptr ? &in.restore->whole() : in.sighting;
}

bool Evaluator::time_field(const BoundTerm& bound, const Sighting* sighting, Micros Sighting::*time,
                           TimeState Sighting::*state) {
    if (sighting != nullptr) {
        const TimeState known = sighting->*state;
        return (known == TimeState::Present || known == TimeState::Implausible) &&
               satisfies(*bound.term, (sighting->*time).value());
    }
    return m_mapped.any(bound.name, [&](const Value& value) {
        const std::optional<Micros> parsed =
            value.kind == Value::Kind::String ? parse_instant(value.text) : std::nullopt;
        return parsed && satisfies(*bound.term, parsed->value());
    });
}

bool Evaluator::interned_field(BoundTerm& bound) {
    const bool kept = bound.interned != &Sighting::replay_run;
    const Sighting* sighting = kept ? m_input->sighting : whole();
    if (sighting == nullptr || bound.interner == nullptr)
        return mapped_field(bound);
    const ValueId id = bound.dimension >= 0
                           ? sighting->dimensions[static_cast<std::size_t>(bound.dimension)]
                           : sighting->*bound.interned;
    if (id == no_value) // missing, null, empty, or no value that has a number: the payload knows
        return mapped_field(bound);
    if (id == other_value && m_input->paths != nullptr)
        return is_mapped(bound) ? mapped_field(bound) : bound.term->op == FilterOperator::Exists;
    return interned_verdict(bound, id);
}

bool Evaluator::is_mapped(const BoundTerm& bound) {
    return m_mapped.any(bound.name, [](const Value&) { return true; });
}

bool Evaluator::mapped_field(const BoundTerm& bound) {
    return m_mapped.any(bound.name,
                        [&](const Value& value) { return satisfies(*bound.term, as_text(value)); });
}

/// The term's answer for one value of a dimension, asked once per value. An interner cuts long
/// values: then the payload is asked, if the dialect says where.
bool Evaluator::interned_verdict(BoundTerm& bound, ValueId id) {
    const std::size_t slot = id.value();
    Verdict verdict = Verdict::Unknown;
    if (m_fast && slot < bound.verdicts.size())
        verdict = bound.verdicts[slot];
    if (verdict == Verdict::Unknown) {
        const std::string text = bound.interner->text(id);
        const bool cut = Interner::was_cut(text);
        const bool yes = satisfies(*bound.term, {Value::Kind::Text, text});
        verdict =
            cut ? (yes ? Verdict::CutYes : Verdict::CutNo) : (yes ? Verdict::Yes : Verdict::No);
        if (m_fast && slot >= bound.verdicts.size())
            bound.verdicts.resize(std::max(slot + 1, bound.verdicts.size() * 2));
        if (m_fast)
            bound.verdicts[slot] = verdict;
    }
    if (verdict <= Verdict::Yes)
        return verdict == Verdict::Yes;
    return is_mapped(bound) ? mapped_field(bound) : verdict == Verdict::CutYes;
}

bool Evaluator::headers_named(const FilterTerm& term, std::string_view name) {
    for (std::size_t i = 0; i < m_input->header_count; ++i) {
        const HeaderView& header = m_input->headers[i];
        if (header.name == name &&
            satisfies(term, {header.null ? Value::Kind::Null : Value::Kind::Text, header.value}))
            return true;
    }
    return false;
}

bool Evaluator::id_field(BoundTerm& bound) {
    const FilterTerm& term = *bound.term;
    const auto is_null = [](const FilterLiteral& literal) {
        return literal.kind == FilterLiteral::Kind::Null;
    };
    const bool identity = !std::any_of(term.literals.begin(), term.literals.end(), is_null);
    if (identity && (term.op == FilterOperator::Equal || term.op == FilterOperator::In))
        return id_is(bound);
    const bool exists = term.op == FilterOperator::Exists;
    if (!exists && !(identity && term.op == FilterOperator::NotEqual))
        return m_mapped.any("id",
                            [&](const Value& value) { return satisfies(term, as_text(value)); });
    const bool there = m_input->sighting != nullptr
                           ? m_input->sighting->key_source == KeySource::EventId
                           : m_mapped.any("id", [](const Value&) { return true; });
    return there && (exists || !id_is(bound));
}

/// The decoder's hash decides quickly; equal hashes are told apart on the record itself, which also
/// keeps an id that is masked from being found.
bool Evaluator::id_is(const BoundTerm& bound) {
    const FilterTerm& term = *bound.term;
    const Sighting* sighting = m_input->sighting;
    const auto known = [&](std::uint64_t hash) {
        return std::binary_search(bound.id_hashes.begin(), bound.id_hashes.end(), hash);
    };
    const bool folds =
        std::any_of(term.literals.begin(), term.literals.end(),
                    [](const FilterLiteral& literal) { return literal.matcher.fold_case(); });
    if (sighting != nullptr && !folds) {
        if (sighting->key_source != KeySource::EventId || !known(sighting->key.value()))
            return false;
        for (const FilterLiteral& literal : term.literals) {
            if (hash_event_id(literal.written) == sighting->key)
                return id_stands_in_record(literal.written);
        }
        return false;
    }
    return m_mapped.any("id", [&](const Value& value) {
        if (value.kind == Value::Kind::Null || value.kind == Value::Kind::Container)
            return false;
        return known(hash_event_id(value.text).value()) ||
               std::any_of(
                   term.literals.begin(), term.literals.end(), [&](const FilterLiteral& literal) {
                       return literal.matcher.fold_case() && literal.matcher.equals(value.text);
                   });
    });
}

bool Evaluator::id_stands_in_record(std::string_view id) {
    const auto found = [this](const TextMatcher& matcher) {
        return stands(matcher) || m_mapped.wrapped_holds(matcher);
    };
    std::array<std::uint8_t, 16> wanted{};
    if (!parse_uuid(id, wanted))
        return found(TextMatcher(id, false));
    std::string digits;
    for (const char c : id) {
        if (c != '-' && c != '{' && c != '}')
            digits.push_back(c);
    }
    return found(TextMatcher(digits.substr(digits.size() - 12), true));
}

bool Evaluator::outcome_is(const FilterTerm& term) const {
    if (m_input->sighting == nullptr)
        return false;
    return satisfies(term, {Value::Kind::Text,
                            outcome_words[static_cast<std::size_t>(m_input->sighting->outcome)]});
}

/// Every reason is a value of the field. Several terms may ask; the event is judged once.
bool Evaluator::violation_is(const FilterTerm& term) {
    if (m_input->violations == nullptr)
        return false;
    if (m_violations == nullptr)
        m_violations = &m_input->violations->find(*m_input);
    return std::any_of(m_violations->begin(), m_violations->end(), [&](std::string_view reason) {
        return satisfies(term, {Value::Kind::Text, reason});
    });
}

} // namespace

std::unique_ptr<FilterEvaluator>
FilterEvaluator::create(std::shared_ptr<const Filter> filter,
                        std::shared_ptr<const Vocabulary> vocabulary) {
    return std::make_unique<Evaluator>(std::move(filter), std::move(vocabulary));
}

} // namespace weir
