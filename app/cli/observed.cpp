// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/observed.h"

#include <algorithm>

#include "models/backlog/backlog_findings.h"
#include "models/flow/flow_findings.h"
#include "models/invalid/invalid_findings.h"
#include "models/latency/latency_findings.h"
#include "models/latency/latency_stages.h"

namespace weir::cli {

namespace {

enum ObservingFold : std::size_t { observing_latency, observing_flow, observing_invalid };

/// An event is unaccounted only once its stage's time for it is over: before the range, too.
RecordRange with_pending(const RecordRange& range, const FlowSeen& flow) {
    RecordRange wider = range;
    if (flow.lanes.empty() || range.from_us == RecordRange().from_us)
        return wider;
    std::int64_t longest_us = 0;
    for (const StageSpec& stage : flow.options().stages)
        longest_us = std::max(longest_us, pending_limit_us(stage));
    wider.from_us -= longest_us;
    return wider;
}

std::shared_ptr<const LatencyOptions> latency_of_stages(const Target& target,
                                                        const kafka::ReadRequest& request) {
    return std::make_shared<const LatencyOptions>(
        latency_options(target.session->workspace(), target.connection, observed_by(request)));
}

std::shared_ptr<const FlowOptions> flow_of_stages(const Target& target,
                                                  const kafka::ReadRequest& request, int lanes) {
    return std::make_shared<const FlowOptions>(
        flow_options(target.session->workspace(), target.connection, observed_by(request), lanes));
}

} // namespace

InvalidOptions invalid_book_of(const Target& target, const kafka::ReadRequest& request) {
    InvalidOptions options = target.session->invalid_book(target.connection);
    const auto& entries = options.entries;
    const bool reads_entries =
        request.topics.empty() ||
        std::any_of(request.topics.begin(), request.topics.end(), [&](const auto& topic) {
            return std::find(entries.begin(), entries.end(), topic) != entries.end();
        });
    if (!reads_entries)
        options.entries.clear(); // what was named is where events are to be counted
    if (target.tokens)
        options.masking = [policy = target.disclosure] { return policy; };
    return options;
}

std::vector<FoldFactory> observing_folds(const Target& target, const kafka::ReadRequest& request,
                                         int lanes) {
    const auto words = target.session->vocabulary();
    const auto latency = latency_of_stages(target, request);
    const auto flow = flow_of_stages(target, request, lanes);
    const auto invalid = std::make_shared<const InvalidOptions>(invalid_book_of(target, request));
    // In the order of ObservingFold.
    return {[words, latency](int) { return std::make_unique<LatencyBook>(*words, latency); },
            [words, flow](int) { return std::make_unique<FlowLedger>(*words, flow); },
            [words, invalid](int) { return std::make_unique<InvalidBook>(words, invalid); }};
}

Result<std::shared_ptr<ObservedHistory>> observed_history(const Target& target,
                                                          kafka::Cluster& cluster,
                                                          const kafka::ReadRequest& request,
                                                          int lanes, ObservedHistory::Use use) {
    return ObservedHistory::open(target.session->workspace(), target.connection, cluster,
                                 *target.session->vocabulary(), latency_of_stages(target, request),
                                 flow_of_stages(target, request, lanes), target.timeout, use);
}

StageKept kept_history(const Target& target, kafka::Cluster& cluster,
                       const kafka::ReadRequest& request, int lanes, Console& console) {
    if (!target.session->workspace().retention.keeps_history)
        return {};
    auto opened = observed_history(target, cluster, request, lanes, ObservedHistory::Use::Keep);
    if (!opened) {
        console.note("weir: history is not kept: " + opened.error().text());
        return {};
    }
    std::shared_ptr<HistoryRun> run = (*opened)->begin();
    if (const std::string trouble = history_text(*(*opened)->status()); !trouble.empty())
        console.note("weir: " + trouble);
    return {*std::move(opened), std::move(run)};
}

BacklogOptions stage_groups(const Target& target) {
    BacklogOptions options;
    options.timeout = target.timeout;
    for (const StageSpec& stage : target.session->workspace().stages)
        if (!stage.consumer_group.empty())
            options.known.push_back(stage.consumer_group);
    return options;
}

Observed observed_by_now(const IngestLoop& loop, const RecordRange& range, bool partial) {
    Observed observed;
    observed.latency = {snapshots_of<LatencyBook>(loop, observing_latency)};
    observed.flow = {snapshots_of<FlowLedger>(loop, observing_flow)};
    observed.invalid = {snapshots_of<InvalidBook>(loop, observing_invalid)};
    observed.range = range;
    observed.flow_range = with_pending(range, observed.flow);
    observed.partial = partial;
    return observed;
}

std::vector<Finding> findings_of(const Observed& observed, const Target& target,
                                 const DisclosurePolicy& disclosure) {
    const Vocabulary& words = *target.session->vocabulary();
    const std::vector<StageSpec>& stages = target.session->workspace().stages;
    std::vector<Finding> all =
        flow_findings(observed.flow, words, disclosure, observed.flow_range, observed.partial);
    const auto take = [&](std::vector<Finding> more) {
        std::move(more.begin(), more.end(), std::back_inserter(all));
    };
    take(latency_findings(observed.latency, words, disclosure, observed.range, observed.partial));
    take(invalid_findings(observed.invalid, words, disclosure, observed.range, target.connection,
                          observed.partial));
    if (observed.backlog)
        take(backlog_findings(*observed.backlog, stages, target.connection));
    return ranked(std::move(all), stages);
}

} // namespace weir::cli
