// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/latency/latency_heatmap.h"

#include <algorithm>
#include <cmath>

namespace weir {
namespace {

constexpr int decades_least = 4; // that are shown, however alike all durations are

double middle_us(const QuantileSketch::Bin& bin) {
    return (static_cast<double>(bin.lower_us) + static_cast<double>(bin.upper_us)) / 2;
}

/// Chooses the decades that the rows span.
void span_rows(const std::vector<LatencySlice>& slices, LatencyHeatmap& map) {
    double least = INFINITY;
    double most = 0;
    for (const LatencySlice& slice : slices)
        for (const QuantileSketch::Bin& bin : slice.durations.bins())
            if (!bin.negative && bin.upper_us > 0) {
                least = std::min(least, std::max(1.0, middle_us(bin)));
                most = std::max(most, middle_us(bin));
            }
    int first = std::isfinite(least) ? static_cast<int>(std::floor(std::log10(least))) : 2;
    int last = most > 0 ? static_cast<int>(std::ceil(std::log10(most) + 1e-9)) : 6;
    for (bool below = true; last - first < decades_least; below = !below)
        below&& first > 0 ? --first : ++last;
    map.least_us = std::pow(10, first);
    map.rows = std::min(LatencyHeatmap::rows_max,
                        static_cast<std::size_t>((last - first) * LatencyHeatmap::rows_a_decade));
}

} // namespace

double LatencyHeatmap::edge_us(std::size_t row) const {
    return least_us * std::pow(10, static_cast<double>(row) / rows_a_decade);
}

std::size_t LatencyHeatmap::row_of(double duration_us) const {
    if (duration_us <= least_us || rows == 0)
        return 0;
    const double row = std::floor(std::log10(duration_us / least_us) * rows_a_decade + 1e-9);
    return std::min(static_cast<std::size_t>(row), rows - 1);
}

LatencyHeatmap latency_heatmap(const std::vector<LatencySlice>& slices, const LatencyRange& range,
                               std::int64_t column_us) {
    LatencyHeatmap map;
    const std::int64_t widest =
        (range.to_us - range.from_us) / static_cast<std::int64_t>(LatencyHeatmap::columns_max - 2);
    map.column_us = std::max(column_us, widest + 1);
    const auto floor_of = [&](std::int64_t time_us) {
        const std::int64_t rest = time_us % map.column_us;
        return time_us - (rest < 0 ? rest + map.column_us : rest);
    };
    map.from_us = floor_of(range.from_us);
    map.columns =
        static_cast<std::size_t>((floor_of(range.to_us - 1) - map.from_us) / map.column_us + 1);
    span_rows(slices, map);
    map.counts.resize(map.columns * map.rows);
    map.negative.resize(map.columns);
    const auto last_column = static_cast<std::int64_t>(map.columns);
    for (const LatencySlice& slice : slices) {
        const std::int64_t first = std::clamp<std::int64_t>(
            (slice.begin_us - map.from_us) / map.column_us, 0, last_column);
        const std::int64_t end = std::clamp<std::int64_t>(
            (slice.begin_us + slice.width_us - map.from_us + map.column_us - 1) / map.column_us, 0,
            last_column);
        if (slice.begin_us + slice.width_us <= map.from_us || first >= end)
            continue;
        const auto share = static_cast<std::uint64_t>(end - first);
        for (const QuantileSketch::Bin& bin : slice.durations.bins()) {
            map.total += bin.count;
            for (std::int64_t i = 0; i < end - first; ++i) {
                const auto column = static_cast<std::size_t>(first + i);
                // The rest of a division goes to the first columns, so that they add up.
                const std::uint64_t part =
                    bin.count / share + (static_cast<std::uint64_t>(i) < bin.count % share ? 1 : 0);
                if (bin.negative) {
                    map.negative[column] += part;
                    continue;
                }
                std::uint64_t& cell = map.counts[column * map.rows + map.row_of(middle_us(bin))];
                cell += part;
                map.most = std::max(map.most, cell);
            }
        }
    }
    return map;
}

} // namespace weir
