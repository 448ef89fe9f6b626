// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/latency/latency_lines.h"

#include <algorithm>

#include "connectors/base/time_units.h"
#include "models/live/printable.h"

namespace weir {
namespace {

constexpr std::int64_t range_least_us = 5 * minute_us;

QString shown(const std::string& text) {
    return QString::fromStdString(printable(text));
}

QString title_of(const LatencyPath& path) {
    switch (path.kind) {
    case LatencyPath::Kind::EndToEnd:
    case LatencyPath::Kind::Stage:
        return shown(path.stage);
    case LatencyPath::Kind::Place:
        break;
    }
    if (path.from == "in")
        return shown(path.stage) % QStringLiteral(", working");
    return shown(path.from) % QStringLiteral(" → ") % shown(path.to);
}

QString detail_of(const LatencyPath& path) {
    if (path.kind == LatencyPath::Kind::Place && path.from != "in")
        return shown(path.stage);
    return shown(path.from) % QStringLiteral(" → ") % shown(path.to);
}

} // namespace

LatencyRange latency_range(const std::vector<LatencySeen>& seen, const TimeRange& range,
                           std::int64_t now_us) {
    if (range.kind != TimeRange::Kind::Everything)
        return {range.begin_us(now_us), std::min(range.end_us(), now_us)};
    std::int64_t first_us = INT64_MAX;
    std::int64_t newest_us = INT64_MIN;
    for (const LatencySeen& one : seen)
        for (const auto& lane : one.lanes) {
            if (lane->past)
                continue;
            for (const auto& bucket : lane->whole) {
                first_us = std::min(first_us, bucket->begin_us);
                newest_us = std::max(newest_us, bucket->begin_us + bucket->width_us);
            }
        }
    if (first_us > newest_us)
        return {now_us - range_least_us, now_us};
    return {std::min(first_us, newest_us - range_least_us), newest_us};
}

std::int64_t slice_width_us(const LatencyRange& range) {
    const std::int64_t span_us = range.to_us - range.from_us;
    return span_us <= 30 * minute_us ? 10 * second_us
           : span_us <= 3 * hour_us  ? minute_us
           : span_us <= 30 * hour_us ? 10 * minute_us
                                     : hour_us;
}

std::vector<LatencyLine> latency_lines(const std::vector<LatencySeen>& seen,
                                       const Vocabulary& vocabulary, ClockPolicy policy,
                                       const LatencyRange& range) {
    std::vector<LatencyLine> lines;
    for (std::size_t i = 0; i < seen.size(); ++i) {
        if (seen[i].lanes.empty())
            continue;
        bool sampled = false;
        for (const auto& lane : seen[i].lanes)
            sampled = sampled || lane->sampled > 1;
        for (const LatencyPath& path : latency_paths(seen[i], vocabulary, policy)) {
            LatencyLine line;
            line.seen = i;
            line.title = title_of(path);
            line.detail = detail_of(path);
            if (seen.size() > 1)
                line.detail += QStringLiteral(" · ") % shown(seen[i].options().connection);
            line.path = path;
            line.slices = latency_slices(seen[i], path, range, slice_width_us(range));
            for (const LatencySlice& slice : line.slices)
                line.durations.merge(slice.durations);
            line.estimate = sampled && path.kind == LatencyPath::Kind::Stage;
            lines.push_back(std::move(line));
        }
    }
    std::stable_partition(lines.begin(), lines.end(),
                          [](const LatencyLine& line) { return line.durations.count() > 0; });
    return lines;
}

std::vector<LatencyLine> latency_targets(const std::vector<LatencySeen>& seen,
                                         const Vocabulary& vocabulary, const LatencyRange& range) {
    std::vector<LatencyLine> lines;
    for (std::size_t i = 0; i < seen.size(); ++i)
        for (const LatencyPath& path : latency_paths(seen[i], vocabulary, ClockPolicy::Raw)) {
            if (path.slo_p95_us == 0)
                continue;
            LatencyLine line;
            line.seen = i;
            line.title = title_of(path);
            line.detail = detail_of(path);
            line.durations = latency_of(seen[i], path, range);
            line.path = path;
            lines.push_back(std::move(line));
        }
    return lines;
}

} // namespace weir
