// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/latency/latency_findings.h"

#include <algorithm>

#include "connectors/base/time_units.h"
#include "models/backlog/assessment.h"
#include "models/event/grouped.h"
#include "models/latency/latency_difference.h"

namespace weir {
namespace {

constexpr double slo_p = 0.95;
constexpr std::uint64_t events_of_a_quantile = 20; // fewer have no 95th percentile to speak of

/// Begin of the newest run of minutes of which each was over the target.
std::optional<Micros> broken_since(const LatencySeen& seen, const LatencyPath& path,
                                   const RecordRange& range) {
    std::optional<Micros> since;
    for (const LatencySlice& slice : latency_slices(seen, path, range, minute_us)) {
        if (slice.durations.quantile(slo_p) <= path.slo_p95_us)
            since.reset();
        else if (!since)
            since = Micros(slice.begin_us);
    }
    return since;
}

std::int64_t over_target(const QuantileSketch& durations, std::int64_t target_us) {
    std::int64_t over = 0;
    for (const QuantileSketch::Bin& bin : durations.bins())
        if (!bin.negative && bin.lower_us >= target_us)
            over += static_cast<std::int64_t>(bin.count);
    return over;
}

void explain_by_values(const LatencySeen& seen, const LatencyPath& path, const RecordRange& range,
                       const Vocabulary& vocabulary, const DisclosurePolicy& disclosure,
                       Finding& finding) {
    constexpr std::size_t dimensions_told = 2;
    const LatencySelection slow{range, path.slo_p95_us, INT64_MAX};
    for (const DimensionDifference& one :
         latency_differences(seen, path, slow, range, vocabulary, disclosure)) {
        if (one.alike() || finding.evidence.size() > dimensions_told)
            break;
        const ValueShare& value = one.values.front();
        finding.evidence.push_back(percent_text(one.share_inside(value)) +
                                   " of the slow ones are of " + one.dimension + " " + value.value +
                                   ", of the others " + percent_text(one.share_outside(value)));
    }
}

} // namespace

std::vector<Finding> latency_findings(const LatencySeen& seen, const Vocabulary& vocabulary,
                                      const DisclosurePolicy& disclosure, const RecordRange& range,
                                      bool partial) {
    std::vector<Finding> findings;
    for (const LatencyPath& path : latency_paths(seen, vocabulary, ClockPolicy::Raw)) {
        if (path.slo_p95_us == 0)
            continue;
        const QuantileSketch durations = latency_of(seen, path, range);
        if (durations.count() == 0 || durations.quantile(slo_p) <= path.slo_p95_us)
            continue;
        Finding finding;
        finding.code = "slo_broken";
        finding.scope.connection = seen.options().connection;
        finding.scope.stage = path.stage;
        finding.scope.place = path.to;
        finding.fate = Fate::Late;
        finding.since = broken_since(seen, path, range);
        finding.events.count = over_target(durations, path.slo_p95_us);
        finding.confidence = partial                                    ? Confidence::Possible
                             : durations.count() < events_of_a_quantile ? Confidence::Likely
                                                                        : Confidence::Certain;
        finding.sentence = path.stage + " takes " + span_text(durations.quantile(slo_p)) +
                           " at p95 from " + path.from + " to " + path.to +
                           ", over its target of " + span_text(path.slo_p95_us);
        finding.evidence.push_back(
            std::to_string(durations.count()) + " events were measured; p50 " +
            span_text(durations.quantile(0.5)) + ", at most " + span_text(durations.max_us()));
        explain_by_values(seen, path, range, vocabulary, disclosure, finding);
        finding.next_step = "Look at the stage's backlog: waiting in front of it looks the same as "
                            "slow work.";
        finding.command = {"latency", "--by", "partition"};
        findings.push_back(std::move(finding));
    }
    return findings;
}

} // namespace weir
