// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A small pipeline for tests of latencies: events that pass from place to place without a broker,
// as many lanes as the test wants, and the books they fill.
// Thread contract: one owner.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/latency/latency_report.h"

namespace weir::test {

/// The pipeline: raw_events → unique_events by "deduplicate", with a target of 2 s.
struct LatencyWorld {
    static constexpr std::int64_t second_us = 1'000'000;
    static constexpr std::int64_t hour_us = 3'600 * second_us;
    static constexpr std::int64_t noon_us = 1'795'521'600 * second_us;

    std::shared_ptr<Vocabulary> words =
        Vocabulary::create({"type", "source", "platform", "app_version"});
    std::shared_ptr<LatencyOptions> options = std::make_shared<LatencyOptions>();
    std::vector<std::unique_ptr<LatencyBook>> lanes;

    explicit LatencyWorld(bool staged = true, int lane_count = 2) {
        options->connection = "test";
        if (staged)
            options->stages.push_back({.name = "deduplicate",
                                       .inputs = {"raw_events"},
                                       .outputs = {"unique_events"},
                                       .dead_letter = "invalid_events",
                                       .slo_p95_us = 2 * second_us});
        for (int i = 0; i < lane_count; ++i)
            lanes.push_back(std::make_unique<LatencyBook>(*words, options));
    }

    PlaceId place(const char* name) const { return words->places->id("test", name); }

    Sighting sighting(const char* place_name, const std::string& id) const {
        Sighting s;
        s.key = hash_event_id(id);
        s.key_source = KeySource::EventId;
        s.place = place(place_name);
        s.partition = PartitionId(static_cast<std::int32_t>(s.key.value() % 3));
        s.timestamp_type = TimestampType::CreateTime;
        s.observed_time = Micros(noon_us + 24 * hour_us);
        s.dimensions[0] = words->dimensions[0]->id("page_view");
        return s;
    }

    /// As the ingest loop does it: the place's own lane absorbs, the key's lane joins.
    void see(const Sighting& s) {
        SightingBatch batch;
        batch.sightings.push_back(s);
        lanes[static_cast<std::size_t>(s.partition.value()) % lanes.size()]->absorb(batch);
        JoinEntry entry{};
        entry.key = s.key;
        entry.record_time = s.record_time;
        entry.dimensions = s.dimensions;
        entry.partition = s.partition;
        entry.place = s.place;
        entry.outcome = s.outcome;
        entry.key_source = s.key_source;
        entry.timestamp_type = s.timestamp_type;
        lanes[s.key.value() % lanes.size()]->absorb_entries({entry});
    }

    /// An event of that app version: received at a time, deduplicated so much later.
    void pass(const std::string& id, std::int64_t received_us, std::int64_t taken_us,
              const char* version = "4.7.0") {
        Sighting s = sighting("raw_events", id);
        s.dimensions[3] = words->dimensions[3]->id(version);
        s.record_time = s.received_time = Micros(received_us);
        s.sent_time = Micros(received_us - 20'000);
        s.event_time = Micros(received_us - 100'000);
        s.event_time_state = s.sent_time_state = s.received_time_state = TimeState::Present;
        see(s);
        s.place = place("unique_events");
        s.record_time = Micros(received_us + taken_us);
        see(s);
    }

    LatencySeen seen() const {
        LatencySeen all;
        for (const auto& lane : lanes) {
            lane->publish();
            all.lanes.push_back(lane->snapshot());
        }
        return all;
    }
    LatencyReport report(LatencyQuestion question = {}) const {
        return latency_report(seen(), *words, *DisclosurePolicy::none(), question);
    }
};

} // namespace weir::test
