// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is kept of a connection's observation, and what was kept before: the store of its workspace,
// connection and cluster, and the pasts of the latency book and the ledger of flow.
//
// Thread contract: any thread. open() and begin() block for the cluster's id and the file.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "connectors/kafka/cluster.h"
#include "models/event/history/history_keeper.h"
#include "models/event/ingest/ingest_loop.h"
#include "models/flow/flow_history.h"
#include "models/flow/flow_report.h"
#include "models/latency/latency_history.h"
#include "models/latency/latency_paths.h"
#include "models/workspace/workspace.h"

namespace weir {

class ObservedHistory {
  public:
    enum class Use : std::uint8_t {
        Keep, // what is observed is added to it
        Read, // what is there is read alone, when a run begins
    };
    /// Errors: those of asking for the cluster's id, Io (the folder), Unsupported (a cluster inside
    /// Weir: what it holds ends with it).
    static Result<std::shared_ptr<ObservedHistory>>
    open(const Workspace& workspace, const std::string& connection, kafka::Cluster& cluster,
         const Vocabulary& vocabulary, std::shared_ptr<const LatencyOptions> latency,
         std::shared_ptr<const FlowOptions> flow, std::chrono::milliseconds timeout,
         Use use = Use::Keep);

    /// For a new ingest loop, whose `checkpoints` and `counted` it is; it ends after the loop.
    std::unique_ptr<HistoryRun> begin() { return m_keeper->begin(); }
    std::shared_ptr<const HistoryStatus> status() const { return m_keeper->status(); }

    /// The past alone; no lane: it is not read yet, or there is none.
    LatencySeen latency() const;
    FlowSeen flow() const;
    /// The past, as one more lane, once it is read.
    void add_to(LatencySeen& seen) const;
    void add_to(FlowSeen& seen) const;

  private:
    ObservedHistory(const Vocabulary& vocabulary, std::shared_ptr<const LatencyOptions> latency,
                    std::shared_ptr<const FlowOptions> flow, std::string file,
                    const HistoryPolicy& policy, Use use);

    const LatencyHistory m_latency;
    const FlowHistory m_flow;
    const std::shared_ptr<HistoryKeeper> m_keeper;
};

/// Has a loop's checkpoints kept by the run, if there is one, and nothing counted twice. The run
/// has to outlive the loop.
void keep_by(HistoryRun* run, IngestOptions& options);

} // namespace weir
