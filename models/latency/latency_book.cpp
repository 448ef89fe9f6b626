// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/latency/latency_book.h"

#include <algorithm>
#include <set>

#include "connectors/base/time_units.h"
#include "models/event/history/kept_cells.h"
#include "models/latency/latency_history.h"

namespace weir {
namespace {

constexpr std::int64_t finest_us = 10 * second_us;

std::vector<LatencyTrail::Level> whole_levels() {
    return {{finest_us, 360}, {60 * second_us, 1'440}, {hour_us, 720}};
}

std::vector<LatencyTrail::Level> by_value_levels() {
    return {{60 * second_us, 180}, {hour_us, 48}};
}

OpenEvents::Limits open_limits(const LatencyOptions& options) {
    OpenEvents::Limits limits;
    limits.entries_max = options.open_max;
    std::int64_t longest_us = 0;
    for (const LatencyStage& stage : options.stages)
        longest_us = std::max(longest_us, stage.wait_us_max == 0 ? hour_us : stage.wait_us_max);
    if (longest_us > 0)
        limits.wait_us_max = longest_us;
    return limits;
}

/// The time by which an event is put into a bucket.
std::int64_t bucket_time_us(const Sighting& s) {
    const std::int64_t ahead_us = s.observed_time.value() + hour_us;
    return s.timestamp_type == TimestampType::None ? s.observed_time.value()
                                                   : std::min(s.record_time.value(), ahead_us);
}

ValueId partition_value(PartitionId partition) {
    const std::int32_t number = partition.value();
    return number >= 0 && number < other_value.value() ? ValueId(static_cast<std::uint16_t>(number))
                                                       : other_value;
}

} // namespace

std::vector<StageWay> stage_ways(PlaceTable& places, const LatencyOptions& options) {
    std::set<std::string> dead_letters;
    for (const LatencyStage& stage : options.stages)
        dead_letters.insert(stage.dead_letter);
    std::vector<StageWay> ways;
    for (std::size_t i = 0; i < options.stages.size(); ++i) {
        const LatencyStage& stage = options.stages[i];
        for (const std::string& from : stage.inputs)
            for (const std::string& to : stage.outputs)
                ways.push_back({static_cast<std::uint16_t>(i), places.id(options.connection, from),
                                places.id(options.connection, to), dead_letters.contains(from),
                                stage.all_outputs});
    }
    return ways;
}

LatencyBook::LatencyBook(const Vocabulary& vocabulary,
                         std::shared_ptr<const LatencyOptions> options)
    : m_options(std::move(options))
    , m_dimensions(vocabulary.dimension_names.size())
    , m_keys(std::make_unique<const LatencyKeys>(vocabulary, m_options))
    , m_whole(whole_levels(), 1, m_options->cells_max)
    , m_by_value(by_value_levels(), m_dimensions + 1, m_options->cells_max)
    , m_open(stage_ways(*vocabulary.places, *m_options), open_limits(*m_options)) {
    publish();
}

LatencyBook::~LatencyBook() = default;

LatencyPlace& LatencyBook::place(const Sighting& s) {
    const std::size_t number = s.place.value();
    if (number >= m_place_at.size())
        m_place_at.resize(number + 1);
    if (m_place_at[number] == 0) {
        m_places.push_back({.place = s.place});
        m_place_at[number] = static_cast<std::uint16_t>(m_places.size());
    }
    return m_places[m_place_at[number] - 1U];
}

/// What the event's own times say, noted at its place.
PlaceSample LatencyBook::measured(const SightingBatch& batch, const Sighting& s) {
    LatencyPlace& seen = place(s);
    ++seen.events;
    seen.timestamp_types |=
        static_cast<std::uint8_t>(1U << static_cast<unsigned>(s.timestamp_type));
    const bool recorded = s.timestamp_type != TimestampType::None;
    const std::int64_t read_us = (recorded ? s.record_time : s.observed_time).value();
    seen.newest_record_us = std::max(seen.newest_record_us, read_us);
    if (s.event_time_state == TimeState::Present) {
        seen.ahead += s.event_time.value() > read_us ? 1 : 0;
        seen.newest_event_us =
            std::max(seen.newest_event_us, std::min(s.event_time.value(), read_us));
    } else {
        ++seen.untimed;
    }
    PlaceSample sample = PlaceSample::of(s);
    if (s.record >= batch.records.records.size())
        return sample;
    const Record& record = batch.records.records[s.record];
    if (record.header_count > 0)
        sample.add_processing(batch.records, record);
    seen.processed += sample.knows(measure_index(PlaceMeasure::Processing)) ? 1 : 0;
    return sample;
}

void LatencyBook::absorb(const SightingBatch& batch) {
    for (const Sighting& s : batch.sightings) {
        if (s.outcome != Outcome::Seen && s.outcome != Outcome::Failed)
            continue; // a tombstone, or no event that anybody can read
        const bool neighbour =
            !m_chunk.empty() && m_chunk.size() < chunk_max && m_chunk.front()->place == s.place &&
            bucket_time_us(*m_chunk.front()) / finest_us == bucket_time_us(s) / finest_us;
        if (!neighbour)
            count_chunk();
        m_chunk.push_back(&s);
        m_samples.push_back(measured(batch, s));
    }
    count_chunk();
}

void LatencyBook::count_chunk() {
    if (m_chunk.empty())
        return;
    m_changed = true;
    const std::int64_t time_us = bucket_time_us(*m_chunk.front());
    const LatencyScope scope{.to = m_chunk.front()->place};
    m_cells.resize(m_chunk.size());
    if (LatencyTrail::Tables* const whole = m_whole.tables(time_us, scope, m_chunk.size())) {
        std::fill(m_cells.begin(), m_cells.end(), &whole->front().cell(no_value, m_whole));
        LatencyCell::add(m_cells, m_samples);
    }
    if (LatencyTrail::Tables* const tables = m_by_value.tables(time_us, scope))
        for (std::size_t i = 0; i <= m_dimensions; ++i) {
            LatencyTrail::Table& table = (*tables)[i];
            table.prepare(m_chunk.size(), m_by_value);
            for (std::size_t n = 0; n < m_chunk.size(); ++n)
                m_cells[n] = &table.cell(i < m_dimensions ? m_chunk[n]->dimensions[i]
                                                          : partition_value(m_chunk[n]->partition),
                                         m_by_value);
            LatencyCell::add(m_cells, m_samples);
        }
    m_chunk.clear();
    m_samples.clear();
}

void LatencyBook::absorb_entries(const std::vector<JoinEntry>& entries) {
    m_changed = m_changed || !entries.empty();
    const std::int64_t latest_us = Micros::now().value() + hour_us;
    for (const JoinEntry& entry : entries) {
        const auto passes = [&](const OpenEvents::Passage& passage) {
            passed(entry, passage, latest_us);
        };
        if ((entry.outcome == Outcome::Seen || entry.outcome == Outcome::Failed) &&
            entry.key_source != KeySource::Coordinates)
            m_open.take(entry, passes);
    }
}

void LatencyBook::passed(const JoinEntry& entry, const OpenEvents::Passage& passage,
                         std::int64_t latest_us) {
    const StageWay& way = m_open.ways()[passage.way];
    const LatencyScope scope{way.stage, way.from, way.to};
    const QuantileSketch::Sample taken(passage.taken_us);
    const auto add = [&](LatencyCell& cell) {
        if (cell.sketches.empty())
            cell.sketches.resize(1);
        cell.sketches.front().add(taken, passage.times);
        cell.events += passage.times;
    };
    const std::int64_t time_us = std::min(passage.arrived.value(), latest_us);
    if (LatencyTrail::Tables* const whole = m_whole.tables(time_us, scope))
        add(whole->front().cell(no_value, m_whole));
    LatencyTrail::Tables* const tables = m_by_value.tables(time_us, scope);
    if (tables == nullptr)
        return;
    for (std::size_t i = 0; i < m_dimensions; ++i)
        add((*tables)[i].cell(entry.dimensions[i], m_by_value));
    add((*tables)[m_dimensions].cell(partition_value(passage.partition), m_by_value));
}

void LatencyBook::drain(DeltaSink& sink) {
    drain_trail(
        m_whole, LatencyKeys::whole, minute_us,
        [&](const LatencyScope& scope, std::size_t, ValueId) { return m_keys->key(scope); }, sink);
    drain_trail(
        m_by_value, LatencyKeys::by_value, minute_us,
        [&](const LatencyScope& scope, std::size_t table, ValueId value) {
            return m_keys->key(scope, table, value);
        },
        sink);
    m_drained_places.resize(m_places.size());
    for (std::size_t i = 0; i < m_places.size(); ++i) {
        const LatencyPlace& now = m_places[i];
        if (now.events == m_drained_places[i].events)
            continue;
        const std::int64_t at_us =
            std::clamp<std::int64_t>(now.newest_record_us, 0, Micros::now().value() + hour_us);
        sink.emit(LatencyKeys::places, {Micros(at_us - at_us % day_us), m_keys->key(now.place),
                                        encode_place(now, m_drained_places[i]), day_us});
        m_drained_places[i] = now;
    }
}

void LatencyBook::publish() {
    if (!m_changed)
        return;
    m_changed = false;
    auto snapshot = std::make_shared<LatencySnapshot>();
    snapshot->options = m_options;
    snapshot->whole = m_whole.publish();
    snapshot->by_value = m_by_value.publish();
    snapshot->places = m_places;
    snapshot->let_go = m_whole.let_go();
    snapshot->expired = m_open.expired();
    snapshot->open = m_open.size();
    snapshot->sampled = m_open.sampled();
    m_published.set(std::move(snapshot));
}

} // namespace weir
