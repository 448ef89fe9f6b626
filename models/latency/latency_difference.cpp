// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/latency/latency_difference.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace weir {
namespace {

struct Counts {
    std::uint64_t inside = 0;
    std::uint64_t all = 0;
};

/// How many of the durations lie within [least, most), by the middle of their bins.
std::uint64_t within(const QuantileSketch& durations, const LatencySelection& selection) {
    std::uint64_t count = 0;
    for (const QuantileSketch::Bin& bin : durations.bins()) {
        const double middle =
            (static_cast<double>(bin.lower_us) + static_cast<double>(bin.upper_us)) / 2;
        const double signed_us = bin.negative ? -middle : middle;
        if (signed_us >= static_cast<double>(selection.least_us) &&
            signed_us < static_cast<double>(selection.most_us))
            count += bin.count;
    }
    return count;
}

double share(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

} // namespace

double DimensionDifference::share_inside(const ValueShare& value) const {
    return share(value.inside, inside);
}

double DimensionDifference::share_outside(const ValueShare& value) const {
    return share(value.outside, outside);
}

/// Two samples of one distribution are about sqrt(values / events) apart by chance alone.
bool DimensionDifference::alike() const {
    const auto fewest = static_cast<double>(std::max<std::uint64_t>(1, std::min(inside, outside)));
    const double by_chance = std::sqrt(static_cast<double>(values.size()) / fewest);
    return distance < std::max(0.05, std::min(by_chance, 0.5));
}

std::vector<DimensionDifference>
latency_differences(const LatencySeen& seen, const LatencyPath& path,
                    const LatencySelection& selection, const LatencyRange& all,
                    const Vocabulary& vocabulary, const DisclosurePolicy& disclosure) {
    std::vector<DimensionDifference> differences;
    for (std::size_t i = 0; i <= partition_dimension(vocabulary); ++i) {
        std::map<ValueId, Counts> counts;
        for (const ValueLatency& one : latency_by_value(seen, path, i, all))
            counts[one.value].all = one.durations.count();
        for (const ValueLatency& one : latency_by_value(seen, path, i, selection.time))
            counts[one.value].inside = within(one.durations, selection);
        DimensionDifference difference;
        difference.dimension = dimension_name(vocabulary, i);
        for (const auto& [value, count] : counts) {
            difference.inside += count.inside;
            difference.outside += count.all - std::min(count.all, count.inside);
            difference.values.push_back({dimension_value_text(vocabulary, i, value, disclosure),
                                         value, count.inside,
                                         count.all - std::min(count.all, count.inside)});
        }
        if (difference.inside == 0)
            continue;
        const auto apart = [&](const ValueShare& value) {
            return difference.share_inside(value) - difference.share_outside(value);
        };
        for (const ValueShare& value : difference.values)
            difference.distance += std::abs(apart(value)) / 2;
        std::stable_sort(difference.values.begin(), difference.values.end(),
                         [&](const auto& a, const auto& b) { return apart(a) > apart(b); });
        if (difference.values.size() > DimensionDifference::values_max)
            difference.values.resize(DimensionDifference::values_max);
        differences.push_back(std::move(difference));
    }
    std::stable_sort(differences.begin(), differences.end(),
                     [](const auto& a, const auto& b) { return a.distance > b.distance; });
    return differences;
}

} // namespace weir
