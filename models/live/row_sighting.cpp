// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/live/row_sighting.h"

namespace weir {

void restore_sighting(const StoredRow& row, Sighting& out) {
    out = Sighting();
    out.key = EventHash(row.key);
    out.offset = Offset(row.offset);
    out.event_time = Micros(row.event_time_us);
    out.received_time = Micros(row.received_time_us);
    out.record_time = Micros(row.record_time_us);
    out.partition = PartitionId(row.partition);
    out.body_begin = row.body_begin;
    out.body_size = row.body_size;
    for (std::size_t i = 0; i < max_dimensions; ++i)
        out.dimensions[i] = ValueId(row.dimensions[i]);
    out.reason = ValueId(row.reason);
    out.dialect = ValueId(row.dialect);
    out.place = PlaceId(row.place);
    out.ordinal = row.ordinal;
    out.in_batch = row.in_batch != 0;
    out.key_source = static_cast<KeySource>(row.key_source);
    out.outcome = static_cast<Outcome>(row.outcome);
    out.timestamp_type = static_cast<TimestampType>(row.timestamp_type);
    out.event_time_state = static_cast<TimeState>(row.event_time_state);
    out.received_time_state = static_cast<TimeState>(row.received_time_state);
}

void RowSighting::begin(const Segment& segment, std::uint32_t row, const std::string& topic) {
    m_segment = &segment;
    m_row = row;
    m_topic = &topic;
    m_is_whole = false;
    restore_sighting(segment.row(row), m_sighting);
}

const Sighting& RowSighting::whole() {
    if (m_is_whole)
        return m_sighting;
    m_is_whole = true;
    if (const auto as_read = m_segment->as_read(m_row))
        restore_of_copy(*as_read);
    else if (m_decoder != nullptr)
        restore_of_record();
    return m_sighting;
}

void RowSighting::restore_of_copy(const AsRead& as_read) {
    m_sighting.replay_run = as_read.replay_run;
    if (as_read.sent_time_us == no_time)
        return;
    m_sighting.sent_time = Micros(as_read.sent_time_us);
    m_sighting.sent_time_state = TimeState::Present;
}

/// Rows of one record stand one after the other.
bool RowSighting::is_decoded(const StoredRow& stored) const {
    if (m_decoded_of != m_segment->sequence() || m_decoded.records.records.empty())
        return false;
    const Record& record = m_decoded.records.records.front();
    return record.offset == Offset(stored.offset) &&
           record.partition == PartitionId(stored.partition) && record.topic == *m_topic;
}

void RowSighting::restore_of_record() {
    const StoredRow& stored = m_segment->row(m_row);
    if (!is_decoded(stored)) {
        m_decoder->decode(m_segment->record_batch(m_row, *m_topic), m_decoded);
        m_decoded_of = m_segment->sequence();
    }
    if (stored.ordinal >= m_decoded.sightings.size()) // there are no more of one record
        return;
    const Sighting& found = m_decoded.sightings[stored.ordinal];
    m_sighting.sent_time = found.sent_time;
    m_sighting.sent_time_state = found.sent_time_state;
    m_sighting.replay_run = found.replay_run;
}

} // namespace weir
