// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Everything that is observed of a workspace's stages at once, and what is found to be wrong: what
// weir triage tells once, and weir watch again and again.
// Thread contract: main thread.
#pragma once

#include <memory>
#include <vector>

#include "app/cli/stage_run.h"
#include "app/cli/target.h"
#include "models/backlog/backlog_keeper.h"
#include "models/finding/finding.h"
#include "models/flow/flow_report.h"
#include "models/invalid/invalid_report.h"
#include "models/latency/latency_report.h"

namespace weir::cli {

/// What a book of invalid events is told that reads the request.
InvalidOptions invalid_book_of(const Target& target, const kafka::ReadRequest& request);
/// The folds of latency, of flow and of invalid events.
std::vector<FoldFactory> observing_folds(const Target& target, const kafka::ReadRequest& request,
                                         int lanes);
/// The history of what those folds find. Errors: ObservedHistory::open()'s.
Result<std::shared_ptr<ObservedHistory>> observed_history(const Target& target,
                                                          kafka::Cluster& cluster,
                                                          const kafka::ReadRequest& request,
                                                          int lanes, ObservedHistory::Use use);
/// The same, to be kept while they are read; says on `console` why there is none, or what is wrong
/// with it. Blocks for the file.
StageKept kept_history(const Target& target, kafka::Cluster& cluster,
                       const kafka::ReadRequest& request, int lanes, Console& console);
/// All groups that may be seen, those of the workspace's stages in any case.
BacklogOptions stage_groups(const Target& target);

struct Observed {
    LatencySeen latency;
    FlowSeen flow;
    InvalidSeen invalid;
    std::shared_ptr<const BacklogSnapshot> backlog; // null: not looked at
    RecordRange range;                              // that is told of
    RecordRange flow_range;                         // and of flow
    bool partial = false;
};
/// What the folds of observing_folds() have published. `range`: that is to be told of.
Observed observed_by_now(const IngestLoop& loop, const RecordRange& range, bool partial);

/// ranked(). `disclosure`: what may be shown of events.
std::vector<Finding> findings_of(const Observed& observed, const Target& target,
                                 const DisclosurePolicy& disclosure);

} // namespace weir::cli
