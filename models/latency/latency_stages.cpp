// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/latency/latency_stages.h"

namespace weir {

LatencyOptions latency_options(const Workspace& workspace, const std::string& connection,
                               const IsObserved& observed) {
    LatencyOptions options;
    options.connection = connection;
    for (StageSpec& spec : observed_stages(workspace.stages, observed))
        options.stages.push_back({.name = std::move(spec.name),
                                  .inputs = std::move(spec.inputs),
                                  .outputs = std::move(spec.outputs),
                                  .dead_letter = std::move(spec.dead_letter),
                                  .all_outputs = spec.output_rule == "all",
                                  .slo_p95_us = spec.slo_p95_us,
                                  .wait_us_max = spec.pending_limit_us});
    return options;
}

} // namespace weir
