// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How fast events are held against a contract, parsing included, per second of one core's time:
// Weir's validator over the tape, and valijson over nlohmann/json where Debian's libvalijson-dev is
// installed, in turns, on the same events and the same schema. contract_rivals.py adds what other
// languages have. Last what the collector does with an event but for HTTP and Kafka.
// Usage: contract_rate [EVENTS] [--write SCHEMA EVENTS.ndjson]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "models/contract/schema/json_schema.h"
#include "models/sandbox/contract_judge.h"
#include "models/sandbox/decode_request.h"
#include "models/synth/generator.h"

#if __has_include(<valijson/validator.hpp>)
#define WEIR_HAS_VALIJSON 1
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>
#pragma GCC diagnostic pop
#endif

using namespace weir;

namespace {

/// What a purchase of the shop must look like; formats are left out, because not every rival has
/// them.
const char* const contract = R"({
"$schema": "http://json-schema.org/draft-07/schema#",
"type": "object",
"required": ["event_id","event_type","schema_version","session_id","source","platform","event_time","properties"],
"properties": {
 "event_id": {"type":"string","pattern":"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"},
 "event_type": {"const":"purchase"},
 "schema_version": {"type":"integer","minimum":1},
 "session_id": {"type":"string","minLength":8,"maxLength":64},
 "anonymous_id": {"type":"string","minLength":8,"maxLength":64},
 "user_id": {"type":["string","null"]},
 "source": {"enum":["client","server"]},
 "source_id": {"type":"string"},
 "platform": {"enum":["web","ios","android","server"]},
 "event_time": {"type":"string","minLength":20},
 "sent_time": {"type":"string"},
 "received_time": {"type":"string"},
 "context": {"type":"object","required":["app_version"],"properties":{
   "app_version":{"type":"string"},"locale":{"type":"string","pattern":"^[a-z]{2}-[A-Z]{2}$"},
   "ip":{"type":"string"},"user_agent":{"type":"string"},
   "page":{"type":"object","properties":{"path":{"type":"string"}}},
   "campaign":{"type":"object","properties":{"source":{"type":"string"},"medium":{"type":"string"},"campaign":{"type":"string"}}},
   "referrer":{"type":"string"},"consent":{"type":"object","properties":{"ads":{"type":"boolean"}}}}},
 "properties": {"type":"object","required":["order_id","price","currency","items"],"properties":{
   "order_id":{"type":"integer"},
   "price":{"type":"number","minimum":0},
   "currency":{"enum":["EUR","USD","GBP"]},
   "items":{"type":"array","minItems":1,"items":{"type":"object","required":["sku","quantity","price"],
     "additionalProperties":false,"properties":{
      "sku":{"type":"string","pattern":"^SKU-[0-9]+$"},
      "quantity":{"type":"integer","minimum":1},"price":{"type":"number","minimum":0}}}}},
   "additionalProperties":false}
},
"additionalProperties": false})";

std::vector<std::string> purchases(std::size_t count) {
    synth::Options options;
    options.malformed_share = 0;
    synth::Generator generator(1, options);
    std::vector<std::string> all;
    synth::Event event;
    while (all.size() < count) {
        generator.next(event);
        if (event.type == "purchase")
            all.emplace_back(event.value);
    }
    return all;
}

struct Rate {
    double seconds = 0;
    std::size_t valid = 0;
};

template <class Check>
Rate measure(const std::vector<std::string>& events, std::size_t rounds, Check check) {
    Rate rate;
    const std::clock_t begin = std::clock(); // of this process alone: others do not count
    for (std::size_t round = 0; round < rounds; ++round)
        for (const std::string& event : events)
            rate.valid += check(event) ? 1 : 0;
    rate.seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    return rate;
}

class OfWeir {
  public:
    OfWeir()
        : m_schema(std::move(*schema::JsonSchema::parse(contract))) {}
    bool operator()(const std::string& event) {
        return m_tape.parse(event) && m_validator.accepts(*m_schema, m_tape);
    }
    bool parse_only(const std::string& event) { return m_tape.parse(event); }

  private:
    std::shared_ptr<const schema::JsonSchema> m_schema;
    schema::SchemaValidator m_validator;
    JsonTape m_tape;
};

