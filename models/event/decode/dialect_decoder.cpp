// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/decode/dialect_decoder.h"

#include <algorithm>

namespace weir {

namespace {

constexpr std::size_t prefetch_ahead = 3; // records

} // namespace

std::unique_ptr<Decoder> Decoder::create(std::shared_ptr<const DialectSet> dialects,
                                         std::shared_ptr<Vocabulary> vocabulary,
                                         DecodeOptions options) {
    return std::make_unique<DialectDecoder>(
        std::static_pointer_cast<const LoadedDialects>(std::move(dialects)), std::move(vocabulary),
        std::move(options));
}

DialectDecoder::DialectDecoder(std::shared_ptr<const LoadedDialects> dialects,
                               std::shared_ptr<Vocabulary> vocabulary, DecodeOptions options)
    : m_dialects(std::move(dialects))
    , m_vocabulary(std::move(vocabulary))
    , m_options(std::move(options))
    , m_json_id(m_vocabulary->dialects->id("json"))
    , m_text_id(m_vocabulary->dialects->id("text"))
    , m_hex_id(m_vocabulary->dialects->id("hex"))
    , m_reasons(m_vocabulary->reasons)
    , m_runs(m_vocabulary->replay_runs) {
    m_options.max_events_per_record = std::min(m_options.max_events_per_record, 65'535U);
    const std::vector<Dialect>& all = m_dialects->all();
    for (std::size_t i = 0; i < all.size(); ++i) {
        m_dialect_ids.push_back(m_vocabulary->dialects->id(all[i].name));
        (all[i].overlay ? m_overlays : m_readers).push_back(static_cast<int>(i));
    }
    // A dialect that is known by headers is more specific than one known by its body.
    std::stable_partition(m_readers.begin(), m_readers.end(), [&all](int i) {
        return all[static_cast<std::size_t>(i)].body == DialectBody::Any;
    });
    for (const auto& values : m_vocabulary->dimensions)
        m_dimension_values.emplace_back(values);
}

const FieldPaths* DialectDecoder::field_paths(PlaceId place, ValueId dialect) {
    const std::uint32_t key = std::uint32_t{place.value()} << 16U | dialect.value();
    const auto [known, fresh] = m_field_paths.try_emplace(key, nullptr);
    if (fresh)
        known->second = find_field_paths(place, dialect);
    return known->second;
}

const FieldPaths* DialectDecoder::find_field_paths(PlaceId place, ValueId dialect) const {
    const auto number = std::find(m_dialect_ids.begin(), m_dialect_ids.end(), dialect);
    if (number == m_dialect_ids.end())
        return nullptr;
    PlacedPaths placed;
    for (const auto& [dimension, paths] : m_options.dimension_paths)
        placed.insert_or_assign(dimension, paths);
    const PlaceDecoding* const options = options_of(m_vocabulary->places->name(place));
    placed.erase("id"); // a dimension of that name is not the event's id
    if (options != nullptr && !options->id_paths.empty())
        placed["id"] = options->id_paths;
    const auto index = static_cast<std::size_t>(number - m_dialect_ids.begin());
    return &m_dialects->with(m_dialects->all()[index], placed);
}

/// The last that is said of it; null: nothing is.
const PlaceDecoding* DialectDecoder::options_of(std::string_view topic) const {
    const auto found =
        std::find_if(m_options.places.rbegin(), m_options.places.rend(),
                     [topic](const PlaceDecoding& options) { return options.place == topic; });
    return found == m_options.places.rend() ? nullptr : &*found;
}

DialectDecoder::Place& DialectDecoder::place_of(std::string_view topic) {
    if (m_last_place != nullptr && m_last_place->name == topic)
        return *m_last_place;
    std::unique_ptr<Place>& place = m_places[std::string(topic)];
    if (!place) {
        place = std::make_unique<Place>();
        place->id = m_vocabulary->places->id(m_options.connection, topic);
        place->name = topic;
        place->options = options_of(topic);
        const std::vector<Dialect>& all = m_dialects->all();
        place->plans.resize(all.size());
        const std::string& name = place->options != nullptr && !place->options->dialect.empty()
                                      ? place->options->dialect
                                      : m_options.dialect;
        for (const int i : m_readers) {
            const std::string& dialect = all[static_cast<std::size_t>(i)].name;
            if (!name.empty() && is_of_family(dialect, name))
                place->family.push_back(i);
            if (dialect == name)
                place->lenient = i;
        }
    }
    m_last_place = place.get();
    return *place;
}

const ScanPlan& DialectDecoder::plan_of(Place& place, int dialect) {
    const auto index = static_cast<std::size_t>(dialect);
    if (!place.plans[index]) {
        place.plans[index] = std::make_unique<ScanPlan>(make_plan(
            m_dialects->all()[index], m_vocabulary->dimension_names, m_options, place.options));
    }
    return *place.plans[index];
}

Sighting DialectDecoder::base_sighting(std::uint32_t index) {
    const Record& record = *m_now.record;
    Sighting s;
    s.place = m_now.place->id;
    s.partition = record.partition;
    s.offset = record.offset;
    s.record = index;
    s.record_time = record.timestamp;
    s.timestamp_type = record.timestamp_type;
    s.observed_time = m_now.observed;
    return s;
}

void DialectDecoder::decode(RecordBatch records, SightingBatch& out) {
    out.records = std::move(records);
    out.sightings.clear();
    out.watermarks.clear();
    out.undecodable = 0;
    out.cut.clear();
    ++m_batch_number;
    m_now.batch = &out.records;
    m_now.observed = out.records.observed.value() > 0 ? out.records.observed : Micros::now();
    out.sightings.reserve(out.records.records.size());
    for (std::uint32_t i = 0; i < out.records.records.size(); ++i) {
        const Record& record = out.records.records[i];
        if (i + prefetch_ahead < out.records.records.size())
            prefetch_value(out.records.records[i + prefetch_ahead]);
        m_now.record = &record;
        m_now.place = &place_of(record.topic);
        Sighting base = base_sighting(i);
        if (record.header_count != 0)
            fill_from_headers(base);
        const std::size_t first = out.sightings.size();
        if (record.value_null) {
            base.outcome = Outcome::Tombstone;
            finish(base);
            out.sightings.push_back(base);
        } else {
            read_value(base, out);
        }
        for (std::size_t at = first; out.sightings.size() - first > 1 && at < out.sightings.size();
             ++at)
            out.sightings[at].in_batch = true;
        Mark& mark = touch(*m_now.place, record.partition);
        mark.take(record, m_now.observed);
    }
    for (const PartitionEvent& event : out.records.events)
        note(event);
    put_watermarks(out);
}

DialectDecoder::Mark& DialectDecoder::touch(Place& place, PartitionId partition) {
    if (place.last_mark == nullptr || place.last_partition != partition.value()) {
        place.last_mark = &place.marks[partition.value()];
        place.last_partition = partition.value();
    }
    Mark& mark = *place.last_mark;
    if (mark.batch != m_batch_number) {
        mark.batch = m_batch_number;
        m_touched.emplace_back(&place, partition);
    }
    return mark;
}

/// Records stand in the order in which they were written, whatever their clocks say: so of some
/// in a row the least time counts, and none counts as later than it was read.
void DialectDecoder::Mark::take(const Record& record, Micros observed) {
    next = std::max(next, Offset(record.offset.value() + 1));
    if (record.timestamp_type == TimestampType::None)
        return;
    const Micros time = std::min(record.timestamp, observed);
    if (since == Micros(INT64_MAX))
        since = record.offset == Offset(0) ? Micros(INT64_MIN) : time;
    if (record_time.value() < 0)
        record_time = time;
    run_least = std::min(run_least, time);
    if (++run < run_records)
        return;
    record_time = std::max(record_time, run_least);
    run_least = Micros(INT64_MAX);
    run = 0;
}

void DialectDecoder::note_end(Mark& mark, const PartitionEvent& event) const {
    mark.next = std::max(mark.next, event.to);
    mark.end = std::max(mark.end, event.to);
    if (!event.as_of)
        return;
    const Micros read_to = std::min(*event.as_of, m_now.observed);
    mark.record_time = std::max(mark.record_time, read_to);
    if (mark.since == Micros(INT64_MAX))
        mark.since = read_to;
}

void DialectDecoder::note(const PartitionEvent& event) {
    Place& place = place_of(event.topic);
    switch (event.note) {
    case PartitionNote::Started: {
        Mark& mark = touch(place, event.partition);
        if (event.as_of)
            mark.since = std::min(mark.since, *event.as_of);
        break;
    }
    case PartitionNote::ReachedEnd:
    case PartitionNote::Finished:
        note_end(touch(place, event.partition), event);
        break;
    case PartitionNote::Gap: {
        Mark& mark = touch(place, event.partition);
        mark.next = std::max(mark.next, event.to);
        break;
    }
    case PartitionNote::Truncated: {
        Mark& mark = touch(place, event.partition);
        mark.next = std::max(mark.next, event.to);
        mark.since = Micros(INT64_MAX); // begins anew behind the hole
        break;
    }
    case PartitionNote::Cut: {
        Mark& mark = touch(place, event.partition);
        mark.next = event.from;
        mark.end = Offset(-1);
        break;
    }
    case PartitionNote::Recreated: {
        Mark& mark = touch(place, event.partition);
        const Micros since = mark.since;
        mark = Mark();
        mark.next = event.from;
        mark.since = since;
        mark.batch = m_batch_number;
        break;
    }
    case PartitionNote::OpenTransaction:
    case PartitionNote::Failed:
    case PartitionNote::Recovered:
    case PartitionNote::Gone:
        break; // nothing was read
    }
}

void DialectDecoder::put_watermarks(SightingBatch& out) {
    for (const auto& [place, partition] : m_touched) {
        Mark& mark = place->marks[partition.value()];
        Watermark watermark;
        watermark.place = place->id;
        watermark.partition = partition;
        watermark.next = mark.next;
        watermark.caught_up = mark.end >= mark.next;
        watermark.record_time = mark.record_time;
        watermark.since = mark.since;
        out.watermarks.push_back(watermark);
    }
    m_touched.clear();
}

} // namespace weir
