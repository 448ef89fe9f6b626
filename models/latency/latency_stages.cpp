// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/latency/latency_stages.h"

#include <algorithm>
#include <set>

namespace weir {

LatencyOptions latency_options(const Workspace& workspace, const std::string& connection) {
    std::set<std::string> watched;
    for (const Workspace::Watch& watch : workspace.watch)
        watched.insert(watch.topics.begin(), watch.topics.end());
    const auto is_topic = [&](const std::string& place) {
        return place.find('.') == std::string::npos || watched.contains(place);
    };
    LatencyOptions options;
    options.connection = connection;
    for (const StageSpec& spec : workspace.stages) {
        LatencyStage stage;
        stage.name = spec.name;
        std::copy_if(spec.inputs.begin(), spec.inputs.end(), std::back_inserter(stage.inputs),
                     is_topic);
        std::copy_if(spec.outputs.begin(), spec.outputs.end(), std::back_inserter(stage.outputs),
                     is_topic);
        stage.dead_letter = spec.dead_letter;
        stage.all_outputs = spec.output_rule == "all";
        stage.slo_p95_us = spec.slo_p95_us;
        stage.wait_us_max = spec.pending_limit_us;
        options.stages.push_back(std::move(stage));
    }
    return options;
}

} // namespace weir
