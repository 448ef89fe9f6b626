// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The pipeline at a glance: its stages in the order in which events flow, with what flows through
// them, how late they are, how much waits in front of them, and all that is found to be wrong.
// Thread contract: pure functions over published snapshots; what they make is immutable. It is
// worked out away from the GUI thread. Bound: the workspace's stages, rates_points a stage.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/backlog/backlog_snapshot.h"
#include "models/finding/finding.h"
#include "models/flow/flow_report.h"
#include "models/invalid/invalid_report.h"
#include "models/latency/latency_paths.h"

namespace weir {

/// What is looked at: one entry a connection that is observed.
struct OverviewInput {
    std::vector<FlowSeen> flow;
    std::vector<LatencySeen> latency;
    std::map<std::string, InvalidSeen> invalid;                            // by connection
    std::map<std::string, std::shared_ptr<const BacklogSnapshot>> backlog; // likewise
    std::vector<StageSpec> stages; // of the workspace, with the places that nobody observes
    std::shared_ptr<const Vocabulary> vocabulary;
    std::shared_ptr<const DisclosurePolicy> disclosure;
    RecordRange range;
    std::int64_t now_us = 0;
    bool partial = false;
};

struct OverviewStage {
    std::string name;
    int column = 0;                            // how many stages lie before it, at most
    std::optional<double> in_per_s, out_per_s; // over the last minute; nothing: not observed
    std::optional<std::int64_t> p95_us;        // of the way that is furthest over its target
    std::int64_t slo_p95_us = 0;               // 0: none
    FlowFigures flow;
    bool observed = false; // its input is
    bool judged = false;   // something behind it is
    std::uint64_t sampled = 1;
    std::optional<std::int64_t> lag_messages, lag_us; // of its consumer group
    Verdict verdict = Verdict::Ok;
    std::vector<double> rates; // events in a second over the range, for a sparkline

    bool slo_broken() const { return slo_p95_us > 0 && p95_us && *p95_us > slo_p95_us; }
    bool is_bad() const { return slo_broken() || flow.unaccounted > 0 || weir::is_bad(verdict); }
};

struct OverviewLink {
    std::size_t from = 0, to = 0; // stages
    std::string place;            // between them
    std::optional<double> per_s;
};

/// A place to which stages reject.
struct OverviewDeadLetters {
    std::string place;
    std::optional<double> per_s;
    std::vector<std::size_t> stages;
    std::size_t reasons = 0;
};

struct Overview {
    static constexpr std::size_t rates_points = 60;

    std::vector<OverviewStage> stages;
    std::vector<OverviewLink> links;
    std::vector<OverviewDeadLetters> dead_letters;
    std::vector<Finding> findings; // ranked()
    std::optional<Micros> read_to; // all observed places are; nothing: one is not read at all
    std::int64_t events = 0;       // in the range, at all places
    std::uint64_t sampled = 1;
    bool partial = false;
    RecordRange range;
};

Overview make_overview(const OverviewInput& input);

} // namespace weir