#ifdef WEIR_HAS_VALIJSON
class OfValijson {
  public:
    OfValijson() {
        const auto document = nlohmann::json::parse(contract);
        valijson::SchemaParser parser;
        parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(document), m_schema);
    }
    bool operator()(const std::string& event) {
        const auto document = nlohmann::json::parse(event, nullptr, false);
        return m_validator.validate(m_schema, valijson::adapters::NlohmannJsonAdapter(document),
                                    nullptr);
    }

  private:
    valijson::Schema m_schema;
    valijson::Validator m_validator;
};
#endif

/// Batches of events of every type: cut, parsed, judged by the shop's contracts, and made what goes
/// to the broker. `rounds` times as many as there are.
Rate collected(std::size_t rounds, std::size_t& events) {
    constexpr std::size_t batch_events = 100;
    synth::Generator generator(1, {.malformed_share = 0});
    synth::Event event;
    std::vector<std::string> bodies;
    for (std::size_t i = 0; i < 2'000; ++i) {
        if (generator.next(event); i % batch_events == 0)
            bodies.emplace_back();
        bodies.back().append(event.value).append("\n");
    }
    sandbox::ContractJudge judge(std::make_shared<sandbox::ContractShelf>(ContractSet::built_in()),
                                 sandbox::WithoutContract::Refuse);
    events = rounds * bodies.size() * batch_events;
    Rate rate;
    const Micros now = Micros::now();
    const std::clock_t begin = std::clock();
    for (std::size_t round = 0; round < rounds; ++round)
        for (const std::string& body : bodies) {
            sandbox::Batch batch;
            batch.request.body = body;
            batch.received_time = "2026-05-28T20:26:40.123456Z";
            judge.begin(now);
            sandbox::Unreadable why;
            if (sandbox::decode_native(batch, judge, {}, why))
                rate.valid += batch.good_count();
        }
    rate.seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    return rate;
}

void print(const char* name, const Rate& rate, std::size_t events, double other_s) {
    const double per_s = static_cast<double>(events) / rate.seconds;
    std::printf("  %-28s %9.0f events/s  %6.2f us each  %zu of %zu valid", name, per_s, 1e6 / per_s,
                rate.valid, events);
    if (other_s > 0)
        std::printf("  x%.1f", other_s / (rate.seconds / static_cast<double>(events)));
    std::printf("\n");
}

int write_files(const char* schema_file, const char* events_file, std::size_t count) {
    std::ofstream(schema_file) << contract << "\n";
    std::ofstream out(events_file);
    for (const std::string& event : purchases(count))
        out << event << "\n";
    return out.good() ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
    const std::size_t count =
        argc > 1 ? std::max<std::size_t>(2'000, std::strtoull(argv[1], nullptr, 10)) : 400'000;
    if (argc > 4 && std::string(argv[2]) == "--write")
        return write_files(argv[3], argv[4], count);
    const std::vector<std::string> events = purchases(2'000);
    std::size_t bytes = 0;
    for (const std::string& event : events)
        bytes += event.size();
    const std::size_t rounds = count / events.size();
    std::printf("purchases of %zu bytes, parsing included\n", bytes / events.size());
    OfWeir ours;
    for (int turn = 0; turn < 3; ++turn) {
        double other_s = 0;
#ifdef WEIR_HAS_VALIJSON
        OfValijson theirs;
        const std::size_t few = std::max<std::size_t>(1, rounds / 10);
        const Rate other = measure(events, few, [&](const std::string& e) { return theirs(e); });
        other_s = other.seconds / static_cast<double>(few * events.size());
        print("valijson + nlohmann/json", other, few * events.size(), 0);
#endif
        const Rate all = measure(events, rounds, [&](const std::string& e) { return ours(e); });
        print("weir", all, rounds * events.size(), other_s);
    }
    print("weir, the tape alone",
          measure(events, rounds, [&](const std::string& e) { return ours.parse_only(e); }),
          rounds * events.size(), 0);
    std::size_t count_collected = 0;
    for (int turn = 0; turn < 3; ++turn) {
        const Rate rate = collected(rounds / 2, count_collected);
        print("as the collector has it", rate, count_collected, 0);
    }
    return 0;
}
