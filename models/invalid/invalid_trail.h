// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Invalid events over time: cells by the minute, of what is older by the hour, and all that is
// older still in one; and beside them how many events were seen of each combination of dimensions,
// which is what shares are of.
//
// Thread contract: InvalidTrail has one owner; the buckets it has published are immutable, from any
// thread. What is published is copied before it is changed, a cell at a time.
// Bound: minutes for three hours, hours for two days; cells_max cells of up to 3 kB in all, for
// which minutes become hours, and hours one, earlier; beyond bucket_cells_max in one bucket what is
// new is counted under "(other)" of its reason, beyond twice that of its kind alone. As many
// combinations of dimensions, of 50 bytes.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

#include "models/invalid/invalid_cell.h"

namespace weir {

using DimensionValues = std::array<ValueId, max_dimensions>;
struct DimensionValuesHash {
    std::size_t operator()(const DimensionValues& values) const noexcept;
};

struct InvalidBucket {
    std::int64_t begin_us = INT64_MIN; // INT64_MIN: all that is older
    std::int64_t end_us = INT64_MIN;
    std::unordered_map<InvalidKey, std::shared_ptr<const InvalidCell>, InvalidKeyHash> cells;
    std::unordered_map<DimensionValues, std::uint64_t, DimensionValuesHash> seen;
};
using InvalidBuckets = std::vector<std::shared_ptr<const InvalidBucket>>;

class InvalidTrail {
  public:
    struct Limits {
        std::size_t cells_max = 8'192;
        std::size_t bucket_cells_max = 2'048;
        std::size_t seen_max = 16'384; // combinations of one bucket
    };
    explicit InvalidTrail(Limits limits);
    ~InvalidTrail();

    /// Some events of one combination that were seen.
    void count_seen(std::int64_t time_us, const DimensionValues& values, std::uint64_t events = 1);
    /// The cell of one more invalid event, to be changed before anything else is asked for.
    InvalidCell& cell(std::int64_t time_us, const InvalidKey& key);

    InvalidBuckets publish();

    /// Events whose key, or whose combination, was given up for "(other)".
    std::uint64_t overflowed() const { return m_overflowed; }

  private:
    struct Cell {
        std::shared_ptr<InvalidCell> cell;
        std::uint64_t version = 0; // of the trail when it was made
    };
    struct Bucket;
    using Level = std::map<std::int64_t, std::unique_ptr<Bucket>>;

    Bucket& bucket(std::int64_t time_us);
    Bucket& older();
    Bucket& bucket_of(Level& level, std::int64_t time_us, std::int64_t width_us);
    void coarsen();
    void merge_first(Level& from);
    void merge(Bucket& from, Bucket& into);
    InvalidCell& writable(Bucket& bucket, const InvalidKey& key, std::uint64_t events);

    const Limits m_limits;
    Level m_minutes, m_hours, m_older; // by their begin; m_older has one at most
    std::size_t m_cells = 0;           // in all of them
    std::uint64_t m_version = 1;       // counts up with each publish()
    std::uint64_t m_overflowed = 0;
    Bucket* m_last = nullptr; // that was asked for
    std::int64_t m_last_begin_us = 0;
};

} // namespace weir
