// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/latency/latency_paths.h"

#include <algorithm>
#include <map>
#include <set>

namespace weir {
namespace {

/// What of the pipeline the books have met, and what the stages make of it.
class Shape {
  public:
    Shape(const LatencySeen& seen, const Vocabulary& vocabulary)
        : m_ways(stage_ways(*vocabulary.places, seen.options()))
        , m_places(latency_places(seen)) {
        for (const LatencyStage& stage : seen.options().stages)
            if (!stage.dead_letter.empty())
                m_dead.insert(vocabulary.places->id(seen.options().connection, stage.dead_letter));
    }
    const std::vector<StageWay>& ways() const { return m_ways; }
    const std::vector<LatencyPlace>& places() const { return m_places; }
    bool dead(PlaceId place) const { return m_dead.contains(place); }
    /// Its worker tells how long it took.
    bool processed(PlaceId place) const {
        return std::any_of(m_places.begin(), m_places.end(), [&](const auto& one) {
            return one.place == place && one.processed > 0;
        });
    }

    /// Events come in here: no stage writes it.
    bool enters(PlaceId place) const {
        return !dead(place) && std::none_of(m_ways.begin(), m_ways.end(), [&](const auto& way) {
            return way.to == place && !way.rare;
        });
    }
    /// Nothing is observed behind it.
    bool is_furthest(PlaceId place) const {
        return !dead(place) && std::none_of(m_ways.begin(), m_ways.end(), [&](const auto& way) {
            return way.from == place && !dead(way.to) && observed(way.to);
        });
    }

  private:
    bool observed(PlaceId place) const {
        return std::any_of(m_places.begin(), m_places.end(),
                           [&](const auto& one) { return one.place == place; });
    }
    std::vector<StageWay> m_ways;
    std::vector<LatencyPlace> m_places;
    std::set<PlaceId> m_dead;
};

LatencyPath place_path(const std::string& stage, const char* from, std::string to, PlaceId place,
                       std::size_t measure) {
    LatencyPath path;
    path.stage = stage;
    path.from = from;
    path.to = std::move(to);
    path.scope = {.to = place};
    path.measure = measure;
    return path;
}

void add_within(const std::string& name, PlaceId place, std::vector<LatencyPath>& paths) {
    paths.push_back(
        place_path(name, "event", "sent", place, measure_index(PlaceMeasure::EventToSent)));
    paths.push_back(
        place_path(name, "sent", "received", place, measure_index(PlaceMeasure::SentToReceived)));
    paths.push_back(place_path(name, "received", "record", place,
                               measure_index(PlaceMeasure::ReceivedToRecord)));
}

/// Calls `take(bucket, cells)` for the path's table in every bucket of the range.
template <class Take>
void each_table(const LatencySeen& seen, LatencyBuckets LatencySnapshot::*trail,
                const LatencyPath& path, std::size_t table, const LatencyRange& range, Take take) {
    for (const auto& lane : seen.lanes)
        for (const auto& bucket : (*lane).*trail) {
            if (!bucket->overlaps(range.from_us, range.to_us))
                continue;
            const LatencyBucket::Scope* const scope = bucket->find(path.scope);
            if (scope != nullptr)
                take(*bucket, scope->tables[table]);
        }
}

} // namespace

std::string LatencyPath::title() const {
    return kind == Kind::EndToEnd ? stage + ": event → " + to : stage + ": " + from + " → " + to;
}

LatencyPath LatencyPath::by_raw_clock() const {
    LatencyPath raw = *this;
    raw.measure = measure_index(PlaceMeasure::EventToRecord, ClockPolicy::Raw);
    return raw;
}

std::vector<LatencyPlace> latency_places(const LatencySeen& seen) {
    std::map<PlaceId, LatencyPlace> all;
    for (const auto& lane : seen.lanes)
        for (const LatencyPlace& one : lane->places) {
            LatencyPlace& sum = all.try_emplace(one.place, LatencyPlace{one.place}).first->second;
            sum.events += one.events;
            sum.untimed += one.untimed;
            sum.ahead += one.ahead;
            sum.processed += one.processed;
            sum.timestamp_types |= one.timestamp_types;
            sum.newest_event_us = std::max(sum.newest_event_us, one.newest_event_us);
            sum.newest_record_us = std::max(sum.newest_record_us, one.newest_record_us);
        }
    std::vector<LatencyPlace> places;
    for (auto& [id, place] : all)
        places.push_back(place);
    return places;
}

std::vector<LatencyPath> latency_paths(const LatencySeen& seen, const Vocabulary& vocabulary,
                                       ClockPolicy policy) {
    if (seen.lanes.empty())
        return {};
    const Shape shape(seen, vocabulary);
    const bool staged = !shape.ways().empty();
    const std::size_t whole = measure_index(PlaceMeasure::EventToRecord, policy);
    std::vector<LatencyPath> paths;
    const auto add_whole = [&](const std::string& stage, std::string to, PlaceId place) {
        paths.push_back(place_path(stage, "event", std::move(to), place, whole));
        paths.back().by_event_clock = true;
    };
    if (staged)
        for (const LatencyPlace& place : shape.places())
            if (shape.is_furthest(place.place)) {
                add_whole("end to end", vocabulary.places->name(place.place), place.place);
                paths.back().kind = LatencyPath::Kind::EndToEnd;
            }
    for (const LatencyPlace& place : shape.places()) {
        const std::string name = vocabulary.places->name(place.place);
        if (staged && !shape.enters(place.place))
            continue;
        add_within(name, place.place, paths);
        if (!staged && place.processed > 0)
            paths.push_back(place_path(name, "in", "out", place.place,
                                       measure_index(PlaceMeasure::Processing)));
        if (!staged)
            add_whole(name, "record", place.place);
    }
    for (const StageWay& way : shape.ways()) {
        const LatencyStage& stage = seen.options().stages[way.stage];
        LatencyPath path;
        path.kind = LatencyPath::Kind::Stage;
        path.stage = stage.name;
        path.from = vocabulary.places->name(way.from);
        path.to = vocabulary.places->name(way.to);
        path.scope = {way.stage, way.from, way.to};
        path.slo_p95_us = stage.slo_p95_us;
        paths.push_back(std::move(path));
        if (shape.processed(way.to))
            paths.push_back(place_path(stage.name, "in", "out", way.to,
                                       measure_index(PlaceMeasure::Processing)));
    }
    return paths;
}

QuantileSketch latency_of(const LatencySeen& seen, const LatencyPath& path,
                          const LatencyRange& range) {
    QuantileSketch all;
    each_table(seen, &LatencySnapshot::whole, path, 0, range,
               [&](const LatencyBucket&, const LatencyCells& cells) {
                   for (const auto& [value, cell] : cells)
                       if (const QuantileSketch* const sketch = cell->sketch(path.measure))
                           all.merge(*sketch);
               });
    return all;
}

std::vector<LatencySlice> latency_slices(const LatencySeen& seen, const LatencyPath& path,
                                         const LatencyRange& range, std::int64_t width_us) {
    std::map<std::int64_t, LatencySlice> slices;
    each_table(seen, &LatencySnapshot::whole, path, 0, range,
               [&](const LatencyBucket& bucket, const LatencyCells& cells) {
                   const std::int64_t width = std::max(width_us, bucket.width_us);
                   const std::int64_t rest = bucket.begin_us % width;
                   const std::int64_t begin = bucket.begin_us - (rest < 0 ? rest + width : rest);
                   LatencySlice& slice =
                       slices.try_emplace(begin, LatencySlice{begin, width, {}}).first->second;
                   slice.width_us = std::max(slice.width_us, width);
                   for (const auto& [value, cell] : cells)
                       if (const QuantileSketch* const sketch = cell->sketch(path.measure))
                           slice.durations.merge(*sketch);
               });
    std::vector<LatencySlice> sorted;
    for (auto& [begin, slice] : slices)
        if (slice.durations.count() > 0)
            sorted.push_back(std::move(slice));
    return sorted;
}

std::vector<ValueLatency> latency_by_value(const LatencySeen& seen, const LatencyPath& path,
                                           std::size_t dimension, const LatencyRange& range) {
    std::map<ValueId, QuantileSketch> values;
    each_table(seen, &LatencySnapshot::by_value, path, dimension, range,
               [&](const LatencyBucket&, const LatencyCells& cells) {
                   for (const auto& [value, cell] : cells)
                       if (const QuantileSketch* const sketch = cell->sketch(path.measure))
                           values[value].merge(*sketch);
               });
    std::vector<ValueLatency> sorted;
    for (auto& [value, durations] : values)
        if (durations.count() > 0)
            sorted.push_back({value, std::move(durations)});
    std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
        return a.durations.count() > b.durations.count();
    });
    return sorted;
}

