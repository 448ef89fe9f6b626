// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is known of the latencies within one stretch of record time, as it was published.
// Thread contract: immutable values under shared_ptr. Bound: LatencyTrail's.
#pragma once

#include <compare>
#include <memory>
#include <utility>
#include <vector>

#include "models/latency/latency_cell.h"

namespace weir {

/// What cells are about: a place by itself (`from` is no_place), or the way of a stage.
struct LatencyScope {
    std::uint16_t stage = 0; // index in LatencyOptions::stages; 0 for a place by itself
    PlaceId from = no_place;
    PlaceId to = no_place;
    auto operator<=>(const LatencyScope&) const = default;
};

/// Cells by the value of one dimension, in no order; other_value holds those beyond the largest.
using LatencyCells = std::vector<std::pair<ValueId, std::shared_ptr<const LatencyCell>>>;

struct LatencyBucket {
    std::int64_t begin_us = 0;
    std::int64_t width_us = 0;
    struct Scope {
        LatencyScope scope;
        std::vector<LatencyCells> tables; // one a dimension; of a trail without any: one cell
    };
    std::vector<Scope> scopes;

    const Scope* find(const LatencyScope& scope) const {
        for (const Scope& one : scopes)
            if (one.scope == scope)
                return &one;
        return nullptr;
    }
    bool overlaps(std::int64_t from_us, std::int64_t to_us) const {
        return begin_us < to_us && begin_us + width_us > from_us;
    }
};

/// By time; finer buckets are the newer ones, but for what came late.
using LatencyBuckets = std::vector<std::shared_ptr<const LatencyBucket>>;

} // namespace weir
