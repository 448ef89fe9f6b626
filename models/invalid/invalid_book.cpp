// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/invalid/invalid_book.h"

#include <algorithm>

#include "connectors/base/time_units.h"
#include "models/event/disclosure/field_finder.h"
#include "models/invalid/normal_form.h"
#include "models/invalid/reason_facts.h"

namespace weir {

namespace {

constexpr std::string_view unspecified = "unspecified";

/// The time by which an event is put into a bucket.
std::int64_t time_us_of(const Sighting& s) {
    const std::int64_t ahead_us = s.observed_time.value() + hour_us;
    return s.timestamp_type == TimestampType::None ? s.observed_time.value()
                                                   : std::min(s.record_time.value(), ahead_us);
}

const Violation& main_violation(const std::vector<Violation>& violations) {
    const auto blocking = std::find_if(violations.begin(), violations.end(),
                                       [](const auto& v) { return v.effect == Effect::Block; });
    return blocking == violations.end() ? violations.front() : *blocking;
}

std::string as_it_is(std::string_view text) {
    return std::string(text);
}

} // namespace

struct InvalidBook::Masking {
    Masking(const std::shared_ptr<const Vocabulary>& vocabulary,
            const std::shared_ptr<const DisclosurePolicy>& policy)
        : discloser(policy, MaskedParts::Counted)
        , fields(vocabulary, policy) {}
    Discloser discloser;
    FieldFinder fields;
};

InvalidBook::InvalidBook(std::shared_ptr<const Vocabulary> vocabulary,
                         std::shared_ptr<const InvalidOptions> options)
    : m_vocabulary(std::move(vocabulary))
    , m_options(std::move(options))
    , m_trail(m_options->limits)
    , m_reader(*m_options->dialects, m_vocabulary)
    , m_reasons(m_options->words->reasons, normal_form)
    , m_messages(m_options->words->messages, normal_form)
    , m_pointers(m_options->words->pointers, general_pointer)
    , m_producers(m_options->words->producers, as_it_is) {
    renew_rules();
    publish();
}

InvalidBook::~InvalidBook() = default;

void InvalidBook::renew_rules() {
    const std::uint64_t revision =
        m_options->contracts_revision ? m_options->contracts_revision() : 1;
    if (revision == m_revision)
        return;
    m_revision = revision;
    m_checker = m_options->checkers ? m_options->checkers() : nullptr;
    const auto policy = m_options->masking ? m_options->masking() : nullptr;
    m_masking =
        policy && policy->masks() ? std::make_unique<Masking>(m_vocabulary, policy) : nullptr;
    if (m_checker != nullptr && m_checker->contracts().types().empty())
        m_checker.reset(); // there is nothing to break
}

InvalidBook::Role InvalidBook::role(PlaceId place) {
    if (place.value() >= m_roles.size())
        m_roles.resize(place.value() + std::size_t{1}, Role::Unknown);
    Role& known = m_roles[place.value()];
    if (known != Role::Unknown)
        return known;
    const std::string name = m_vocabulary->places->name(place);
    const auto is_one_of = [&](const std::vector<std::string>& names) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    if (is_one_of(m_options->dead_letters))
        known = Role::DeadLetter;
    else if (m_options->entries.empty() || is_one_of(m_options->entries))
        known = Role::Entry;
    else
        known = Role::Within;
    return known;
}

bool InvalidBook::is_wanted(const Sighting& s) const {
    const std::int64_t time_us = time_us_of(s);
    return time_us >= m_options->from_us && time_us < m_options->to_us;
}

void InvalidBook::absorb(const SightingBatch& batch) {
    renew_rules();
    for (const Sighting& s : batch.sightings) {
        if (s.outcome == Outcome::Tombstone || !is_wanted(s))
            continue;
        m_changed = true;
        const Role at = role(s.place);
        if (s.outcome == Outcome::Failed || at == Role::DeadLetter) {
            count_failed(batch, s, true);
            continue;
        }
        if (at != Role::Entry)
            continue; // it was counted where it came in
        ++m_entered;
        m_trail.count_seen(time_us_of(s), s.dimensions);
        if (s.outcome == Outcome::Undecodable)
            count_failed(batch, s, false);
        else if (m_checker != nullptr)
            check_passed(batch, s);
    }
}

const InvalidBook::Reason& InvalidBook::facts_of(ValueId reason) {
    if (reason.value() >= m_facts.size())
        m_facts.resize(reason.value() + std::size_t{1});
    Reason& known = m_facts[reason.value()];
    if (known.id == no_value) {
        const std::string text = m_options->words->reasons.text(reason);
        ViolationReason of_contract{};
        known = {reason, from_word(text, of_contract), reason_facts(text).mostly_bots};
    }
    return known;
}

/// Of what cannot be decoded the sighting says that; why it is a dead letter say its headers.
const InvalidBook::Reason& InvalidBook::reason_of(const Sighting& s, const Failure& failure) {
    if (s.outcome == Outcome::Undecodable && !failure.reason.empty())
        return facts_of(m_reasons.id(failure.reason));
    if (s.reason.value() >= m_own_reasons.size())
        m_own_reasons.resize(s.reason.value() + std::size_t{1}, no_value);
    ValueId& known = m_own_reasons[s.reason.value()];
    if (known == no_value) {
        const std::string text = m_vocabulary->reasons->text(s.reason);
        known = s.reason == other_value
                    ? other_value
                    : m_reasons.id(text.empty() ? unspecified : std::string_view(text));
    }
    return facts_of(known);
}

void InvalidBook::count_failed(const SightingBatch& batch, const Sighting& s, bool dead_letter) {
    const Failure& failure = m_reader.read(batch, s);
    const Reason& reason = reason_of(s, failure);
    InvalidKey key;
    key.kind = dead_letter ? InvalidKind::Failed : InvalidKind::Unreadable;
    key.reason = reason.id;
    key.pointer = m_pointers.id(failure.pointer);
    if (!reason.says_it_all)
        key.message = m_messages.id(failure.message);
    key.bot = failure.bot || reason.mostly_bots ? 1 : 0;
    // A dead letter with an origin was seen where it came in.
    if (dead_letter && !s.origin.known())
        m_trail.count_seen(time_us_of(s), s.dimensions);
    if (key.message != no_value && key.message != other_value)
        key.message_masked = is_masked(failure.message, batch, s) ? 1 : 0;
    count(key, s, failure);
}

/// Whether the record as it is shown has another message than the one that was read.
bool InvalidBook::is_masked(std::string_view message, const SightingBatch& batch,
                            const Sighting& s) {
    if (m_masking == nullptr)
        return true;
    const Record& record = batch.records.records[s.record];
    const EventFields fields = m_masking->fields.of(s);
    const std::string_view body = batch.body(s);
    const DisclosedRecord shown = m_masking->discloser.disclose(
        record.key_null, record.key, record.value_null, body, batch.records.headers_of(record),
        record.header_count, record.value, {&fields, 1});
    if (!shown.is_masked())
        return false;
    const std::string as_read(message);
    return m_reader.message_in(shown, s.dialect) != as_read;
}

void InvalidBook::check_passed(const SightingBatch& batch, const Sighting& s) {
    const Judgement* const judgement = m_checker->check(s, batch.body(s), s.observed_time);
    if (judgement == nullptr || judgement->fine())
        return;
    const Violation& violation = main_violation(judgement->violations);
    InvalidKey key;
    key.kind = InvalidKind::Passed;
    key.reason = m_reasons.id(to_word(violation.reason));
    key.pointer = m_pointers.id(violation.pointer);
    const Failure& failure = m_reader.read(batch, s);
    key.bot = failure.bot ? 1 : 0;
    count(key, s, failure);
}

void InvalidBook::count(InvalidKey key, const Sighting& s, const Failure& failure) {
    key.place = s.place;
    key.producer = m_producers.id(failure.producer);
    key.dimensions = s.dimensions;
    const bool past_words = key.reason == other_value || key.pointer == other_value ||
                            key.message == other_value || key.producer == other_value;
    m_words_overflowed += past_words ? 1 : 0;
    const std::int64_t time_us = time_us_of(s);
    InvalidCell& cell = m_trail.cell(time_us, key);
    ++cell.events;
    cell.first_us = std::min(cell.first_us, time_us);
    cell.last_us = std::max(cell.last_us, time_us);
    if (failure.user != 0)
        cell.users.add(failure.user);
    if (failure.session != 0)
        cell.sessions.add(failure.session);
    cell.add_sample({time_us, s.offset, s.partition, s.place, s.ordinal});
}

void InvalidBook::publish() {
    if (!m_changed)
        return;
    m_changed = false;
    auto snapshot = std::make_shared<InvalidSnapshot>();
    snapshot->options = m_options;
    snapshot->buckets = m_trail.publish();
    snapshot->entered = m_entered;
    snapshot->overflowed = m_trail.overflowed() + m_words_overflowed;
    snapshot->checks = m_checker != nullptr;
    m_published.set(std::move(snapshot));
}

} // namespace weir
