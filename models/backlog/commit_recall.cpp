// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/backlog/commit_recall.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "connectors/base/time_units.h"

namespace weir {

namespace {

using Clock = std::chrono::steady_clock;
using Places = std::vector<kafka::TopicPartition>;

constexpr double newest_age_us = us_per_s;

std::chrono::milliseconds time_left(Clock::time_point deadline) {
    return std::max(std::chrono::milliseconds(1),
                    std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()));
}

bool may_be_recalled(const PartitionFacts& p) {
    return !p.gone && p.committed >= 0 && p.end >= 0;
}

/// The ends of all places' logs at each of the times, oldest first; the newest are asked first, in
/// case that time runs out.
std::map<kafka::TopicPartition, std::vector<EndThen>>
ends_at(kafka::Admin& admin, const std::map<kafka::TopicPartition, std::int64_t>& ends_now,
        const std::vector<Micros>& times, Clock::time_point deadline, const std::stop_token& stop) {
    Places places;
    for (const auto& [at, end] : ends_now)
        places.push_back(at);
    std::map<kafka::TopicPartition, std::vector<EndThen>> ends;
    for (auto time = times.rbegin();
         time != times.rend() && Clock::now() < deadline && !stop.stop_requested(); ++time) {
        const auto found = admin.offsets_at(places, *time, time_left(deadline));
        for (const kafka::OffsetAtTime& one : found) {
            const std::int64_t now = ends_now.at(one.at);
            const std::int64_t end = one.offset.value() < 0 ? now : one.offset.value();
            if (!one.error)
                ends[one.at].push_back({*time, std::min(end, now)});
        }
    }
    for (auto& [at, all] : ends)
        std::reverse(all.begin(), all.end());
    return ends;
}

} // namespace

std::vector<Micros> recalled_times(PastSpan span) {
    const auto oldest_us = static_cast<double>((span.until - span.from).value());
    const double newest_us = std::min(newest_age_us, oldest_us / 2);
    std::vector<Micros> times;
    for (std::size_t i = 0; i < recalled_looks_max; ++i) {
        const double share =
            1 - static_cast<double>(i) / static_cast<double>(recalled_looks_max - 1);
        const double age_us = newest_us * std::pow(oldest_us / newest_us, share);
        times.push_back(span.until - Micros(static_cast<std::int64_t>(age_us)));
    }
    return times;
}

BacklogSamples recalled_looks(std::span<const kafka::SeenCommit> commits, std::int64_t committed,
                              Micros since, std::span<const EndThen> ends) {
    BacklogSamples looks;
    std::size_t next = 0;
    std::int64_t standing = commits.empty() ? committed : -1;
    std::uint32_t moves = 0;
    for (const EndThen& then : ends) {
        for (; next < commits.size() && commits[next].at <= then.at; ++next) {
            moves += standing >= 0 && commits[next].offset != standing ? 1 : 0;
            standing = commits[next].offset;
        }
        if (then.at < since || then.end < 0 || standing < 0)
            continue;
        BacklogSample look;
        look.at = then.at;
        look.committed = standing;
        look.end = std::max(then.end, standing);
        look.looks = 1;
        look.moves = looks.empty() ? 0 : moves;
        moves = 0;
        looks.push_back(look);
    }
    return looks;
}

Result<std::vector<RecalledPlace>> recall(const std::shared_ptr<kafka::Cluster>& cluster,
                                          const std::vector<GroupReading>& now, PastSpan span,
                                          std::chrono::milliseconds timeout,
                                          const std::stop_token& stop) {
    const auto deadline = Clock::now() + timeout;
    std::vector<std::string> groups;
    std::map<kafka::TopicPartition, std::int64_t> ends_now;
    for (const GroupReading& reading : now) {
        groups.push_back(reading.group.id);
        for (const PartitionFacts& p : reading.partitions)
            if (may_be_recalled(p))
                ends_now[p.at] = std::max(ends_now[p.at], p.end);
    }
    std::vector<RecalledPlace> recalled;
    if (ends_now.empty())
        return recalled;
    const auto log = kafka::read_commits(cluster, groups, span.from, timeout, stop);
    if (!log)
        return log.error();
    kafka::Admin admin(cluster);
    const auto ends = ends_at(admin, ends_now, recalled_times(span), deadline, stop);
    static const std::vector<kafka::SeenCommit> none;
    for (const GroupReading& reading : now) {
        const kafka::GroupCommits& known = log->groups.at(reading.group.id);
        for (const PartitionFacts& p : reading.partitions) {
            const auto then = ends.find(p.at);
            if (!may_be_recalled(p) || then == ends.end())
                continue;
            const auto commits = known.places.find(p.at);
            BacklogSamples looks =
                recalled_looks(commits == known.places.end() ? none : commits->second, p.committed,
                               known.since, then->second);
            if (!looks.empty())
                recalled.push_back({reading.group.id, p.at, std::move(looks)});
        }
    }
    return recalled;
}

} // namespace weir
