// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/live/row_matcher.h"

#include <algorithm>

#include "models/event/json/json_look.h"

namespace weir {

bool TimeSpan::holds(const StoredRow& row) const {
    if (!bounded())
        return true;
    return static_cast<TimestampType>(row.timestamp_type) != TimestampType::None &&
           row.record_time_us >= from_us && row.record_time_us < to_us;
}

RowMatcher::RowMatcher(std::shared_ptr<const Vocabulary> vocabulary,
                       std::shared_ptr<const DisclosurePolicy> policy,
                       std::unique_ptr<Decoder> decoder,
                       std::unique_ptr<ViolationFinder> violations)
    : m_vocabulary(std::move(vocabulary))
    , m_decoder(std::move(decoder))
    , m_violations(std::move(violations))
    , m_policy(std::move(policy))
    , m_sighting(m_decoder.get()) {}

RowMatcher::~RowMatcher() = default;

void RowMatcher::set_filter(std::shared_ptr<const Filter> filter) {
    if (filter == m_filter)
        return;
    m_filter = std::move(filter);
    m_disclosed.reset();
    if (m_filter)
        m_disclosed = std::make_unique<DisclosedFilter>(m_filter, m_vocabulary, m_policy);
}

const std::string& RowMatcher::topic(std::uint16_t place) {
    if (place >= m_topics.size())
        m_topics.resize(place + std::size_t{1});
    std::string& name = m_topics[place];
    if (name.empty())
        name = m_vocabulary->places->name(PlaceId(place));
    return name;
}

bool RowMatcher::in_scope(const StoredRow& stored) const {
    const FilterScope& scope = m_filter->scope();
    if (scope.nothing)
        return false;
    if (scope.offset_from && stored.offset < scope.offset_from->value())
        return false;
    if (scope.offset_to && stored.offset >= scope.offset_to->value())
        return false;
    if (scope.partitions) {
        const auto& wanted = *scope.partitions;
        if (std::find(wanted.begin(), wanted.end(), PartitionId(stored.partition)) == wanted.end())
            return false;
    }
    return true;
}

bool RowMatcher::matches(const Segment& segment, std::uint32_t row) {
    const StoredRow& stored = segment.row(row);
    if (!m_span.holds(stored))
        return false;
    if (!m_filter)
        return true;
    if (!in_scope(stored))
        return false;
    m_headers.clear();
    segment.headers(row, m_headers);
    FilterInput input;
    input.topic = topic(stored.place);
    input.partition = PartitionId(stored.partition);
    input.offset = Offset(stored.offset);
    const bool timed = static_cast<TimestampType>(stored.timestamp_type) != TimestampType::None;
    input.record_time = timed ? Micros(stored.record_time_us) : Micros(-1);
    input.record_size = segment.record_bytes(row);
    input.event_size = segment.event_bytes(row);
    m_sighting.begin(segment, row, topic(stored.place));
    input.sighting = &m_sighting.kept();
    input.restore = &m_sighting;
    if (m_decoder)
        input.paths = m_decoder->field_paths(PlaceId(stored.place), ValueId(stored.dialect));
    input.key_null = stored.key_null != 0;
    input.value_null = stored.value_null != 0;
    input.key = segment.key(row);
    input.value = segment.body(row);
    input.headers = m_headers.data();
    input.header_count = m_headers.size();
    input.judge_json = looks_like_json;
    if (m_filter->looks_around_events())
        input.envelope = m_envelope.of(segment, row);
    input.as_read = input.value;
    // A masked copy is not what was sent: it is not judged.
    const auto as_read = segment.as_read(row);
    if (!as_read || !as_read->masked)
        input.violations = m_violations.get();
    return m_disclosed->matches(input, segment.value(row));
}

} // namespace weir
