// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What samples of a partition's backlog tell about how it moves. The slope is Theil's and Sen's:
// the median of the slopes between any two points, which neither a dip nor a commit in bursts moves
// much. Thread contract: pure functions. Bound: points_max points a slope, taken evenly.
#pragma once

#include <optional>
#include <span>

#include "models/backlog/backlog_sample.h"

namespace weir {

struct TrendPoint {
    double at_s = 0;
    double value = 0;
};

/// By which one sample is worth more than none. Nothing: fewer than two different times.
std::optional<double> robust_slope(std::span<const TrendPoint> points);

struct Trend {
    std::size_t first = 0;   // sample that the rates begin at
    std::uint32_t looks = 0; // behind the numbers below
    std::int64_t span_us = 0;
    std::optional<double> rate_in, rate_out; // messages a second
    /// Change of the lag, messages a second. Not known while most looks found no commit and few
    /// did.
    std::optional<double> velocity;
};

/// Of the samples within `window_us` before the newest, and after the last time it was set back.
Trend trend_of(const BacklogSamples& samples, std::int64_t window_us);

/// How the committed offset moves: what counts as silence depends on how a group usually commits.
struct Cadence {
    std::optional<Micros> last_move;            // when it was last seen to have moved
    std::optional<std::int64_t> usual_pause_us; // median of the last pauses while there was work
    std::uint32_t looks_since = 0;              // looks that found it where it is
};
Cadence cadence_of(const BacklogSamples& samples);

/// Where it was set back from, if it has not got there again.
struct SetBack {
    std::int64_t from = 0, to = 0;
    Micros at;
};
std::optional<SetBack> set_back(const BacklogSamples& samples);

/// When the record at `offset` was written, by the time at which the log's end had it; the oldest
/// sample's time with `at_least` set if it was there before.
struct WrittenAt {
    Micros time;
    bool at_least = false;
};
std::optional<WrittenAt> written_at(const BacklogSamples& samples, std::int64_t offset);

} // namespace weir
