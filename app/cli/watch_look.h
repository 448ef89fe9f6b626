// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One look of weir watch: all that its lines and its page of metrics tell.
// Thread contract: plain values, made on the main thread. Bound: partitions_max places of groups,
// the worst first; of everything else, what the reports hold.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/cli/observed.h"
#include "app/cli/stage_run.h"
#include "app/cli/target.h"

namespace weir::cli {

/// Whether what is read can be read.
struct ReadingState {
    std::size_t partitions = 0, failed = 0, gone = 0;
    bool down = false; // the cluster does not answer, or lets nobody in
    std::string why;   // of what fails, one sentence; "": nothing does

    bool up() const { return !down && (failed == 0 || failed + gone < partitions); }
    bool fails() const { return down || failed > 0; }
};
ReadingState reading_state(const StageReading& reading, const kafka::Cluster& cluster);

struct WatchLook {
    static constexpr std::size_t partitions_max = 5'000;

    Micros at;
    std::string connection;
    ReadingState state;
    IngestStats stats;
    bool partial = false;
    RecordRange
        range; // what is told is of, but for the next three: of what was read since the start
    FlowReport flow_all;
    LatencyReport latency_all;
    InvalidReport invalid_all; // by class and reason
    FlowReport flow;
    LatencyReport latency;
    InvalidReport invalid;                           // by class and reason
    std::shared_ptr<const FlowOptions> flow_options; // null: nothing is read yet
    std::shared_ptr<const BacklogSnapshot> backlog;  // null: not answered yet
    std::size_t partitions_left_out = 0;             // of the backlog
    std::string history;                             // what is wrong with it; "": nothing
    std::vector<Finding> findings;                   // ranked()
    std::shared_ptr<const Vocabulary> vocabulary;
};

/// `backlog`: all of it.
WatchLook look_at(const StageReading& reading, const Target& target,
                  const DisclosurePolicy& disclosure, const RecordRange& range,
                  const std::shared_ptr<const BacklogSnapshot>& backlog, ReadingState state);

/// The same with no more than `rows_max` partitions, those of the worst groups; `left_out`: how
/// many there are besides.
std::shared_ptr<const BacklogSnapshot>
worst_of(const std::shared_ptr<const BacklogSnapshot>& backlog, std::size_t rows_max,
         std::size_t& left_out);

} // namespace weir::cli
