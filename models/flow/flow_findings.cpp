// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/flow/flow_findings.h"

#include <algorithm>

#include "models/event/grouped.h"

namespace weir {
namespace {

/// A value of a dimension whose share of the unaccounted is far from its share of all.
struct Standout {
    std::string dimension, value;
    double share_missing = 0, share_all = 0;
    double apart() const { return share_missing - share_all; }
};

double share_of(std::int64_t part, std::int64_t whole) {
    return whole <= 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

/// The value of each dimension that is over-represented most; those that stand out alone.
std::vector<Standout> standouts(const FlowSeen& seen, const Vocabulary& vocabulary,
                                const DisclosurePolicy& disclosure, const RecordRange& range,
                                std::uint16_t stage) {
    constexpr double apart_least = 0.2;
    std::vector<Standout> found;
    for (std::size_t i = 0; i <= partition_dimension(vocabulary); ++i) {
        const FlowReport by = flow_report(seen, vocabulary, disclosure, {.range = range, .by = i});
        std::int64_t missing = 0;
        std::int64_t all = 0;
        for (const FlowRow& row : by.rows)
            if (row.stage == stage) {
                missing += row.figures.unaccounted;
                all += row.figures[FlowCount::In];
            }
        Standout most;
        for (const FlowRow& row : by.rows)
            if (row.stage == stage) {
                const Standout one{by.dimension, row.value,
                                   share_of(row.figures.unaccounted, missing),
                                   share_of(row.figures[FlowCount::In], all)};
                if (one.apart() > most.apart())
                    most = one;
            }
        if (most.apart() >= apart_least)
            found.push_back(most);
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.apart() > b.apart(); });
    return found;
}

std::string places_behind(const StageSpec& stage) {
    std::vector<std::string> places = stage.outputs;
    if (!stage.dead_letter.empty())
        places.push_back(stage.dead_letter);
    std::string text;
    for (const std::string& place : places)
        text += (text.empty() ? "" : &place == &places.back() ? " nor in " : ", ") + place;
    return (places.size() > 1 ? "neither in " : "not in ") + text;
}

Finding unaccounted_at(const FlowRow& row, const StageSpec& stage, const std::string& connection) {
    const FlowFigures& flow = row.figures;
    Finding finding;
    finding.code = "unaccounted";
    finding.scope.connection = connection;
    finding.scope.stage = stage.name;
    finding.since = Micros(flow.unaccounted_since_us);
    finding.fate = Fate::Lost;
    finding.events = {flow.unaccounted, row.error(flow.unaccounted)};
    finding.confidence = row.estimate ? Confidence::Likely : Confidence::Certain;
    finding.sentence = grouped(flow.unaccounted) +
                       (flow.unaccounted == 1 ? " event has" : " events have") + " gone into " +
                       stage.name + " and not come out: seen in " +
                       (stage.inputs.empty() ? std::string("its input") : stage.inputs.front()) +
                       ", " + places_behind(stage);
    finding.evidence.push_back("All of the places behind the stage is read, to " +
                               grouped(pending_limit_us(stage) / 1'000'000) +
                               " s after the newest of them and more");
    finding.next_step = "See what " + stage.name +
                        " does with these events without telling; one that turns up "
                        "is accounted for again.";
    finding.command = {"flow", "--by", "app_version"};
    return finding;
}

} // namespace

std::vector<Finding> flow_findings(const FlowSeen& seen, const Vocabulary& vocabulary,
                                   const DisclosurePolicy& disclosure, const RecordRange& range,
                                   bool partial) {
    if (seen.lanes.empty())
        return {};
    std::vector<Finding> findings;
    const FlowReport report =
        flow_report(seen, vocabulary, disclosure, {.range = range, .partial = partial});
    for (const FlowRow& row : report.rows) {
        if (row.figures.unaccounted <= 0)
            continue;
        Finding finding =
            unaccounted_at(row, seen.options().stages[row.stage], seen.options().connection);
        if (partial)
            finding.confidence = Confidence::Possible;
        for (const Standout& one : standouts(seen, vocabulary, disclosure, range, row.stage)) {
            if (finding.scope.values.empty())
                finding.command.back() = one.dimension;
            if (one.share_missing > 0.95)
                finding.scope.values.emplace_back(one.dimension, one.value);
            finding.evidence.push_back(percent_text(one.share_missing) + " of them are of " +
                                       one.dimension + " " + one.value + ", of all " +
                                       percent_text(one.share_all));
        }
        findings.push_back(std::move(finding));
    }
    return findings;
}

} // namespace weir
