// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/overview/overview.h"

#include <algorithm>
#include <set>

#include "connectors/base/time_units.h"
#include "models/backlog/backlog_findings.h"
#include "models/flow/flow_findings.h"
#include "models/invalid/invalid_findings.h"
#include "models/latency/latency_findings.h"

namespace weir {
namespace {

constexpr std::int64_t rate_window_us = minute_us;
constexpr std::int64_t curve_us_max = 4'000 * day_us;

bool holds(const std::vector<std::string>& places, const std::string& place) {
    return std::find(places.begin(), places.end(), place) != places.end();
}

/// Rates of places, by name.
class Rates {
  public:
    explicit Rates(const OverviewInput& input)
        : m_input(input) {
        for (const FlowSeen& seen : input.flow)
            for (const Watermark& mark : marks_of(seen))
                m_observed.emplace(input.vocabulary->places->name(mark.place),
                                   std::pair(&seen, mark.place));
    }
    bool observes(const std::string& place) const { return m_observed.contains(place); }

    /// Nothing: it is not observed.
    std::optional<double> of(const std::string& place) const {
        const auto known = m_observed.find(place);
        if (known == m_observed.end())
            return {};
        const std::int64_t to_us = std::min(m_input.now_us, m_input.range.to_us);
        const RecordRange last{to_us - rate_window_us, to_us};
        std::int64_t events = 0;
        for (const FlowSlice& slice : slices(place, last, second_us))
            events += slice.figures[FlowCount::In];
        return static_cast<double>(events) / (static_cast<double>(rate_window_us) / us_per_s);
    }
    /// Nothing: none of them is observed.
    std::optional<double> of_all(const std::vector<std::string>& places) const {
        std::optional<double> sum;
        for (const std::string& place : places)
            if (const auto one = of(place))
                sum = sum.value_or(0) + *one;
        return sum;
    }
    void add_curve(const std::string& place, std::vector<double>& rates) const {
        RecordRange range = m_input.range;
        if (range.to_us == INT64_MAX) // without an end
            range.to_us = m_input.now_us;
        range.from_us = std::max(range.from_us, range.to_us - curve_us_max);
        const std::int64_t span_us = std::max<std::int64_t>(1, range.to_us - range.from_us);
        const auto points = static_cast<std::int64_t>(Overview::rates_points);
        rates.resize(Overview::rates_points);
        for (const FlowSlice& slice : slices(place, range, std::max(second_us, span_us / points))) {
            const std::int64_t at = (slice.begin_us - range.from_us) * points / span_us;
            const auto point =
                static_cast<std::size_t>(std::clamp<std::int64_t>(at, 0, points - 1));
            rates[point] += static_cast<double>(slice.figures[FlowCount::In]) /
                            (static_cast<double>(slice.width_us) / us_per_s);
        }
    }

  private:
    static std::vector<Watermark> marks_of(const FlowSeen& seen) {
        return seen.lanes.empty() ? std::vector<Watermark>() : seen.lanes.front()->marks.all();
    }
    std::vector<FlowSlice> slices(const std::string& place, const RecordRange& range,
                                  std::int64_t width_us) const {
        const auto known = m_observed.find(place);
        if (known == m_observed.end())
            return {};
        return flow_slices(*known->second.first, {FlowScope::no_stage, known->second.second}, range,
                           width_us);
    }

