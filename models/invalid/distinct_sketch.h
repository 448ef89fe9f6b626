// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How many different values there were, from their hashes, in bounded memory: exact up to
// exact_max, a HyperLogLog beyond (P. Flajolet et al., 2007; with linear counting where that is
// better, as there). Two add up to what one would be that had seen all.
//
// Thread contract: a plain value. Bound: 1 KB. Error beyond exact_max: 3.25 % (one standard
// deviation).
#pragma once

#include <cstdint>
#include <vector>

namespace weir {

class DistinctSketch {
  public:
    static constexpr std::size_t exact_max = 128;
    static constexpr double standard_error = 0.0325; // 1.04 / sqrt(1024)

    /// REQUIRES: a hash that is even over all 64 bits.
    void add(std::uint64_t hash);
    void add(const DistinctSketch& other);

    std::uint64_t estimate() const;
    bool exact() const { return m_registers.empty(); }
    bool operator==(const DistinctSketch&) const = default;

  private:
    static constexpr unsigned index_bits = 10;
    static constexpr std::size_t register_count = std::size_t{1} << index_bits;

    void put(std::uint64_t hash);
    void leave_exactness();

    std::vector<std::uint64_t> m_hashes;   // sorted; while there are few
    std::vector<std::uint8_t> m_registers; // then register_count of these, and no hashes
};

} // namespace weir
