// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/invalid/invalid_stages.h"

#include <algorithm>
#include <set>

namespace weir {

InvalidOptions invalid_options(const Workspace& workspace, const std::string& connection) {
    InvalidOptions options;
    options.connection = connection;
    std::set<std::string> dead, inputs, written;
    for (const auto& [topic, place] : workspace.event.places)
        if (place.dead_letters)
            dead.insert(topic);
    for (const StageSpec& stage : workspace.stages)
        if (!stage.dead_letter.empty())
            dead.insert(stage.dead_letter);
    for (const StageSpec& stage : workspace.stages) {
        inputs.insert(stage.inputs.begin(), stage.inputs.end());
        const bool remediates =
            std::all_of(stage.inputs.begin(), stage.inputs.end(),
                        [&](const auto& input) { return dead.contains(input); });
        if (!remediates)
            written.insert(stage.outputs.begin(), stage.outputs.end());
    }
    for (const std::string& input : inputs)
        if (!dead.contains(input) && !written.contains(input))
            options.entries.push_back(input);
    options.dead_letters.assign(dead.begin(), dead.end());
    return options;
}

} // namespace weir
