// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the shop's events are a mix of, where a scenario has its own: platforms, app versions, and
// which steps of a visit leave an event.
// Thread contract: plain values.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace weir::synth {

inline constexpr std::size_t client_platform_count = 3; // web, ios, android, as Platform has them
inline constexpr std::size_t step_count = 10;           // as Step has them

struct Mix {
    struct Version {
        std::string name;
        std::uint32_t weight = 1;
    };
    /// Weights; all 0: the shop's own.
    std::array<std::uint32_t, client_platform_count> platforms{};
    /// By platform; empty: the shop's own.
    std::array<std::vector<Version>, client_platform_count> versions;
    /// Of a million steps so many are told of; what is left out did not happen.
    std::array<std::uint32_t, step_count> keep_per_million;

    Mix() { keep_per_million.fill(1'000'000); }
};

/// The index of a weight that `point` falls on. REQUIRES: point is below their sum.
template <class Weights, class WeightOf>
std::size_t index_at(const Weights& weights, std::uint64_t point, WeightOf weight_of) {
    std::size_t at = 0;
    for (; at + 1 < weights.size() && point >= weight_of(weights[at]); ++at)
        point -= weight_of(weights[at]);
    return at;
}

} // namespace weir::synth
