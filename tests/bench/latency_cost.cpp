// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the latency book and the ledger of flow cost an event, beside decoding it: in turns, CPU
// time of one core. latency_cost [events] [rounds]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "models/event/decode/decoder.h"
#include "models/flow/flow_ledger.h"
#include "models/latency/latency_book.h"
#include "models/synth/generator.h"

using namespace weir;

namespace {

constexpr int batch_size = 512;

template <class Work>
double ns_an_event(int events, Work work) {
    const std::clock_t begin = std::clock(); // of this process alone: others do not count
    work();
    return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC * 1e9 / events;
}

/// Batches of the generator's events, spread over some minutes as a stream of `per_s` has them.
std::vector<RecordBatch> batches(int events, const char* topic, double per_s) {
    synth::Options options;
    options.events_per_s = per_s;
    synth::Generator generator(7, options);
    synth::Event event;
    const std::int64_t begin = Micros::now().value() - 600'000'000;
    std::vector<RecordBatch> all;
    for (int i = 0; i < events;) {
        RecordBatchBuilder builder;
        for (int n = 0; n < batch_size && i < events; ++n, ++i) {
            const Micros now(begin + static_cast<std::int64_t>(i / per_s * 1e6));
            generator.next(event, now);
            builder.add({.topic = topic,
                         .partition = PartitionId(static_cast<std::int32_t>(all.size() % 6)),
                         .offset = Offset(i),
                         .timestamp = event.received_time,
                         .key = std::string(event.key),
                         .value = std::string(event.value)});
        }
        all.push_back(builder.take());
        all.back().observed = Micros::now();
    }
    return all;
}

std::vector<JoinEntry> entries_of(const SightingBatch& batch) {
    std::vector<JoinEntry> entries;
    for (const Sighting& s : batch.sightings)
        entries.push_back({s.key, s.record_time, s.record_time, s.event_time, batch.value_hash(s),
                           s.dimensions, s.offset, s.partition, s.place, s.reason, s.outcome,
                           s.key_source, s.replay_count, s.timestamp_type});
    return entries;
}

/// Lets a fold absorb and join; published about every 50 ms of 100,000 events a second.
void measure_fold(const char* name, Fold& fold, const std::vector<SightingBatch>& sightings,
                  const std::vector<std::vector<JoinEntry>>& entries, int events) {
    std::size_t done = 0;
    const auto step = [&] {
        if (++done % 10 == 0)
            fold.publish();
    };
    std::printf("%-8s absorbing %6.0f ns\n", name, ns_an_event(events, [&] {
                    for (const SightingBatch& batch : sightings) {
                        fold.absorb(batch);
                        step();
                    }
                }));
    std::printf("%-8s joining   %6.0f ns\n", name, ns_an_event(events, [&] {
                    for (const auto& some : entries) {
                        fold.absorb_entries(some);
                        step();
                    }
                }));
    fold.publish();
}

void measure(int events) {
    const auto words =
        Vocabulary::create({"type", "source", "platform", "app_version", "schema_version"});
    auto options = std::make_shared<LatencyOptions>();
    options->connection = "bench";
    options->stages.push_back({.name = "copy", .inputs = {"raw"}, .outputs = {"copied"}});
    DecodeOptions decode;
    decode.connection = "bench";
    const auto decoder = Decoder::create(DialectSet::built_in(), words, decode);
    LatencyBook book(*words, options);
    std::vector<SightingBatch> sightings;
    for (const char* topic : {"raw", "copied"}) {
        std::vector<RecordBatch> records = batches(events / 2, topic, 20'000);
        const std::size_t first = sightings.size();
        sightings.resize(first + records.size());
        const double decoding = ns_an_event(events / 2, [&] {
            for (std::size_t i = 0; i < records.size(); ++i)
                decoder->decode(std::move(records[i]), sightings[first + i]);
        });
        std::printf("decoding %-8s %6.0f ns\n", topic, decoding);
    }
    std::vector<std::vector<JoinEntry>> entries;
    std::printf("hashing           %6.0f ns\n", ns_an_event(events, [&] {
                    for (const SightingBatch& batch : sightings)
                        entries.push_back(entries_of(batch));
                }));
    measure_fold("latency", book, sightings, entries, events);
    auto flow = std::make_shared<FlowOptions>();
    flow->connection = "bench";
    flow->stages.push_back({.name = "copy", .inputs = {"raw"}, .outputs = {"copied"}});
    flow->lanes = 1;
    FlowLedger ledger(*words, flow);
    measure_fold("ledger", ledger, sightings, entries, events);
    const auto snapshot = book.snapshot();
    std::size_t cells = 0;
    std::size_t bytes = 0;
    for (const LatencyBuckets* const trail : {&snapshot->whole, &snapshot->by_value})
        for (const auto& bucket : *trail)
            for (const LatencyBucket::Scope& scope : bucket->scopes)
                for (const LatencyCells& table : scope.tables)
                    for (const auto& [value, cell] : table) {
                        ++cells;
                        for (const QuantileSketch& sketch : cell->sketches)
                            bytes += sketch.memory_bytes();
                    }
    std::printf("held: %zu cells, %.1f kB each\n", cells,
                static_cast<double>(bytes) / 1000.0 /
                    static_cast<double>(std::max<std::size_t>(1, cells)));
}

} // namespace

int main(int argc, char** argv) {
    const int events = argc > 1 ? std::max(10'000, std::atoi(argv[1])) : 400'000;
    for (int round = argc > 2 ? std::atoi(argv[2]) : 3; round > 0; --round)
        measure(events);
    return 0;
}
