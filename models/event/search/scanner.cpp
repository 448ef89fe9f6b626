// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/search/scanner.h"

#include <algorithm>
#include <utility>

#include "models/event/json/json_look.h"

namespace weir {

namespace {

constexpr std::size_t prefetch_ahead = 4; // records

/// Masked text may hold what the raw bytes do not: then they prove nothing.
bool may_pass_over(const ScanParts& parts) {
    const DisclosurePolicy& policy = *parts.disclosure;
    return !may_be_made(policy, parts.filter->required_literal().bytes) &&
           keys_are_as_read(parts.filter->scope(), policy);
}

} // namespace

bool Scanner::may_tell_looked_into(const ScanParts& parts) {
    const bool by_bytes =
        !parts.filter->required_literal().bytes.empty() || parts.filter->scope().keys;
    return !parts.disclosure->masks() || !by_bytes || !may_pass_over(parts);
}

Scanner::Scanner(const ScanParts& parts)
    : m_parts(parts)
    , m_decoder(parts.make_decoder())
    , m_filter(parts.filter, parts.vocabulary, parts.disclosure)
    , m_discloser(parts.disclosure, parts.tell_masked ? MaskedParts::Listed : MaskedParts::Counted)
    , m_fields(parts.vocabulary, parts.disclosure) {
    if ((parts.filter->asks_for_violations() || parts.tell_violations) && parts.violations)
        m_violations = parts.violations();
    if (may_pass_over(parts))
        m_prefilter.emplace(parts.filter);
}

Scanner::~Scanner() = default;

void Scanner::drop_hopeless(RecordBatch& batch) {
    auto& records = batch.records;
    m_kept.clear();
    m_sampled.clear();
    for (std::size_t i = 0; i < records.size(); ++i) {
        const Record& record = records[i];
        if (i + prefetch_ahead < records.size())
            prefetch_value(records[i + prefetch_ahead]);
        if (record.timestamp_type != TimestampType::None &&
            ((m_parts.time_from && record.timestamp < *m_parts.time_from) ||
             (m_parts.time_to && record.timestamp >= *m_parts.time_to)))
            continue;
        const bool sampled = m_parts.census && PathCensus::due(m_offered++) && !record.value_null;
        if (!sampled && passed_over(batch, record))
            continue;
        if (sampled)
            m_sampled.push_back(static_cast<std::uint32_t>(m_kept.size()));
        if (m_kept.size() != i)
            records[m_kept.size()] = record;
        m_kept.push_back(static_cast<std::uint32_t>(i));
    }
    records.resize(m_kept.size());
}

bool Scanner::passed_over(const RecordBatch& batch, const Record& record) const {
    if (!m_prefilter || (m_parts.disclosure->masks() && record.value.size() > cut_record_bytes_min))
        return false;
    return !m_prefilter->may_match(record, batch.headers_of(record),
                                   record.value_null || looks_like_json(record.value));
}

FilterInput Scanner::input_of(const Record& record, const Sighting& sighting) const {
    const HeaderView* headers = m_sightings.records.headers_of(record);
    FilterInput input;
    input.topic = record.topic;
    input.partition = record.partition;
    input.offset = record.offset;
    input.record_time = record.timestamp;
    input.key_null = record.key_null;
    input.value_null = record.value_null;
    input.key = record.key;
    input.value = m_sightings.body(sighting);
    input.headers = headers;
    input.header_count = record.header_count;
    input.record_size = record_bytes(record, headers);
    input.event_size = static_cast<std::uint32_t>(input.value.size());
    input.raw_bytes_are_json = looks_like_json(input.value);
    input.sighting = &sighting;
    input.paths = m_decoder->field_paths(sighting.place, sighting.dialect);
    input.violations = m_violations.get();
    input.as_read = input.value;
    return input;
}

EnvelopeText* Scanner::envelope(const Record& record, const Sighting& sighting) {
    if (sighting.body_size == record.value.size() || !m_parts.filter->looks_around_events())
        return nullptr;
    if (std::exchange(m_enveloped, sighting.record) != sighting.record)
        m_envelope.begin(record.value, sighting.body_begin);
    return &m_envelope;
}

bool Scanner::matches(const Record& record, const Sighting& sighting) {
    FilterInput input = input_of(record, sighting);
    input.envelope = envelope(record, sighting);
    return m_filter.matches(input, record.value);
}

bool Scanner::sampled(std::uint32_t number) const {
    return std::binary_search(m_sampled.begin(), m_sampled.end(), number);
}

void Scanner::take_census(const Sighting& sighting) {
    const Record& record = m_sightings.records.records[sighting.record];
    FilterInput raw = input_of(record, sighting);
    raw.envelope = envelope(record, sighting);
    EventFields fields = m_fields.of(sighting);
    fields.begin = 0;
    const DisclosedRecord shown =
        m_discloser.disclose(raw.key_null, raw.key, raw.value_null, raw.value, raw.headers,
                             raw.header_count, record.value, {&fields, 1});
    m_parts.census->take(raw, disclosed_input(raw, shown, &m_shown_envelope));
}

/// Their words with commas between: they are Weir's own, and hold nothing of the event.
std::string_view Scanner::violations_of(const Sighting& sighting) {
    m_told.clear();
    const FilterInput input = input_of(m_sightings.records.records[sighting.record], sighting);
    for (const std::string_view reason : m_violations->find(input))
        m_told.append(m_told.empty() ? "" : ",").append(reason);
    return m_told;
}

/// Masking changes lengths, not the order of what is in a value.
void Scanner::find_body(const Sighting& sighting, std::string_view value, HitView& hit) {
    hit.body_begin = sighting.body_begin;
    hit.body_size = sighting.body_size;
    if (hit.value.data() == value.data())
        return;
    hit.body_begin = 0;
    hit.body_size = static_cast<std::uint32_t>(hit.value.size());
    if (sighting.body_size == value.size())
        return;
    if (!m_raw.parse(value) || !m_shown.parse(hit.value))
        return;
    const auto& nodes = m_raw.nodes();
    for (std::uint32_t node = 0; node < nodes.size(); ++node) {
        if (nodes[node].offset != sighting.body_begin || nodes[node].kind == JsonKind::Key)
            continue;
        hit.body_begin = m_shown.nodes()[node].offset;
        hit.body_size = m_shown.nodes()[node].length;
        return;
    }
}

bool Scanner::hand_out(const Sighting& sighting, bool last, Verdicts& verdicts) {
    const RecordBatch& batch = m_sightings.records;
    const Record& record = batch.records[sighting.record];
    const HeaderView* headers = batch.headers_of(record);
    const std::string_view body = m_sightings.body(sighting);
    const std::string_view value = sighting.in_batch ? body : record.value;
    EventFields fields = m_fields.of(sighting);
    fields.begin = sighting.in_batch ? 0 : sighting.body_begin;
    const DisclosedRecord disclosed =
        m_discloser.disclose(record.key_null, record.key, record.value_null, value, headers,
                             record.header_count, record.value, {&fields, 1});
    HitView hit = make_hit(record, disclosed);
    hit.masked_spans = disclosed.masked();
    hit.more_masked = m_parts.tell_masked && disclosed.masked_count() > disclosed.masked().size();
    hit.undecodable = sighting.outcome == Outcome::Undecodable;
    hit.in_batch = sighting.in_batch;
    hit.ordinal = sighting.ordinal;
    hit.paths = m_decoder->field_paths(sighting.place, sighting.dialect);
    hit.sighting = &sighting;
    if (!hit.in_batch)
        find_body(sighting, value, hit);
    hit.as_read = {
        static_cast<std::uint32_t>(body.size()), record_bytes(record, headers), hit.masked, {}};
    if (hit.masked && hit.undecodable && !m_raw.parse(body))
        hit.as_read.json_error = m_raw.error();
    if (m_parts.tell_violations && m_violations)
        hit.violations = violations_of(sighting);
    return verdicts.matched(sighting.record, hit, last);
}

bool Scanner::judge(RecordBatch batch, Verdicts& verdicts) {
    if (batch.records.empty())
        return true;
    m_decoder->decode(std::move(batch), m_sightings);
    m_enveloped = UINT32_MAX;
    const auto& sightings = m_sightings.sightings;
    std::uint32_t unreadable = UINT32_MAX; // the record last counted as such
    auto cut = m_sightings.cut.begin();
    for (std::size_t i = 0; i < sightings.size(); ++i) {
        const std::uint32_t number = sightings[i].record;
        if (sightings[i].outcome == Outcome::Undecodable && unreadable != number) {
            unreadable = number;
            verdicts.undecodable(number);
        }
        if (cut != m_sightings.cut.end() && cut->record == number) {
            verdicts.cut(m_sightings.records.records[number], cut->left_out);
            ++cut;
        }
        if (sampled(number))
            take_census(sightings[i]);
        if (!m_parts.filter->matches_everything() &&
            !matches(m_sightings.records.records[number], sightings[i]))
            continue;
        const bool last = i + 1 == sightings.size() || sightings[i + 1].record != number;
        if (!hand_out(sightings[i], last, verdicts))
            return false;
    }
    return true;
}

} // namespace weir
