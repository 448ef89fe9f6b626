// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Random numbers that are the same on every machine for ever: xoshiro256** (Blackman and Vigna,
// "Scrambled linear pseudorandom number generators", 2018), seeded through SplitMix64. The
// standard library's distributions differ between implementations and are not used.
// Thread contract: one owner.
#pragma once

#include <cstdint>

namespace weir::synth {

/// SplitMix64's finaliser: turns counted numbers into ones that look drawn.
constexpr std::uint64_t mix(std::uint64_t x) {
    x += 0x9E3779B97F4A7C15ULL;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31);
}

class Random {
  public:
    explicit Random(std::uint64_t seed) {
        for (std::uint64_t i = 0; i < 4; ++i)
            m_state[i] = mix(seed + i * 0x9E3779B97F4A7C15ULL);
    }

    std::uint64_t next() {
        const std::uint64_t result = rotated(m_state[1] * 5, 7) * 9;
        const std::uint64_t shifted = m_state[1] << 17;
        m_state[2] ^= m_state[0];
        m_state[3] ^= m_state[1];
        m_state[1] ^= m_state[2];
        m_state[0] ^= m_state[3];
        m_state[2] ^= shifted;
        m_state[3] = rotated(m_state[3], 45);
        return result;
    }

    /// A number below `limit`, by multiplication; its bias (limit / 2^32) does not matter here.
    /// REQUIRES: limit > 0.
    std::uint32_t below(std::uint32_t limit) {
        return static_cast<std::uint32_t>(((next() >> 32) * limit) >> 32);
    }

    /// True in `per_million` of a million draws.
    bool chance(std::uint32_t per_million) { return below(1'000'000) < per_million; }

    /// A number within [0, 1) with 53 bits.
    double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

  private:
    static constexpr std::uint64_t rotated(std::uint64_t x, int by) {
        return (x << by) | (x >> (64 - by));
    }
    std::uint64_t m_state[4];
};

} // namespace weir::synth
