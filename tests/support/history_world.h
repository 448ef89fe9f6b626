// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A pipeline that is observed by one process after the other, which share a history: events at two
// topics, ranges of which a run reads, by as many lanes as the test wants.
// Thread contract: one owner; a run's loop has its own threads.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "models/event/decode/decoder.h"
#include "models/event/history/history_keeper.h"
#include "models/event/ingest/ingest_loop.h"
#include "models/flow/flow_history.h"
#include "models/flow/flow_report.h"
#include "models/latency/latency_history.h"
#include "models/latency/latency_paths.h"
#include "tests/support/scripted_source.h"

namespace weir::test {

/// raw_events → unique_events by "deduplicate", two partitions each. Event number i is the record
/// at offset i / 2 of partition i % 2 of either topic, a second after the one before.
struct HistoryWorld {
    static constexpr int partitions = 2;
    static constexpr std::int64_t second_us = 1'000'000;
    inline static const std::vector<std::string> topics{"raw_events", "unique_events"};

    std::shared_ptr<Vocabulary> words = Vocabulary::create({"type", "app_version"});
    std::shared_ptr<LatencyOptions> latency_options = std::make_shared<LatencyOptions>();
    std::shared_ptr<FlowOptions> flow_options = std::make_shared<FlowOptions>();
    /// The first event's, two hours ago: by minute still, and no bucket is cut by it.
    std::int64_t begin_s = Micros::now().value() / (3'600 * second_us) * 3'600 - 2 * 3'600;

    HistoryWorld() {
        StageSpec stage{.name = "deduplicate",
                        .inputs = {"raw_events"},
                        .outputs = {"unique_events"},
                        .pending_limit_us = 60 * second_us};
        latency_options->connection = flow_options->connection = "test";
        latency_options->stages.push_back(
            {.name = stage.name, .inputs = stage.inputs, .outputs = stage.outputs});
        flow_options->stages = {stage};
    }

    PlaceId place(const std::string& topic) const { return words->places->id("test", topic); }

    /// Of so many one event is lost within the stage, the middle one; 0: none.
    std::int64_t lost_of = 0;
    bool is_lost(std::int64_t number) const {
        return lost_of > 0 && number % lost_of == lost_of / 2;
    }

    /// Offsets that a run reads: by topic, then partition.
    struct Part {
        std::int64_t first = 0, next = 0;
    };
    using Parts = std::vector<std::vector<Part>>;
    /// The same of all of them.
    static Parts all(std::int64_t first, std::int64_t next) {
        return Parts(topics.size(), std::vector<Part>(partitions, Part{first, next}));
    }

    std::shared_ptr<ScriptedSource> source_of(const Parts& parts, int lanes) const {
        auto source = std::make_shared<ScriptedSource>(lanes);
        for (std::size_t topic = 0; topic < topics.size(); ++topic)
            for (int partition = 0; partition < partitions; ++partition) {
                const Part& part = parts[topic][static_cast<std::size_t>(partition)];
                for (std::int64_t at = part.first; at < part.next; ++at) {
                    const std::int64_t number = at * partitions + partition;
                    if (topic == 1 && is_lost(number))
                        continue;
                    source->go_on_at(topics[topic], partition, at);
                    source->add(topics[topic], partition,
                                native_event("e" + std::to_string(number),
                                             number % 3 == 0 ? "purchase" : "page_view"),
                                begin_s + number + static_cast<std::int64_t>(topic));
                }
            }
        source->finish();
        return source;
    }

    enum FoldNumber : std::size_t { fold_latency, fold_flow };
    std::unique_ptr<IngestLoop> read(const Parts& parts, IngestOptions options,
                                     int lanes = 2) const {
        options.checkpoint_every = std::chrono::milliseconds(2);
        return IngestLoop::start(
            source_of(parts, lanes),
            [this] {
                DecodeOptions decode;
                decode.connection = "test";
                return Decoder::create(DialectSet::built_in(), words, decode);
            },
            {[this](int) { return std::make_unique<LatencyBook>(*words, latency_options); },
             [this](int) { return std::make_unique<FlowLedger>(*words, flow_options); }},
            std::move(options));
    }
};

/// One process's: its keeper, and what it makes of the past.
struct HistoryProcess {
    HistoryProcess(const HistoryWorld& of, std::string file, HistoryPolicy policy = {},
                   bool writes = true)
        : world(of)
        , latency(*of.words, of.latency_options)
        , flow(*of.words, of.flow_options) {
        HistoryOptions options;
        options.file = std::move(file);
        options.policy = policy;
        options.folds = latency.folds();
        options.folds.insert(options.folds.end(), flow.folds().begin(), flow.folds().end());
        options.places = of.words->places;
        options.writes = writes;
        keeper = HistoryKeeper::create(std::move(options));
    }

    LatencySeen latency_with(const IngestLoop* loop) const {
        LatencySeen seen;
        if (loop != nullptr)
            seen.lanes = snapshots_of<LatencyBook>(*loop, HistoryWorld::fold_latency);
        if (const auto past = latency.snapshot())
            seen.lanes.push_back(past);
        return seen;
    }
    FlowSeen flow_with(const IngestLoop* loop) const {
        FlowSeen seen;
        if (loop != nullptr)
            seen.lanes = snapshots_of<FlowLedger>(*loop, HistoryWorld::fold_flow);
        if (const auto past = flow.snapshot())
            seen.lanes.push_back(past);
        return seen;
    }

    const HistoryWorld& world;
    LatencyHistory latency;
    FlowHistory flow;
    std::shared_ptr<HistoryKeeper> keeper;
};

} // namespace weir::test
