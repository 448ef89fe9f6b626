// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The lag over time, for a line: that of one partition, or the sum of several.
// Thread contract: pure functions. Bound: `points` points.
#pragma once

#include <memory>
#include <vector>

#include "models/backlog/backlog_sample.h"

namespace weir {

struct LagPoint {
    Micros at;
    double lag = 0; // messages
};

/// At even distances over [from, to], each with the newest look until then; none before the first
/// look. REQUIRES: points >= 2.
std::vector<LagPoint>
lag_curve(const std::vector<std::shared_ptr<const BacklogSamples>>& partitions, Micros from,
          Micros to, std::size_t points);

/// The oldest look of any; nothing: there is none.
Micros oldest_look(const std::vector<std::shared_ptr<const BacklogSamples>>& partitions,
                   Micros otherwise);

} // namespace weir
