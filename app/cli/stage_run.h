// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reading topics through folds, which may join them stage by stage: once, or again and again while
// they go on. What weir latency, flow, triage and invalid have in common.
// Thread contract: main thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "app/cli/arguments.h"
#include "app/cli/command.h"
#include "app/cli/target.h"
#include "models/event/fold/record_range.h"
#include "models/event/ingest/ingest_loop.h"

namespace weir::cli {

/// What --by, --watch, --last, --every and --json ask for.
struct StageRun {
    std::optional<std::size_t> by; // a dimension, or the partition
    std::int64_t window_us = 0;    // of --watch with --last; 0: all that was read
    bool watch = false;
    bool json = false;
    std::chrono::milliseconds every{2'000};

    /// What is to be told of now.
    RecordRange range() const;
};
/// --every. Errors: Usage.
Result<std::chrono::milliseconds> every_of(const Arguments& arguments, Micros otherwise);
/// The time that --last names; 0: it names offsets. Errors: Usage.
Result<std::int64_t> window_us_of(const Arguments& arguments, Micros otherwise);
/// --watch with its --last, --every and --json alone. Errors: Usage.
Result<StageRun> watch_run_of(const Arguments& arguments);
/// All of them. Errors: Usage.
Result<StageRun> stage_run_of(const Arguments& arguments, const Vocabulary& vocabulary);
/// The options that it reads.
std::vector<Option> stage_run_options();

/// What is kept of it.
struct StageKept {
    std::shared_ptr<const ObservedHistory> history; // null: nothing
    std::shared_ptr<HistoryRun> run;
};

struct StageReading {
    std::shared_ptr<kafka::Reader> reader;
    StageKept kept; // outlives the loop, which writes to it until its end
    std::unique_ptr<IngestLoop> loop;

    /// Some partition cannot be read.
    bool lost_contact() const;
    /// Weir is further behind what is written than a glance takes.
    bool behind() const;
};

/// Makes the folds; their order is that of IngestLoop::fold(). `request`: what is read.
using MakeFolds =
    std::function<std::vector<FoldFactory>(const kafka::ReadRequest& request, int lanes)>;

using KeepStages = std::function<StageKept(const kafka::ReadRequest& request, int lanes)>;

/// The range that the options name; else, of a watch from the end on, or all there is.
Result<Range> stage_range(const Arguments& arguments, bool watch, Micros now);
/// Starts to read `range` of the topics that the options name, else of the workspace's. Says why
/// that takes long. An interrupt is from then on noticed by follow(). `keep`: null: nothing is.
/// Errors: Usage (no topic), those of opening.
Result<StageReading> read_range(const Arguments& arguments, const Target& target,
                                const Range& range, const StageRun& run, const MakeFolds& folds,
                                Console& console, const KeepStages& keep = nullptr);
/// The same for the range that the options name.
Result<StageReading> read_stages(const Arguments& arguments, const Target& target,
                                 const StageRun& run, const MakeFolds& folds, Console& console);

/// Until there is no more, an interrupt comes, or `until` says so; calls `tell` now and then, if
/// the run is to watch.
void follow(const StageReading& reading, const StageRun& run, Console& console,
            const std::function<void()>& tell, const std::function<bool()>& until = nullptr);
/// Whether what was read is less than what was asked for. `last`: nothing more will be read.
bool is_partial(const StageReading& reading, const StageRun& run, bool last);

} // namespace weir::cli
