// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/observed_history.h"

#include "connectors/kafka/sandbox/embedded.h"

namespace weir {

namespace {

/// So much a process that is killed loses: it is read again, or told as not watched.
constexpr std::chrono::milliseconds history_every{15'000};

HistoryOptions keeper_options(const LatencyHistory& latency, const FlowHistory& flow,
                              const Vocabulary& vocabulary, std::string file,
                              const HistoryPolicy& policy, bool writes) {
    HistoryOptions options;
    options.file = std::move(file);
    options.policy = policy;
    options.folds = latency.folds();
    options.folds.insert(options.folds.end(), flow.folds().begin(), flow.folds().end());
    options.places = vocabulary.places;
    options.writes = writes;
    return options;
}

} // namespace

ObservedHistory::ObservedHistory(const Vocabulary& vocabulary,
                                 std::shared_ptr<const LatencyOptions> latency,
                                 std::shared_ptr<const FlowOptions> flow, std::string file,
                                 const HistoryPolicy& policy, Use use)
    : m_latency(vocabulary, std::move(latency))
    , m_flow(vocabulary, std::move(flow))
    , m_keeper(HistoryKeeper::create(keeper_options(m_latency, m_flow, vocabulary, std::move(file),
                                                    policy, use == Use::Keep))) {}

Result<std::shared_ptr<ObservedHistory>> ObservedHistory::open(
    const Workspace& workspace, const std::string& connection, kafka::Cluster& cluster,
    const Vocabulary& vocabulary, std::shared_ptr<const LatencyOptions> latency,
    std::shared_ptr<const FlowOptions> flow, std::chrono::milliseconds timeout, Use use) {
    const auto id = cluster.cluster_id(timeout);
    if (!id)
        return id.error();
    if (kafka::EmbeddedCluster::is_id(*id))
        return Error{ErrorCode::Unsupported, "what a cluster inside Weir holds ends with it",
                     connection, "keeping what is observed"};
    auto file = store::history_file(workspace.name, connection, *id);
    if (!file)
        return std::move(file).error();
    return std::shared_ptr<ObservedHistory>(new ObservedHistory(vocabulary, std::move(latency),
                                                                std::move(flow), *std::move(file),
                                                                workspace.retention.history, use));
}

void keep_by(HistoryRun* run, IngestOptions& options) {
    if (run == nullptr)
        return;
    options.checkpoints = run->keeps() ? run : nullptr;
    options.checkpoint_every = history_every;
    options.counted = run->counted();
}

LatencySeen ObservedHistory::latency() const {
    LatencySeen seen;
    if (auto past = m_latency.snapshot())
        seen.lanes.push_back(std::move(past));
    return seen;
}

FlowSeen ObservedHistory::flow() const {
    FlowSeen seen;
    if (auto past = m_flow.snapshot())
        seen.lanes.push_back(std::move(past));
    return seen;
}

void ObservedHistory::add_to(LatencySeen& seen) const {
    for (auto& past : latency().lanes)
        seen.lanes.push_back(past);
}

void ObservedHistory::add_to(FlowSeen& seen) const {
    for (auto& past : flow().lanes)
        seen.lanes.push_back(past);
}

} // namespace weir
