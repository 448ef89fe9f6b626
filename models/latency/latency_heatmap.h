// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The durations of one way as a picture: columns are stretches of time, rows are durations on a
// logarithmic scale, and each cell is how many events it holds. What is negative has a row of its
// own and is never mixed into the others.
// Thread contract: pure functions and plain values. Bound: columns_max by rows_max cells.
#pragma once

#include <cstdint>
#include <vector>

#include "models/latency/latency_paths.h"

namespace weir {

struct LatencyHeatmap {
    static constexpr int rows_a_decade = 8;
    static constexpr std::size_t columns_max = 400;
    static constexpr std::size_t rows_max = 14 * rows_a_decade;

    std::int64_t from_us = 0;
    std::int64_t column_us = 1;
    std::size_t columns = 0;
    double least_us = 1; // lower edge of the lowest row, which holds what is shorter, too
    std::size_t rows = 0;
    std::vector<std::uint64_t> counts;   // by column, then row
    std::vector<std::uint64_t> negative; // by column
    std::uint64_t most = 0;              // in one cell
    std::uint64_t total = 0;

    std::uint64_t at(std::size_t column, std::size_t row) const {
        return counts[column * rows + row];
    }
    std::int64_t to_us() const { return from_us + static_cast<std::int64_t>(columns) * column_us; }
    /// Lower edge of a row; that of row `rows` is the upper edge of all.
    double edge_us(std::size_t row) const;
    /// The row of a duration of 0 or more.
    std::size_t row_of(double duration_us) const;
};

/// Columns of `column_us` over the range, whose ends are rounded outwards to whole columns. Slices
/// that are wider than a column fill all that they cover, each with its share.
/// REQUIRES: a bounded range.
LatencyHeatmap latency_heatmap(const std::vector<LatencySlice>& slices, const LatencyRange& range,
                               std::int64_t column_us);

} // namespace weir
