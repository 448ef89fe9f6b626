// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/flow/flow_report.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "models/event/disclosure/disclosed_input.h"

namespace weir {
namespace {

/// How far a lane can tell of a stage's events.
struct Cover {
    std::optional<Micros> since, read_to; // of the places behind the stage; nothing: not read
    std::int64_t limit_us = 0;
};

Cover cover_of(const FlowSnapshot& lane, const StageSpec& stage, PlaceTable& places) {
    Cover cover;
    cover.limit_us = pending_limit_us(stage);
    std::vector<std::string> behind = stage.outputs;
    if (!stage.dead_letter.empty())
        behind.push_back(stage.dead_letter);
    for (const std::string& name : behind) {
        const PlaceId place = places.id(lane.options->connection, name);
        const auto since = lane.marks.since(place);
        const auto read_to = lane.marks.place(place);
        if (!since || !read_to)
            return {{}, {}, cover.limit_us};
        cover.since = cover.since ? std::max(*cover.since, *since) : *since;
        cover.read_to = cover.read_to ? std::min(*cover.read_to, *read_to) : *read_to;
    }
    return cover;
}

FlowFigures judged(const FlowCell& cell, const FlowBuckets::value_type& bucket,
                   const Cover& cover) {
    FlowFigures figures;
    figures.counts = cell;
    const std::int64_t open = cell.open();
    const std::int64_t end_us = bucket->begin_us + bucket->width_us;
    figures.outside = cell[FlowCount::Unwatched];
    if (open == 0)
        return figures;
    if (!cover.since || bucket->begin_us < cover.since->value()) {
        figures.outside += open;
    } else if (end_us > cover.read_to->value() - cover.limit_us) {
        figures.pending = open;
    } else {
        figures.unaccounted = open;
        figures.unaccounted_since_us = bucket->begin_us;
        figures.unaccounted_until_us = end_us;
    }
    return figures;
}

/// Calls `take(bucket, table, cover)` for every bucket of the range with something of the scope.
template <class Take>
void each_bucket(const FlowSeen& seen, FlowBuckets FlowSnapshot::*trail, const FlowScope& scope,
                 PlaceTable* places, const RecordRange& range, Take take) {
    for (const auto& lane : seen.lanes) {
        Cover cover;
        if (places != nullptr && scope.stage != FlowScope::no_stage)
            cover = cover_of(*lane, lane->options->stages[scope.stage], *places);
        for (const auto& bucket : (*lane).*trail) {
            if (!bucket->overlaps(range.from_us, range.to_us))
                continue;
            if (const auto* const found = bucket->find(scope))
                take(bucket, found->tables, cover);
        }
    }
}

FlowRow row_of(const FlowReport& report, const FlowOptions& options, std::uint16_t stage) {
    FlowRow row;
    row.stage = stage;
    row.name = options.stages[stage].name;
    row.judged = !options.stages[stage].outputs.empty();
    row.sampled = report.sampled;
    row.estimate = report.sampled > 1;
    return row;
}

std::vector<std::pair<std::string, std::int64_t>>
reasons_of(const FlowSeen& seen, std::uint16_t stage, const Vocabulary& vocabulary,
           const DisclosurePolicy& disclosure, const RecordRange& range) {
    std::map<ValueId, std::int64_t> counts;
    const std::size_t table = vocabulary.dimension_names.size() + 1;
    each_bucket(seen, &FlowSnapshot::by_value, {stage, no_place}, nullptr, range,
                [&](const auto&, const auto& tables, const Cover&) {
                    for (const auto& [value, cell] : tables[table])
                        counts[value] += (*cell)[FlowCount::Rejected];
                });
    std::vector<std::pair<std::string, std::int64_t>> reasons;
    for (const auto& [value, count] : counts)
        if (count > 0)
            reasons.emplace_back(
                value == other_value
                    ? std::string("(other)")
                    : disclosed_text(disclosure, "reason", vocabulary.reasons->text(value)),
                count);
    std::stable_sort(reasons.begin(), reasons.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    return reasons;
}

void add_rows_by_value(const FlowSeen& seen, std::uint16_t stage, const Vocabulary& vocabulary,
                       const DisclosurePolicy& disclosure, FlowReport& report) {
    std::map<ValueId, FlowFigures> values;
    const std::size_t dimension = *report.question.by;
    each_bucket(seen, &FlowSnapshot::by_value, {stage, no_place}, vocabulary.places.get(),
                report.question.range,
                [&](const auto& bucket, const auto& tables, const Cover& cover) {
                    for (const auto& [value, cell] : tables[dimension])
                        values[value].merge(judged(*cell, bucket, cover));
                });
    std::vector<FlowRow> rows;
    for (const auto& [value, figures] : values) {
        FlowRow row = row_of(report, seen.options(), stage);
        row.value = dimension_value_text(vocabulary, dimension, value, disclosure);
        row.figures = figures;
        rows.push_back(std::move(row));
    }
    std::stable_sort(rows.begin(), rows.end(), [](const FlowRow& a, const FlowRow& b) {
        return a.figures[FlowCount::In] > b.figures[FlowCount::In];
    });
    std::move(rows.begin(), rows.end(), std::back_inserter(report.rows));
}

void add_places(const FlowSeen& seen, const Vocabulary& vocabulary, FlowReport& report) {
    std::map<PlaceId, FlowPlace> places;
    for (const auto& lane : seen.lanes)
        for (const auto& bucket : lane->whole) {
            if (!bucket->overlaps(report.question.range.from_us, report.question.range.to_us))
                continue;
            for (const auto& scope : bucket->scopes)
                if (scope.scope.stage == FlowScope::no_stage)
                    for (const auto& [value, cell] : scope.tables.front()) {
                        FlowPlace& place = places[scope.scope.place];
                        place.events += (*cell)[FlowCount::In];
                        place.failed += (*cell)[FlowCount::Rejected];
                    }
        }
    for (auto& [id, place] : places) {
        place.place = id;
        place.name = vocabulary.places->name(id);
        place.read_to = seen.lanes.front()->marks.place(id);
        place.since = seen.lanes.front()->marks.since(id);
        report.places.push_back(place);
    }
}

} // namespace

void FlowFigures::merge(const FlowFigures& other) {
    counts.merge(other.counts);
    outside += other.outside;
    pending += other.pending;
    unaccounted += other.unaccounted;
    unaccounted_since_us = std::min(unaccounted_since_us, other.unaccounted_since_us);
    unaccounted_until_us = std::max(unaccounted_until_us, other.unaccounted_until_us);
}

/// Each of the events that were found stands for `sampled`; of none, up to three may have been
/// missed with 95 % certainty.
std::int64_t FlowRow::error(std::int64_t events) const {
    constexpr double z_95 = 1.96;
    if (sampled <= 1)
        return 0;
    const auto others = static_cast<double>(sampled - 1);
    return events == 0 ? static_cast<std::int64_t>(3 * sampled)
                       : std::llround(z_95 * std::sqrt(static_cast<double>(events) * others));
}

bool FlowReport::anything_unaccounted() const {
    return std::any_of(rows.begin(), rows.end(),
                       [](const FlowRow& row) { return row.figures.unaccounted > 0; });
}

FlowReport flow_report(const FlowSeen& seen, const Vocabulary& vocabulary,
                       const DisclosurePolicy& disclosure, FlowQuestion question) {
    FlowReport report;
    report.question = question;
    if (seen.lanes.empty())
        return report;
    if (question.by)
        report.dimension = dimension_name(vocabulary, *question.by);
    for (const auto& lane : seen.lanes) {
        report.sampled = std::max(report.sampled, lane->sampled);
        report.let_go += lane->let_go;
        report.duplicates_cut_short = report.duplicates_cut_short || lane->duplicates_cut_short;
    }
    for (std::uint16_t stage = 0; stage < seen.options().stages.size(); ++stage) {
        if (question.by) {
            add_rows_by_value(seen, stage, vocabulary, disclosure, report);
            continue;
        }
        FlowRow row = row_of(report, seen.options(), stage);
        each_bucket(seen, &FlowSnapshot::whole, {stage, no_place}, vocabulary.places.get(),
                    question.range,
                    [&](const auto& bucket, const auto& tables, const Cover& cover) {
                        for (const auto& [value, cell] : tables.front())
                            row.figures.merge(judged(*cell, bucket, cover));
                    });
        row.reasons = reasons_of(seen, stage, vocabulary, disclosure, question.range);
        report.rows.push_back(std::move(row));
    }
    add_places(seen, vocabulary, report);
    return report;
}

std::vector<FlowSlice> flow_slices(const FlowSeen& seen, const FlowScope& scope,
                                   const RecordRange& range, std::int64_t width_us) {
    std::map<std::int64_t, FlowSlice> slices;
    each_bucket(
        seen, &FlowSnapshot::whole, scope, nullptr, range,
        [&](const auto& bucket, const auto& tables, const Cover&) {
            const std::int64_t width = std::max(width_us, bucket->width_us);
            const std::int64_t begin = bucket->begin_us - bucket->begin_us % width;
            FlowSlice& slice = slices.try_emplace(begin, FlowSlice{begin, width, {}}).first->second;
            slice.width_us = std::max(slice.width_us, width);
            for (const auto& [value, cell] : tables.front())
                slice.figures.counts.merge(*cell);
        });
    std::vector<FlowSlice> sorted;
    for (auto& [begin, slice] : slices)
        sorted.push_back(slice);
    return sorted;
}

} // namespace weir
