// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sightings.h"

namespace weir::test {

SightingBatch sightings(Vocabulary& vocabulary, const std::vector<EventText>& events,
                        Micros observed) {
    RecordBatchBuilder builder;
    SightingBatch batch;
    for (const EventText& e : events) {
        builder.add({.topic = e.place,
                     .partition = PartitionId(e.partition),
                     .offset = Offset(e.offset),
                     .timestamp = Micros(e.time_s * 1'000'000),
                     .headers = e.headers,
                     .key_null = false,
                     .value_null = e.tombstone,
                     .key = "key-" + e.id,
                     .value = e.tombstone ? std::string() : e.value});
        Sighting s;
        s.key = hash_event_id(e.id);
        s.key_source = KeySource::EventId;
        s.offset = Offset(e.offset);
        s.partition = PartitionId(e.partition);
        s.place = vocabulary.places->id("test", e.place);
        s.record_time = Micros(e.time_s * 1'000'000);
        s.timestamp_type = TimestampType::CreateTime;
        s.observed_time = observed;
        s.record = static_cast<std::uint32_t>(batch.sightings.size());
        s.body_size = e.tombstone ? 0 : static_cast<std::uint32_t>(e.value.size());
        s.dimensions[0] = vocabulary.dimensions[0]->id(e.type);
        s.outcome = e.outcome;
        batch.sightings.push_back(s);
    }
    batch.records = builder.take();
    return batch;
}

} // namespace weir::test
