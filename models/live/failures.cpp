// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/live/failures.h"

namespace weir {

FailureCount count_failures(const std::vector<std::shared_ptr<const LaneSnapshot>>& lanes) {
    FailureCount count;
    for (const auto& lane : lanes) {
        count.ever += lane->failures_absorbed;
        count.kept += lane->failures_absorbed - lane->failures_released;
    }
    return count;
}

std::vector<std::shared_ptr<const LaneSnapshot>>
failures_alone(const std::vector<std::shared_ptr<const LaneSnapshot>>& lanes) {
    std::vector<std::shared_ptr<const LaneSnapshot>> alone;
    for (const auto& lane : lanes) {
        auto failures = std::make_shared<LaneSnapshot>();
        failures->lane = lane->lane;
        failures->segments = lane->failures;
        failures->last_size = lane->failures_last_size;
        failures->rows_absorbed = lane->failures_absorbed;
        failures->rows_released = lane->failures_released;
        alone.push_back(std::move(failures));
    }
    return alone;
}

} // namespace weir
