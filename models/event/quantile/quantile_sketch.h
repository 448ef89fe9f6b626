// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A DDSketch (Masson, Rim, Lee: "DDSketch: a fast and fully-mergeable quantile sketch", VLDB 2019):
// durations in logarithmic bins, so that every quantile is within 1 % of the exact one. Negative
// durations (clocks that disagree) have a mirrored store and are never mixed into the others.
// Sketches add up: over minutes, partitions, machines.
//
// Thread contract: a plain value. Bound: 1,430 bins a side (1 µs to 30 days; what lies beyond is
// counted in the outermost bin, and min and max stay exact); memory follows the span that is used.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/base/result.h"

namespace weir {

class QuantileSketch {
  public:
    static constexpr double relative_error = 0.01;
    static constexpr std::int64_t largest_us = 30LL * 86'400 * 1'000'000; // within the error

    /// A duration and its bin, worked out once for the many sketches that it goes into.
    class Sample {
      public:
        Sample() = default;
        explicit Sample(std::int64_t duration_us);
        std::int64_t duration_us() const { return m_duration_us; }
        bool operator==(const Sample&) const = default;

      private:
        friend class QuantileSketch;
        std::int64_t m_duration_us = 0;
        int m_bin = 0; // of its magnitude
    };

    void add(std::int64_t duration_us, std::uint64_t times = 1) { add(Sample(duration_us), times); }
    void add(const Sample& sample, std::uint64_t times);
    /// The same once, and quick where its bin is there already.
    void add(const Sample& sample);
    void merge(const QuantileSketch& other);
    /// What has been added since it was like `before`. Its least and greatest are those of all, so
    /// that merged with `before` it is this one again. REQUIRES: it was like `before` once.
    QuantileSketch since(const QuantileSketch& before) const;
    void clear() { *this = {}; }

    std::uint64_t count() const { return m_positive.total + m_zeros + m_negative.total; }
    std::uint64_t negative_count() const { return m_negative.total; }
    /// Exact. REQUIRES: count() > 0.
    std::int64_t min_us() const { return m_min; }
    std::int64_t max_us() const { return m_max; }

    /// The value at `q` (0 to 1) of all, negative ones first; that of the sorted values at
    /// floor(q * (count - 1)), within 1 %. REQUIRES: count() > 0.
    std::int64_t quantile(double q) const;

    /// A bin and how many are in it; `lower < |x| <= upper`, negative ones mirrored.
    struct Bin {
        std::int64_t lower_us, upper_us;
        bool negative;
        std::uint64_t count;
    };
    /// Those that are not empty, by value.
    std::vector<Bin> bins() const;

    /// Bytes that a store keeps, and their return. Errors: Corrupt.
    std::string encode() const;
    static Result<QuantileSketch> decode(std::string_view bytes);

    std::size_t memory_bytes() const;

    bool operator==(const QuantileSketch& other) const { return encode() == other.encode(); }

  private:
    /// Counts of neighbouring bins. A count past 32 bits has its upper part in `carries`.
    struct Store {
        int first = 0; // index of counts[0]
        std::vector<std::uint32_t> counts;
        std::vector<std::pair<int, std::uint32_t>> carries;
        std::uint64_t total = 0;

        void add(int index, std::uint64_t times);
        void merge(const Store& other);
        Store since(const Store& before) const;
        std::uint64_t at(std::size_t i) const;
        /// The bin that holds the `rank`-th value, counted from the smallest (or largest) bin.
        int index_at(std::uint64_t rank, bool from_largest) const;
        void encode(std::string& out) const;
        bool decode(std::string_view& in);
    };

    Store m_positive, m_negative;
    std::uint64_t m_zeros = 0; // below a microsecond
    std::int64_t m_min = INT64_MAX;
    std::int64_t m_max = INT64_MIN;
};

inline void QuantileSketch::add(const Sample& sample) {
    Store& side = sample.m_duration_us > 0 ? m_positive : m_negative;
    const auto at = static_cast<std::size_t>(std::int64_t{sample.m_bin} - side.first);
    if (sample.m_duration_us == 0 || at >= side.counts.size() || side.counts[at] == UINT32_MAX) {
        add(sample, 1);
        return;
    }
    m_min = sample.m_duration_us < m_min ? sample.m_duration_us : m_min;
    m_max = sample.m_duration_us > m_max ? sample.m_duration_us : m_max;
    ++side.counts[at];
    ++side.total;
}

} // namespace weir
