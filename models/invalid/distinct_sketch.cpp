// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/invalid/distinct_sketch.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace weir {

/// Into the registers: of the hash's first bits the register, of the others the zeros they begin
/// with.
void DistinctSketch::put(std::uint64_t hash) {
    const std::size_t index = hash >> (64U - index_bits);
    const std::uint64_t rest = hash << index_bits;
    const int zeros = std::min(std::countl_zero(rest), static_cast<int>(64U - index_bits));
    m_registers[index] = std::max(m_registers[index], static_cast<std::uint8_t>(zeros + 1));
}

void DistinctSketch::leave_exactness() {
    m_registers.assign(register_count, 0);
    for (const std::uint64_t hash : m_hashes)
        put(hash);
    m_hashes = {};
}

void DistinctSketch::add(std::uint64_t hash) {
    if (!exact()) {
        put(hash);
        return;
    }
    const auto at = std::lower_bound(m_hashes.begin(), m_hashes.end(), hash);
    if (at != m_hashes.end() && *at == hash)
        return;
    m_hashes.insert(at, hash);
    if (m_hashes.size() > exact_max)
        leave_exactness();
}

void DistinctSketch::add(const DistinctSketch& other) {
    if (other.exact()) {
        for (const std::uint64_t hash : other.m_hashes)
            add(hash);
        return;
    }
    if (exact())
        leave_exactness();
    for (std::size_t i = 0; i < register_count; ++i)
        m_registers[i] = std::max(m_registers[i], other.m_registers[i]);
}

std::uint64_t DistinctSketch::estimate() const {
    if (exact())
        return m_hashes.size();
    constexpr double m = register_count;
    constexpr double alpha = 0.7213 / (1 + 1.079 / m);
    double sum = 0;
    for (const std::uint8_t value : m_registers)
        sum += std::ldexp(1.0, -value);
    const double raw = alpha * m * m / sum;
    const auto empty = std::count(m_registers.begin(), m_registers.end(), std::uint8_t{0});
    const bool few = raw <= 2.5 * m && empty > 0;
    return static_cast<std::uint64_t>(
        std::llround(few ? m * std::log(m / static_cast<double>(empty)) : raw));
}

} // namespace weir