std::vector<FirstSight> first_sights(const LatencySeen& seen, const LatencyPath& path,
                                     std::size_t dimension) {
    constexpr std::int64_t two_minutes_us = 120LL * 1'000'000;
    std::map<ValueId, FirstSight> values;
    std::int64_t first_us = std::numeric_limits<std::int64_t>::max();
    each_table(
        seen, &LatencySnapshot::by_value, path, dimension, {},
        [&](const LatencyBucket& bucket, const LatencyCells& cells) {
            first_us = std::min(first_us, bucket.begin_us);
            for (const auto& [value, cell] : cells) {
                FirstSight& sight =
                    values.try_emplace(value, FirstSight{value, bucket.begin_us, 0}).first->second;
                sight.time_us = std::min(sight.time_us, bucket.begin_us);
                sight.events += cell->events;
            }
        });
    std::vector<FirstSight> late;
    for (const auto& [value, sight] : values)
        if (value != no_value && value != other_value && sight.time_us >= first_us + two_minutes_us)
            late.push_back(sight);
    std::stable_sort(late.begin(), late.end(),
                     [](const auto& a, const auto& b) { return a.events > b.events; });
    return late;
}

std::string record_clock(const LatencySeen& seen, const LatencyPath& path) {
    unsigned types = 0;
    for (const auto& lane : seen.lanes)
        for (const LatencyPlace& place : lane->places)
            if (place.place == path.scope.to || place.place == path.scope.from)
                types |= place.timestamp_types;
    const auto has = [&](TimestampType type) {
        return (types >> static_cast<unsigned>(type) & 1U) != 0;
    };
    const bool create = has(TimestampType::CreateTime);
    const bool append = has(TimestampType::LogAppendTime);
    return create && append ? "CreateTime and LogAppendTime"
           : create         ? "CreateTime"
           : append         ? "LogAppendTime"
                            : "";
}

} // namespace weir
