// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/live_world.h"

namespace weir {

LiveWorld::LiveWorld(int lanes, EventStoreLimits limits)
    : m_vocabulary(
          Vocabulary::create({"type", "source", "platform", "app_version", "schema_version"})) {
    for (int lane = 0; lane < lanes; ++lane)
        m_stores.push_back(std::make_unique<EventStore>(lane, lanes, limits));
}

void LiveWorld::put(int lane, const std::vector<LiveWorldEvent>& events) {
    RecordBatchBuilder builder;
    SightingBatch batch;
    for (const LiveWorldEvent& event : events) {
        RecordBatchBuilder::Fields fields;
        fields.topic = event.topic;
        fields.partition = PartitionId(event.partition);
        fields.offset = Offset(event.offset);
        fields.timestamp = Micros(event.time_us);
        fields.headers = event.headers;
        fields.key_null = event.key.empty() && !event.key_given;
        fields.key = event.key;
        fields.value_null = event.tombstone;
        fields.value = event.value;
        builder.add(std::move(fields));

        Sighting s;
        s.key =
            hash_coordinates(event.topic, PartitionId(event.partition), Offset(event.offset), 0);
        s.offset = Offset(event.offset);
        s.partition = PartitionId(event.partition);
        s.record_time = Micros(event.time_us);
        s.observed_time = Micros(event.observed_us);
        s.timestamp_type = TimestampType::CreateTime;
        s.place = m_vocabulary->places->id("test", event.topic);
        s.record = static_cast<std::uint32_t>(batch.sightings.size());
        s.body_size = static_cast<std::uint32_t>(event.value.size());
        s.dimensions[0] = m_vocabulary->dimensions[0]->id(event.type);
        s.dimensions[1] = m_vocabulary->dimensions[1]->id("client");
        s.dimensions[2] = m_vocabulary->dimensions[2]->id(event.platform);
        s.outcome = event.tombstone ? Outcome::Tombstone : event.outcome;
        if (!event.reason.empty())
            s.reason = m_vocabulary->reasons->id(event.reason);
        batch.sightings.push_back(s);
    }
    batch.records = builder.take();
    put(lane, batch);
}

void LiveWorld::put(int lane, const SightingBatch& batch) {
    const auto index = static_cast<std::size_t>(lane);
    m_stores[index]->absorb(batch);
    m_stores[index]->publish();
}

std::vector<std::shared_ptr<const LaneSnapshot>> LiveWorld::snapshots() const {
    std::vector<std::shared_ptr<const LaneSnapshot>> lanes;
    for (const auto& store : m_stores)
        lanes.push_back(store->snapshot());
    return lanes;
}

std::vector<LiveWorldEvent> LiveWorld::purchases(int count, std::int64_t first_offset) {
    constexpr std::int64_t start_us = 1'795'226'400'000'000; // 2026-11-21T02:00:00Z
    std::vector<LiveWorldEvent> events;
    for (int i = 0; i < count; ++i) {
        LiveWorldEvent event;
        event.offset = first_offset + i;
        event.partition = static_cast<std::int32_t>(event.offset % 6);
        event.type = event.offset % 3 == 0 ? "purchase" : "page_view";
        event.platform = event.offset % 2 == 0 ? "web" : "android";
        event.time_us = event.observed_us = start_us + event.offset * 1000;
        event.key = "s" + std::to_string(event.offset % 97);
        event.value = R"({"event_id":"e)" + std::to_string(event.offset) + R"(","event_type":")" +
                      event.type + R"(","properties":{"price":)" +
                      std::to_string(event.offset % 200) + R"(.5,"currency":"EUR","order_id":)" +
                      std::to_string(event.offset) + "}}";
        events.push_back(std::move(event));
    }
    return events;
}

} // namespace weir
