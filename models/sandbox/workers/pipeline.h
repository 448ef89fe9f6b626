// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The workers of one process: makes the topics that are missing, starts a worker for each stage,
// and writes what each has done to `pipeline_metrics`, once a second. Several processes share the
// work by their consumer groups.
//
// Thread contract: every method from any thread. Bound: one worker a stage.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "connectors/http/open_metrics.h"
#include "models/sandbox/workers/stage_list.h"
#include "models/sandbox/workers/worker.h"

namespace weir::sandbox {

inline constexpr const char* metrics_topic = "pipeline_metrics";

struct PipelineOptions {
    std::vector<std::string> stages; // names of stage_entries(); each once
    int partitions = 6;              // of topics that have to be made
    WorkerOptions worker;
    std::chrono::milliseconds metrics_every{1'000};
};

/// What one worker has done so far.
struct StageReport {
    StageInfo info;
    std::string instance;
    WorkerCounts counts;
};

class Pipeline {
  public:
    virtual ~Pipeline() = default; // the workers commit what is done and leave
    Pipeline(const Pipeline&) = delete;
    Pipeline& operator=(const Pipeline&) = delete;

    /// Errors: Usage (no such stage, one twice), those of create_topic and Producer::open.
    static Result<std::unique_ptr<Pipeline>> start(const kafka::SandboxTicket& ticket,
                                                   PipelineOptions options,
                                                   const StageServices& services);

    virtual std::vector<StageReport> reports() const = 0;

  protected:
    Pipeline() = default;
};

/// The topics that stages need, with their settings, each once.
std::vector<kafka::NewTopic> topics_of(const std::vector<StageInfo>& stages, int partitions);

/// The workers' counters as families of a page.
void append_reports(const std::vector<StageReport>& reports, http::OpenMetrics& page);

} // namespace weir::sandbox
