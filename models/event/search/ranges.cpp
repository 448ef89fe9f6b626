// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/search/ranges.h"

#include <algorithm>
#include <map>
#include <set>

#include "models/event/disclosure/disclosed_input.h"
#include "models/event/filter/partitioner.h"
#include "models/event/search/search.h"

namespace weir {

namespace {

using kafka::EndAt;
using kafka::PartitionProgress;
using kafka::ReadRequest;
using kafka::StartAt;

bool contains(const std::vector<PartitionId>& list, PartitionId id) {
    return std::find(list.begin(), list.end(), id) != list.end();
}

/// What is asked for, narrowed by the filter's topic, partition, offset and time terms. False:
/// nothing is left.
bool narrow(const SearchRequest& request, const FilterScope& scope, ReadRequest& read) {
    read.topics = request.topics;
    read.topic_patterns = request.topic_patterns;
    read.only_partitions = request.only_partitions;
    read.start = request.start;
    read.end = request.end;
    // A search ends: a time that is still to come cannot be its end. Records are judged by their
    // own times as well, whatever the range.
    const bool whole = request.exhaustive || request.end.time >= Micros::now();
    if ((read.end.kind == EndAt::Kind::Time && whole) || read.end.kind == EndAt::Kind::Never)
        read.end.kind = EndAt::Kind::Snapshot;
    if (read.end.kind == EndAt::Kind::Offset) // clamped to the end as it is: see find_ranges()
        read.end.kind = EndAt::Kind::Snapshot;
    read.isolation = request.isolation;
    read.streams = request.streams;
    read.discover = false;
    read.stop = request.stop;
    if (scope.nothing)
        return false;
    if (scope.topics && read.topic_patterns.empty()) {
        const auto named = [&](const std::string& topic) {
            return std::find(scope.topics->begin(), scope.topics->end(), topic) !=
                   scope.topics->end();
        };
        if (read.topics.empty())
            read.topics = *scope.topics;
        else
            read.topics.erase(
                std::remove_if(read.topics.begin(), read.topics.end(), std::not_fn(named)),
                read.topics.end());
        if (read.topics.empty())
            return false;
    }
    if (scope.partitions) {
        std::vector<PartitionId> both;
        for (const PartitionId id : *scope.partitions)
            if (read.only_partitions.empty() || contains(read.only_partitions, id))
                both.push_back(id);
        if (both.empty())
            return false;
        read.only_partitions = both;
    }
    if (read.start.kind == StartAt::Kind::Beginning && scope.offset_from) {
        read.start.kind = StartAt::Kind::Offset;
        read.start.number = scope.offset_from->value();
    } else if (read.start.kind == StartAt::Kind::Beginning && scope.time_from) {
        // Sound: every record before the first one at or after that time is older. The other end
        // is not cut, since a late record may still stand behind a younger one.
        read.start.kind = StartAt::Kind::Time;
        read.start.time = *scope.time_from;
    }
    return true;
}

struct KeySamples {
    std::vector<PartitionProgress> partitions;                                    // of all topics
    std::map<std::string, std::vector<std::pair<std::string, PartitionId>>> keys; // by topic
};

/// The newest few keys of every partition.
Result<KeySamples> sample_keys(const SearchRequest& request, const SearchParts& parts,
                               const ReadRequest& read) {
    ReadRequest sample = read;
    sample.only_partitions.clear();
    sample.start = {StartAt::Kind::LastN, key_samples, {}, {}};
    sample.end = {EndAt::Kind::Snapshot, 0, {}};
    sample.streams = 1;
    auto reader = parts.open_reader(sample);
    if (!reader)
        return reader.error();
    KeySamples out;
    const auto deadline = std::chrono::steady_clock::now() + request.open_timeout;
    while (!request.stop.stop_requested() && std::chrono::steady_clock::now() < deadline) {
        const RecordBatch batch = (*reader)->poll(0, std::chrono::milliseconds(100));
        for (const Record& record : batch.records)
            if (!record.key_null)
                out.keys[std::string(record.topic)].emplace_back(record.key, record.partition);
        if (batch.empty() && (*reader)->finished())
            break;
    }
    out.partitions = (*reader)->progress();
    return out;
}

struct Pruning {
    std::string partitioner;             // empty: nothing can be left out
    std::vector<PartitionId> partitions; // those where the keys live
};

/// Where the keys live if all topics' samples agree on who put them there.
Pruning prune(const KeySamples& samples, const std::vector<std::string>& keys) {
    std::map<std::string, std::int32_t> counts;
    for (const PartitionProgress& p : samples.partitions)
        counts[p.topic] = std::max(counts[p.topic], p.partition.value() + 1);
    Pruning out;
    std::set<PartitionId> wanted;
    for (const auto& [topic, count] : counts) {
        const auto found = samples.keys.find(topic);
        if (count < 2 || found == samples.keys.end())
            return {};
        PartitionerDetector detector;
        for (const auto& [key, partition] : found->second)
            detector.add(key, partition, count);
        const auto partitioner = detector.detected();
        if (!partitioner)
            return {};
        const std::string name = to_word(*partitioner);
        if (!out.partitioner.empty() && out.partitioner != name)
            return {};
        out.partitioner = name;
        for (const std::string& key : keys) {
            const auto partition = partition_for(*partitioner, key, count);
            if (!partition)
                return {};
            wanted.insert(*partition);
        }
    }
    out.partitions.assign(wanted.begin(), wanted.end());
    return out;
}

void add_left_out(const KeySamples& samples, const ReadRequest& asked, SearchRanges& out) {
    for (const PartitionProgress& p : samples.partitions) {
        const bool wanted = asked.only_partitions.empty() ||
                            std::find(asked.only_partitions.begin(), asked.only_partitions.end(),
                                      p.partition) != asked.only_partitions.end();
        const bool read =
            std::any_of(out.partitions.begin(), out.partitions.end(), [&](const SearchRange& r) {
                return r.topic == p.topic && r.partition == p.partition;
            });
        if (wanted && !read)
            out.partitions.push_back({p.topic, p.partition, p.begin, p.begin, p.end, {}, true});
    }
}

} // namespace

Result<SearchRanges> find_ranges(const SearchRequest& request, const SearchParts& parts) {
    SearchRanges out;
    const FilterScope& scope = request.filter->scope();
    ReadRequest asked;
    if (!narrow(request, scope, asked)) {
        out.contradictory = true;
        return out;
    }
    ReadRequest read = asked;
    KeySamples samples;
    // A key that is shown as another one lies where that one does not hash to.
    if (scope.keys && !request.exhaustive && keys_are_as_read(scope, *parts.disclosure)) {
        auto sampled = sample_keys(request, parts, asked);
        if (!sampled)
            return sampled.error();
        samples = std::move(*sampled);
        const Pruning pruning = prune(samples, *scope.keys);
        std::vector<PartitionId> likely;
        for (const PartitionId id : pruning.partitions)
            if (asked.only_partitions.empty() || contains(asked.only_partitions, id))
                likely.push_back(id);
        if (!likely.empty()) {
            out.assumed = pruning.partitioner;
            read.only_partitions = likely;
        }
    }
    auto reader = parts.open_reader(read);
    if (!reader)
        return reader.error();
    bool as_opened = request.order != SearchOrder::NewestFirst;
    Offset below(INT64_MAX);
    if (scope.offset_to)
        below = *scope.offset_to;
    if (request.end.kind == EndAt::Kind::Offset)
        below = std::min(below, Offset(request.end.number));
    for (const PartitionProgress& p : (*reader)->progress()) {
        if (p.begin.value() < 0) {
            out.partitions.push_back({p.topic, p.partition, p.begin, p.from, p.end, p.trouble});
            continue;
        }
        Offset to = p.end;
        out.times_assumed =
            out.times_assumed || (read.end.kind == EndAt::Kind::Time && p.end < p.end_seen);
        if (below < to) {
            to = std::max(p.from, below);
            as_opened = false;
        }
        out.partitions.push_back({p.topic, p.partition, p.begin, p.from, to});
    }
    if (!out.assumed.empty())
        add_left_out(samples, asked, out);
    std::sort(out.partitions.begin(), out.partitions.end(),
              [](const SearchRange& a, const SearchRange& b) {
                  return std::tie(a.topic, a.partition) < std::tie(b.topic, b.partition);
              });
    if (request.start.kind == StartAt::Kind::Time)
        out.time_from = request.start.time;
    if (request.end.kind == EndAt::Kind::Time)
        out.time_to = request.end.time;
    if (as_opened)
        out.reader = std::move(*reader);
    return out;
}

} // namespace weir
