// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/backlog/trend.h"

#include <algorithm>

#include "connectors/base/time_units.h"

namespace weir {

namespace {

constexpr std::size_t points_max = 32;
constexpr std::size_t pauses_max = 9;
constexpr std::int64_t unseen_gap_us = 60'000'000; // nobody looked meanwhile
constexpr std::size_t commits_least = 3;

template <class T>
T median_of(std::vector<T> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

double seconds(std::int64_t us) {
    return static_cast<double>(us) / us_per_s;
}

} // namespace

std::optional<double> robust_slope(std::span<const TrendPoint> points) {
    std::vector<TrendPoint> used;
    const std::size_t step =
        std::max<std::size_t>(1, (points.size() + points_max - 1) / points_max);
    // Counted from the newest, which is always among them.
    for (std::size_t back = 0; back < points.size(); back += step)
        used.push_back(points[points.size() - 1 - back]);
    std::vector<double> slopes;
    for (std::size_t i = 0; i < used.size(); ++i)
        for (std::size_t j = i + 1; j < used.size(); ++j)
            if (used[i].at_s != used[j].at_s)
                slopes.push_back((used[i].value - used[j].value) / (used[i].at_s - used[j].at_s));
    if (slopes.empty())
        return std::nullopt;
    return median_of(std::move(slopes));
}

Trend trend_of(const BacklogSamples& samples, std::int64_t window_us) {
    Trend trend;
    if (samples.empty())
        return trend;
    std::size_t first = samples.size() - 1;
    while (first > 0 && samples[first - 1].measured() &&
           samples[first - 1].committed <= samples[first].committed &&
           samples[first - 1].end <= samples[first].end &&
           samples.back().at.value() - samples[first - 1].at.value() <= window_us)
        --first;
    trend.first = first;
    const BacklogSample& from = samples[first];
    const BacklogSample& to = samples.back();
    trend.looks = 1;
    for (std::size_t i = first + 1; i < samples.size(); ++i)
        trend.looks += samples[i].looks;
    trend.span_us = to.at.value() - from.at.value();
    if (trend.span_us <= 0 || !to.measured() || !from.measured())
        return trend;
    trend.rate_in = static_cast<double>(to.end - from.end) / seconds(trend.span_us);
    trend.rate_out = static_cast<double>(to.committed - from.committed) / seconds(trend.span_us);
    // Between two commits every lag rises: where not each look found one, what counts is the lag
    // that each commit has left.
    std::vector<TrendPoint> all, left;
    for (std::size_t i = first; i < samples.size(); ++i) {
        const TrendPoint point{seconds(samples[i].at.value() - from.at.value()),
                               static_cast<double>(samples[i].lag())};
        all.push_back(point);
        if (samples[i].moves > 0 && i > first)
            left.push_back(point);
    }
    if (left.empty() || left.size() + 1 == all.size())
        trend.velocity = robust_slope(all);
    else if (left.size() >= commits_least)
        trend.velocity = robust_slope(left);
    return trend;
}

Cadence cadence_of(const BacklogSamples& samples) {
    Cadence cadence;
    std::vector<std::int64_t> pauses;
    std::optional<std::size_t> moved;
    for (std::size_t i = 1; i < samples.size(); ++i) {
        const BacklogSample& s = samples[i];
        if (s.moves == 0) {
            cadence.looks_since += s.looks;
            continue;
        }
        if (moved) {
            const BacklogSample& before = samples[*moved];
            const std::int64_t pause = (s.at.value() - before.at.value()) / s.moves;
            const std::int64_t unseen = s.at.value() - samples[i - 1].at.value();
            const bool watched = s.moves > 1 || unseen <= std::max(unseen_gap_us, pause / 4);
            if (before.lag() > 0 && watched)
                pauses.push_back(pause);
        }
        moved = i;
        cadence.last_move = s.at;
        cadence.looks_since = 1;
    }
    if (!moved && !samples.empty())
        ++cadence.looks_since; // the first one
    if (pauses.size() > pauses_max)
        pauses.erase(pauses.begin(), pauses.end() - static_cast<std::ptrdiff_t>(pauses_max));
    if (!pauses.empty())
        cadence.usual_pause_us = median_of(std::move(pauses));
    return cadence;
}

std::optional<SetBack> set_back(const BacklogSamples& samples) {
    std::optional<SetBack> found;
    std::int64_t highest = -1;
    for (std::size_t i = 1; i < samples.size(); ++i) {
        const BacklogSample& before = samples[i - 1];
        const BacklogSample& s = samples[i];
        highest = std::max(highest, before.committed);
        if (s.measured() && before.measured() && s.end < before.end)
            highest = -1; // another log by that name: its offsets are no measure
        else if (s.committed >= 0 && s.committed < before.committed)
            found = SetBack{before.committed, s.committed, s.at};
        if (highest < 0 || s.committed >= highest)
            found.reset();
        else if (found)
            found->from = highest;
    }
    return found;
}

std::optional<WrittenAt> written_at(const BacklogSamples& samples, std::int64_t offset) {
    for (std::size_t i = samples.size(); i-- > 0;) {
        const BacklogSample& s = samples[i];
        if (s.end < 0)
            continue;
        if (s.end > offset) {
            if (i == 0)
                return WrittenAt{s.at, true};
            continue;
        }
        if (i + 1 >= samples.size())
            return std::nullopt; // it is not written yet
        const BacklogSample& later = samples[i + 1];
        if (later.end <= s.end)
            return std::nullopt;
        const double share =
            static_cast<double>(offset - s.end) / static_cast<double>(later.end - s.end);
        const double us = share * static_cast<double>(later.at.value() - s.at.value());
        return WrittenAt{s.at + Micros(static_cast<std::int64_t>(us)), false};
    }
    return std::nullopt;
}

} // namespace weir
