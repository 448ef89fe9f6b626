// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How fast records become sightings, per dialect, against the least that nlohmann/json needs to
// parse the same payload and fetch as many fields; and what the pieces cost, simdjson beside them.
// CPU time of one core: decode_rate [events]
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <simdjson.h>
#include <string>

#include "models/event/decode/decoder.h"
#include "models/event/json/json_tape.h"
#include "tests/support/source_path.h"

using namespace weir;

namespace {

/// About 535 bytes, as most of the figures in design.md are for.
std::string native_event(int i) {
    char id[37];
    std::snprintf(id, sizeof id, "0190d4c1-7a2b-7c3d-8e4f-%012x", static_cast<unsigned>(i));
    return std::string(R"({"event_id":")") + id +
           R"(","event_type":"purchase","schema_version":3,"session_id":"5a6b7c8d-9e0f-4c1a-8b2c-3d)"
           R"(4e5f607182","anonymous_id":"9e0f5a6b-7c8d-4c1a-8b2c-3d4e5f607182","user_id":"u-10485)"
           R"(76","source":"client","source_id":"wk_web_1","platform":"web","event_time":"2026-11-2)"
           R"(0T10:15:30.123456Z","sent_time":"2026-11-20T10:15:31.000Z","received_time":"2026-11-)"
           R"(20T10:15:31.250Z","context":{"app_version":"4.12.0","locale":"de-CH","page":"/checko)"
           R"(ut"},"properties":{"price":129.95,"currency":"CHF","n":)" +
           std::to_string(i) + "}}";
}

std::string fixture(const std::string& name) {
    std::ifstream in(test::source_path("tests/fixtures/dialects/" + name), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

RecordBatch batch_of(const std::string& value, bool native, int count) {
    RecordBatchBuilder builder;
    for (int i = 0; i < count; ++i) {
        RecordBatchBuilder::Fields fields;
        fields.topic = "events";
        fields.offset = Offset(i);
        fields.timestamp = Micros::now();
        fields.value = native ? native_event(i) : value;
        builder.add(std::move(fields));
    }
    RecordBatch batch = builder.take();
    batch.observed = Micros::now();
    return batch;
}

template <class Work>
double seconds(Work work) {
    const std::clock_t begin = std::clock(); // of this process alone: others do not count
    work();
    return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

void print(const char* name, double count, double bytes, double s) {
    std::printf("  %-28s %8.0f ns  %6.2f M/s  %7.0f MB/s\n", name, s / count * 1e9, count / s / 1e6,
                bytes / s / 1e6);
}

void measure_dialect(const std::string& name, const std::string& value, bool native, int count) {
    constexpr int batch_size = 2'000;
    const auto vocabulary =
        Vocabulary::create({"type", "source", "platform", "app_version", "schema_version"});
    const auto decoder = Decoder::create(DialectSet::built_in(), vocabulary, {});
    SightingBatch out;
    RecordBatch batch = batch_of(value, native, batch_size);
    double events = 0;
    double bytes = 0;
    const double spent = seconds([&] {
        for (int done = 0; done < count; done += batch_size) {
            decoder->decode(std::move(batch), out);
            events += static_cast<double>(out.sightings.size());
            batch = std::move(out.records);
        }
    });
    for (const Record& r : batch.records)
        bytes += static_cast<double>(r.value.size());
    bytes *= static_cast<double>(count) / batch_size;
    std::printf("%s: %.0f bytes a record, read as %s\n", name.c_str(), bytes / count,
                vocabulary->dialects->text(out.sightings.front().dialect).c_str());
    print("weir, per event", events, bytes, spent);
    if (value.front() != '{')
        return;
    std::size_t found = 0;
    const int few = count / 20;
    const double theirs = seconds([&] {
        for (int i = 0; i < few; ++i) {
            const auto& r = batch.records[static_cast<std::size_t>(i % batch_size)];
            const auto json = nlohmann::json::parse(r.value, nullptr, false);
            for (const char* field : {"event_id", "event_type", "schema_version", "source",
                                      "platform", "event_time", "sent_time", "received_time"})
                found += json.is_object() && json.contains(field) ? 1 : 0;
        }
    });
    print(found == 1 ? "nlohmann" : "nlohmann, per record", few, bytes / 20, theirs);
}

void measure_pieces(int count) {
    const std::string event = native_event(7);
    const auto n = static_cast<double>(count);
    const double bytes = n * static_cast<double>(event.size());
    std::uint64_t sum = 0;
    std::printf("pieces: %zu bytes\n", event.size());
    JsonTape tape;
    print("JsonTape", n, bytes, seconds([&] {
              for (int i = 0; i < count; ++i)
                  sum += tape.parse(event) ? tape.nodes().size() : 0;
          }));
    simdjson::dom::parser dom;
    const simdjson::padded_string padded(event);
    print("simdjson DOM", n, bytes, seconds([&] {
              for (int i = 0; i < count; ++i)
                  sum += dom.parse(padded).error() == simdjson::SUCCESS ? 1 : 0;
          }));
    simdjson::ondemand::parser parser;
    print("simdjson On-Demand, 1 pass", n, bytes, seconds([&] {
              for (int i = 0; i < count; ++i) {
                  auto document = parser.iterate(padded);
                  for (auto field : document.get_object())
                      sum += static_cast<unsigned char>(*field.key().value().raw());
              }
          }));
    print("hash of id and value", n, bytes, seconds([&] {
              const std::string_view id = std::string_view(event).substr(13, 36);
              for (int i = 0; i < count; ++i)
                  sum += hash_event_id(id).value() + hash_value(event);
          }));
    if (sum == 0)
        std::printf("nothing was found\n");
}

} // namespace

int main(int argc, char** argv) {
    const int count = argc > 1 ? std::max(2'000, std::atoi(argv[1])) : 1'000'000;
    measure_pieces(count);
    measure_dialect("native", native_event(1), true, count);
    for (const char* name :
         {"segment.json", "segment-batch.json", "cloudevents.json", "snowplow-tracker.json",
          "snowplow-enriched.tsv", "snowplow-bad-row.json", "native-dead-letter.json"})
        measure_dialect(name, fixture(name), false, count / 4);
    measure_dialect("text", "GET /index.html 200", false, count / 4);
    return 0;
}
