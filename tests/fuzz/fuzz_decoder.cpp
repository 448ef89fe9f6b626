// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The decoder on any bytes: the first says whether there are headers and what the place is told to
// speak, the rest is header names and the value. Whatever comes, each record is at least one
// sighting, bodies lie within values, and explain() agrees with decode() on who read it.
#include <cstdlib>
#include <memory>

#include "models/event/decode/decoder.h"

using namespace weir;

namespace {

void check(bool fine) {
    if (!fine)
        std::abort();
}

/// Up to the next zero byte.
std::string take_text(std::string_view& bytes) {
    const std::size_t end = std::min(bytes.find('\0'), bytes.size());
    std::string text(bytes.substr(0, end));
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
    return text;
}

DecodeOptions options_for(unsigned choice) {
    static const char* const dialects[] = {"", "native", "segment", "snowplow-enriched"};
    DecodeOptions options;
    options.dialect = dialects[choice % 4];
    options.max_events_per_record = 100;
    PlaceDecoding place;
    place.place = "dead";
    place.dead_letters = true;
    options.places.push_back(place);
    options.dimension_paths = {{"platform", {"a.b", "header:x"}}};
    return options;
}

RecordBatchBuilder::Fields record_from(std::string_view bytes, unsigned choice, bool first) {
    RecordBatchBuilder::Fields fields;
    fields.topic = (choice & 4U) != 0 ? "dead" : "t";
    fields.offset = Offset(first ? 0 : 1);
    if ((choice & 8U) != 0) {
        fields.headers.emplace_back(take_text(bytes), take_text(bytes));
        fields.headers.emplace_back("weir-origin", take_text(bytes));
        fields.headers.emplace_back("ce_specversion", "1.0");
        fields.headers.emplace_back("ce_id", take_text(bytes));
        if ((choice & 16U) != 0)
            fields.headers.emplace_back("kafka_dlt-original-offset", take_text(bytes));
    }
    fields.value_null = (choice & 32U) != 0;
    fields.value = bytes;
    return fields;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0)
        return 0;
    const unsigned choice = data[0];
    const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
    // Interners only ever grow: make them anew from time to time.
    static unsigned runs = 0;
    static std::shared_ptr<Vocabulary> vocabulary;
    static std::unique_ptr<Decoder> decoders[4];
    if (runs++ % 5'000 == 0) {
        vocabulary = Vocabulary::create({"type", "source", "platform", "app_version"});
        for (unsigned i = 0; i < 4; ++i)
            decoders[i] = Decoder::create(DialectSet::built_in(), vocabulary, options_for(i));
    }
    Decoder& decoder = *decoders[choice % 4];
    RecordBatchBuilder builder;
    builder.add(record_from(bytes, choice, true));
    builder.add(record_from(bytes.substr(bytes.size() / 2), choice, false));
    SightingBatch out;
    decoder.decode(builder.take(), out);
    check(out.sightings.size() >= 2 && out.sightings.size() <= 200);
    for (const Sighting& s : out.sightings) {
        const std::string_view value = out.records.records[s.record].value;
        check(std::size_t{s.body_begin} + s.body_size <= value.size());
        check((s.outcome == Outcome::Tombstone) == out.records.records[s.record].value_null);
        check(s.outcome == Outcome::Seen || s.outcome == Outcome::Tombstone ||
              s.reason != no_value);
    }
    const Sighting& last = out.sightings.back();
    const DecodeReport report = decoder.explain(out.records, out.records.records.back());
    check(!report.attempts.empty() && report.attempts.back().why_not.empty());
    if (last.ordinal == 0 && last.outcome == Outcome::Seen)
        check(report.decoder() == vocabulary->dialects->text(last.dialect));
    return 0;
}
