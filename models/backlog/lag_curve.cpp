// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/backlog/lag_curve.h"

#include <algorithm>

namespace weir {

std::vector<LagPoint>
lag_curve(const std::vector<std::shared_ptr<const BacklogSamples>>& partitions, Micros from,
          Micros to, std::size_t points) {
    std::vector<LagPoint> curve;
    std::vector<std::size_t> next(partitions.size(), 0); // first sample after the point
    const std::int64_t span = to.value() - from.value();
    for (std::size_t i = 0; i < points && span > 0; ++i) {
        const auto share = static_cast<double>(i) / static_cast<double>(points - 1);
        const Micros at(from.value() +
                        static_cast<std::int64_t>(share * static_cast<double>(span)));
        LagPoint point{at, 0};
        bool seen = false;
        for (std::size_t p = 0; p < partitions.size(); ++p) {
            const BacklogSamples& samples = *partitions[p];
            while (next[p] < samples.size() && samples[next[p]].at <= at)
                ++next[p];
            if (next[p] == 0 || !samples[next[p] - 1].measured())
                continue;
            seen = true;
            point.lag += static_cast<double>(samples[next[p] - 1].lag());
        }
        if (seen)
            curve.push_back(point);
    }
    return curve;
}

Micros oldest_look(const std::vector<std::shared_ptr<const BacklogSamples>>& partitions,
                   Micros otherwise) {
    Micros oldest = otherwise;
    for (const auto& samples : partitions)
        if (!samples->empty())
            oldest = std::min(oldest, samples->front().at);
    return oldest;
}

} // namespace weir
