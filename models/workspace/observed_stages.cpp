// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/workspace/observed_stages.h"

namespace weir {

std::vector<StageSpec> observed_stages(std::vector<StageSpec> stages, const IsObserved& observed) {
    const auto unseen = [&](const std::string& place) { return !observed(place); };
    for (StageSpec& stage : stages) {
        std::erase_if(stage.inputs, unseen);
        std::erase_if(stage.outputs, unseen);
        if (unseen(stage.dead_letter))
            stage.dead_letter.clear();
    }
    return stages;
}

} // namespace weir
