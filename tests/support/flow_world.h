// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A small pipeline for tests of the ledger: events that are seen from place to place without a
// broker, as many lanes as the test wants, how far each place has been read, and what the ledgers
// say of it.
// Thread contract: one owner.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/flow/flow_report.h"

namespace weir::test {

/// raw_events → unique_events by "deduplicate" → enriched_events by "enrich"; both reject to
/// invalid_events, and give an event a minute.
struct FlowWorld {
    static constexpr std::int64_t second_us = 1'000'000;
    static constexpr std::int64_t minute_us = 60 * second_us;
    static constexpr std::int64_t noon_us = 1'699'963'200 * second_us;
    inline static const std::vector<std::string> places{"raw_events", "unique_events",
                                                        "enriched_events", "invalid_events"};

    std::shared_ptr<Vocabulary> words =
        Vocabulary::create({"type", "source", "platform", "app_version"});
    std::shared_ptr<FlowOptions> options = std::make_shared<FlowOptions>();
    std::vector<std::unique_ptr<FlowLedger>> lanes;

    explicit FlowWorld(int lane_count = 2, std::size_t open_max = 100'000) {
        options->connection = "test";
        options->open_max = open_max;
        options->lanes = static_cast<std::size_t>(lane_count);
        StageSpec deduplicate{.name = "deduplicate",
                              .inputs = {"raw_events"},
                              .outputs = {"unique_events"},
                              .dead_letter = "invalid_events",
                              .pending_limit_us = minute_us};
        StageSpec enrich = deduplicate;
        enrich.name = "enrich";
        enrich.inputs = {"unique_events"};
        enrich.outputs = {"enriched_events"};
        options->stages = {deduplicate, enrich};
        for (int i = 0; i < lane_count; ++i)
            lanes.push_back(std::make_unique<FlowLedger>(*words, options));
    }

    PlaceId place(const std::string& name) const { return words->places->id("test", name); }

    /// As the ingest loop does it: the key's lane joins. `time_us`: after noon.
    void see(const std::string& at, const std::string& id, std::int64_t time_us,
             std::uint16_t content = 1, const std::string& version = "4.7.0") const {
        JoinEntry entry = entry_of(at, id, time_us);
        entry.value_hash = std::uint64_t{content} << 48;
        entry.dimensions[3] = words->dimensions[3]->id(version);
        if (at == "invalid_events") {
            entry.outcome = Outcome::Failed;
            entry.reason = words->reasons->id("wrong_type");
        }
        lanes[entry.key.value() % lanes.size()]->absorb_entries({entry});
    }
    JoinEntry entry_of(const std::string& at, const std::string& id, std::int64_t time_us) const {
        JoinEntry entry{};
        entry.key = hash_event_id(id);
        entry.place = place(at);
        entry.record_time = entry.written = Micros(noon_us + time_us);
        entry.partition = PartitionId(static_cast<std::int32_t>(entry.key.value() % 3));
        entry.timestamp_type = TimestampType::CreateTime;
        entry.dimensions[0] = words->dimensions[0]->id("page_view");
        return entry;
    }

    /// The place has been read from `since_us` (INT64_MIN: its beginning) to `to_us`, after noon.
    void read(const std::string& at, std::int64_t to_us, std::int64_t since_us = INT64_MIN) const {
        Watermark mark;
        mark.place = place(at);
        mark.record_time = Micros(noon_us + to_us);
        mark.since = Micros(since_us == INT64_MIN ? since_us : noon_us + since_us);
        for (const auto& lane : lanes)
            lane->absorb_watermarks({&mark, 1});
    }
    void read_all(std::int64_t to_us) const {
        for (const std::string& at : places)
            read(at, to_us);
    }

    FlowSeen seen() const {
        FlowSeen all;
        for (const auto& lane : lanes) {
            lane->publish();
            all.lanes.push_back(lane->snapshot());
        }
        return all;
    }
    FlowReport report(FlowQuestion question = {}) const {
        return flow_report(seen(), *words, *DisclosurePolicy::none(), question);
    }
    FlowFigures stage(std::size_t number) const { return report().rows[number].figures; }

    /// in − all that became of them; 0: the stage balances.
    static std::int64_t missing(const FlowFigures& f) {
        return f[FlowCount::In] - f[FlowCount::Out] - f[FlowCount::Rejected] - f.duplicate() -
               f[FlowCount::Unjoinable] - f.outside - f.pending - f.unaccounted;
    }
};

} // namespace weir::test