    const OverviewInput& m_input;
    std::map<std::string, std::pair<const FlowSeen*, PlaceId>> m_observed;
};

void place_in_columns(const std::vector<StageSpec>& specs, Overview& overview) {
    for (std::size_t i = 0; i < specs.size(); ++i)
        for (std::size_t j = 0; j < specs.size(); ++j)
            for (const std::string& place : specs[i].outputs)
                if (i != j && holds(specs[j].inputs, place))
                    overview.links.push_back({i, j, place, {}});
    // As often as there are stages: where they go round in a circle that is enough, too.
    for (std::size_t round = 0; round < specs.size(); ++round)
        for (const OverviewLink& link : overview.links) {
            int& column = overview.stages[link.to].column;
            column = std::min(std::max(column, overview.stages[link.from].column + 1),
                              static_cast<int>(specs.size()) - 1);
        }
}

void add_flow(const FlowReport& report, Overview& overview) {
    overview.sampled = std::max(overview.sampled, report.sampled);
    for (const FlowRow& row : report.rows)
        for (OverviewStage& stage : overview.stages)
            if (stage.name == row.name && row.figures[FlowCount::In] > 0) {
                stage.flow.merge(row.figures);
                stage.judged = stage.judged || row.judged;
                stage.sampled = std::max(stage.sampled, row.sampled);
            }
    for (const FlowPlace& place : report.places)
        overview.events += place.events;
}

void add_latency(const LatencySeen& seen, const OverviewInput& input, Overview& overview) {
    if (seen.lanes.empty())
        return;
    for (const LatencyPath& path : latency_paths(seen, *input.vocabulary, ClockPolicy::Raw)) {
        const auto stage = std::find_if(overview.stages.begin(), overview.stages.end(),
                                        [&](const auto& one) { return one.name == path.stage; });
        if (path.kind != LatencyPath::Kind::Stage || stage == overview.stages.end())
            continue;
        const QuantileSketch durations = latency_of(seen, path, input.range);
        if (durations.count() == 0)
            continue;
        stage->p95_us = std::max(stage->p95_us.value_or(INT64_MIN), durations.quantile(0.95));
    }
}

void add_backlog(const OverviewInput& input, Overview& overview) {
    for (const auto& [connection, snapshot] : input.backlog) {
        if (!snapshot)
            continue;
        for (const auto& group : snapshot->groups)
            for (std::size_t i = 0; i < overview.stages.size(); ++i)
                if (input.stages[i].consumer_group == group->group.id) {
                    overview.stages[i].lag_messages = group->lag_messages;
                    overview.stages[i].lag_us = group->lag_us;
                    overview.stages[i].verdict = group->verdict;
                }
    }
}

void add_dead_letters(const OverviewInput& input, const Rates& rates,
                      const std::vector<FlowReport>& reports, Overview& overview) {
    for (std::size_t i = 0; i < input.stages.size(); ++i) {
        const std::string& place = input.stages[i].dead_letter;
        if (place.empty())
            continue;
        auto known = std::find_if(overview.dead_letters.begin(), overview.dead_letters.end(),
                                  [&](const auto& one) { return one.place == place; });
        if (known == overview.dead_letters.end())
            known = overview.dead_letters.insert(known, {place, rates.of(place), {}, 0});
        known->stages.push_back(i);
        std::set<std::string> reasons;
        for (const FlowReport& report : reports)
            for (const FlowRow& row : report.rows)
                if (row.name == input.stages[i].name)
                    for (const auto& [reason, count] : row.reasons)
                        reasons.insert(reason);
        known->reasons = std::max(known->reasons, reasons.size());
    }
}

std::vector<Finding> findings_of(const OverviewInput& input) {
    std::vector<Finding> all;
    const auto take = [&](std::vector<Finding> more) {
        std::move(more.begin(), more.end(), std::back_inserter(all));
    };
    for (const FlowSeen& seen : input.flow)
        take(flow_findings(seen, *input.vocabulary, *input.disclosure, input.range, input.partial));
    for (const LatencySeen& seen : input.latency)
        if (!seen.lanes.empty())
            take(latency_findings(seen, *input.vocabulary, *input.disclosure, input.range,
                                  input.partial));
    for (const auto& [connection, seen] : input.invalid)
        take(invalid_findings(seen, *input.vocabulary, *input.disclosure, input.range, connection,
                              input.partial));
    for (const auto& [connection, snapshot] : input.backlog)
        if (snapshot)
            take(backlog_findings(*snapshot, input.stages, connection));
    return ranked(std::move(all), input.stages);
}

} // namespace

Overview make_overview(const OverviewInput& input) {
    Overview overview;
    overview.range = input.range;
    overview.partial = input.partial;
    for (const StageSpec& spec : input.stages) {
        OverviewStage stage;
        stage.name = spec.name;
        stage.slo_p95_us = spec.slo_p95_us;
        overview.stages.push_back(std::move(stage));
    }
    place_in_columns(input.stages, overview);
    const Rates rates(input);
    std::vector<FlowReport> reports;
    for (const FlowSeen& seen : input.flow) {
        reports.push_back(flow_report(seen, *input.vocabulary, *input.disclosure,
                                      {.range = input.range, .partial = input.partial}));
        add_flow(reports.back(), overview);
        for (const auto& lane : seen.lanes)
            if (const auto least = lane->marks.least(); least && least->value() >= 0)
                overview.read_to = overview.read_to ? std::min(*overview.read_to, *least) : *least;
    }
    for (std::size_t i = 0; i < input.stages.size(); ++i) {
        OverviewStage& stage = overview.stages[i];
        stage.in_per_s = rates.of_all(input.stages[i].inputs);
        stage.out_per_s = rates.of_all(input.stages[i].outputs);
        stage.observed = stage.in_per_s.has_value();
        for (const std::string& place : input.stages[i].inputs)
            rates.add_curve(place, stage.rates);
    }
    for (OverviewLink& link : overview.links)
        link.per_s = rates.of(link.place);
    for (const LatencySeen& seen : input.latency)
        add_latency(seen, input, overview);
    add_backlog(input, overview);
    add_dead_letters(input, rates, reports, overview);
    overview.findings = findings_of(input);
    return overview;
}

} // namespace weir
