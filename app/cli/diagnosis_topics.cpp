// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/diagnosis_topics.h"

#include <algorithm>
#include <cstdlib>
#include <set>

#include <re2/re2.h>

#include "app/cli/at_once.h"
#include "connectors/base/names_text.h"
#include "connectors/kafka/read/reader.h"

namespace weir::cli {

namespace {

using State = CheckResult::State;

constexpr std::size_t topics_at_once = 8;
constexpr std::int64_t pattern_bytes_max = 1 << 20;
constexpr std::int64_t ahead_allowed_us = 1'000'000;

struct TopicReading {
    std::size_t partitions = 0;
    std::size_t ended = 0; // read to their end: that needs a fetch, and READ
    std::uint64_t records = 0;
    Micros newest{-1};
    TimestampType newest_type = TimestampType::None;
    std::optional<Error> error;
};

/// Follows the topic from its last records until each partition has been read to its end: an empty
/// partition, too, is fetched, which proves that reading is permitted.
TopicReading read_last(const std::shared_ptr<kafka::Cluster>& cluster, const std::string& topic,
                       std::chrono::milliseconds timeout) {
    TopicReading seen;
    kafka::ReadRequest request;
    request.topics = {topic};
    request.start = {kafka::StartAt::Kind::LastN, 1, {}, {}};
    request.streams = 1;
    request.discover = false;
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    auto reader = kafka::Reader::open(cluster, request, timeout);
    if (!reader) {
        seen.error = reader.error();
        return seen;
    }
    seen.partitions = (*reader)->progress().size();
    std::set<std::int32_t> ended;
    while (ended.size() < seen.partitions && !seen.error &&
           std::chrono::steady_clock::now() < deadline) {
        const RecordBatch batch = (*reader)->poll(0, std::chrono::milliseconds(100));
        seen.records += batch.records.size();
        for (const Record& record : batch.records)
            if (record.timestamp > seen.newest) {
                seen.newest = record.timestamp;
                seen.newest_type = record.timestamp_type;
            }
        for (const PartitionEvent& event : batch.events)
            if (event.note == PartitionNote::ReachedEnd)
                ended.insert(event.partition.value());
            else if (event.note == PartitionNote::Failed || event.note == PartitionNote::Gone)
                seen.error = event.error;
    }
    seen.ended = ended.size();
    return seen;
}

std::string setting(const kafka::TopicConfig& config, const char* name) {
    for (const kafka::ConfigEntry& entry : config.entries)
        if (entry.name == name)
            return entry.value.value_or("");
    return {};
}

std::string kept_text(std::int64_t ms) {
    constexpr std::int64_t day_ms = 86'400'000;
    return ms >= 2 * day_ms ? std::to_string(ms / day_ms) + " d" : duration_text(ms * 1000);
}

std::string settings_text(const kafka::TopicConfig& config) {
    if (config.error)
        return config.error->code == ErrorCode::NotPermitted
                   ? "; its settings may not be seen (DESCRIBE_CONFIGS), so nothing is known of "
                     "its "
                     "retention"
                   : "; its settings were not had";
    std::string text;
    if (setting(config, "cleanup.policy").find("compact") != std::string::npos)
        text += "; compacted";
    const std::string kept_ms = setting(config, "retention.ms");
    if (kept_ms == "-1")
        text += "; kept for ever";
    else if (!kept_ms.empty())
        text += "; kept for " + kept_text(std::atoll(kept_ms.c_str()));
    return text;
}

std::string newest_text(const TopicReading& seen, Micros now) {
    if (seen.records == 0)
        return ", empty";
    if (seen.newest_type == TimestampType::None)
        return ", records without a time";
    const std::int64_t age_us = now.value() - seen.newest.value();
    const char* clock =
        seen.newest_type == TimestampType::LogAppendTime ? "broker's" : "producer's";
    return ", the newest record " + duration_text(age_us < 0 ? -age_us : age_us) +
           (age_us < 0 ? " in the future" : " old") + " by its " + clock + " clock";
}

void check_topic(const std::string& topic, const TopicReading& seen,
                 const kafka::TopicConfig& config, const DiagnosisRequest& request,
                 TopicFindings& all, Diagnosis& out) {
    const std::string check = "topic " + topic;
    if (seen.error) {
        add(out, failed_check(check, *seen.error));
        return;
    }
    if (seen.ended < seen.partitions) {
        add(out,
            {check, State::Fails,
             "only " + std::to_string(seen.ended) + " of its " + std::to_string(seen.partitions) +
                 " partitions could be read within " +
                 duration_text(request.timeout.count() * 1000),
             request.brokers_silent
                 ? "What a broker leads that does not answer cannot be read."
                 : "Has every partition a leader, and can every broker be reached under the name "
                   "it advertises? --timeout waits longer."});
        return;
    }
    all.readable.push_back(topic);
    if (seen.newest_type == TimestampType::LogAppendTime)
        all.newest_broker_us = std::max(all.newest_broker_us, seen.newest.value());
    const Micros now = Micros::now();
    const bool future = seen.newest.value() > now.value() + ahead_allowed_us;
    add(out, {check, future || config.error ? State::Warns : State::Works,
              "may be read: " + std::to_string(seen.partitions) +
                  (seen.partitions == 1 ? " partition" : " partitions") + newest_text(seen, now) +
                  settings_text(config),
              future ? "Somebody's clock is wrong; compare them with a time server." : ""});
}

/// The topics that a pattern matches among those to be seen, as the Reader would take them.
Result<std::vector<std::string>> matching(const std::string& pattern,
                                          const kafka::ClusterInfo& info) {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(pattern_bytes_max);
    const RE2 regex(pattern, options);
    if (!regex.ok())
        return Error{.code = ErrorCode::Config,
                     .what = "that is no regular expression: " + regex.error(),
                     .advice = "Write it in RE2's syntax."};
    const bool internal = pattern.rfind("__", 0) == 0;
    std::vector<std::string> names;
    for (const kafka::TopicInfo& topic : info.topics)
        if (!topic.error && (internal || topic.name.rfind("__", 0) != 0) &&
            RE2::FullMatch(topic.name, regex))
            names.push_back(topic.name);
    return names;
}

std::vector<std::string> topics_of(const kafka::ClusterInfo& info, const DiagnosisRequest& request,
                                   Diagnosis& out) {
    std::vector<std::string> names;
    const auto want = [&](const std::string& name) {
        if (std::find(names.begin(), names.end(), name) == names.end())
            names.push_back(name);
    };
    std::for_each(request.topics.begin(), request.topics.end(), want);
    for (const std::string& pattern : request.topic_patterns) {
        const std::string check = "topics like " + pattern;
        const auto found = matching(pattern, info);
        if (!found)
            add(out, failed_check(check, found.error()));
        else if (found->empty())
            add(out, {check, State::Fails, "none of the topics to be seen matches",
                      "The whole name must match. A topic is seen only with DESCRIBE or READ on "
                      "it."});
        else
            add(out, {check, State::Works,
                      std::to_string(found->size()) + " match: " + names_text(*found), ""});
        if (found)
            std::for_each(found->begin(), found->end(), want);
    }
    for (const std::string& name : request.stage_topics) {
        const bool exists = std::any_of(info.topics.begin(), info.topics.end(),
                                        [&](const auto& topic) { return topic.name == name; });
        if (exists || request.alone)
            want(name);
    }
    return names;
}

} // namespace

void add(Diagnosis& out, CheckResult finding) {
    if (finding.state == State::Fails)
        out.code = std::max<int>(out.code, exit_finding);
    out.findings.push_back(std::move(finding));
}

CheckResult failed_check(const std::string& check, const Error& error) {
    const bool denied = error.code == ErrorCode::NotPermitted;
    return {check, State::Fails,
            (denied ? "not permitted: " : "") + error.what +
                (error.tried.empty() ? "" : " (while " + error.tried + ")"),
            error.advice};
}

TopicFindings check_topics(const std::shared_ptr<kafka::Cluster>& cluster,
                           const kafka::ClusterInfo& info, const DiagnosisRequest& request,
                           Diagnosis& out) {
    TopicFindings all;
    std::vector<std::string> names = topics_of(info, request, out);
    if (names.empty() && request.topic_patterns.empty())
        add(out, {"topics", State::Unknown, "none is named, so none was read",
                  "Add --topic TOPIC, or /watch to the workspace."});
    const std::size_t left_out = names.size() - std::min(names.size(), topics_max);
    names.resize(names.size() - left_out);
    kafka::Admin admin(cluster);
    const auto configs = admin.topic_configs(names, request.timeout);
    std::vector<TopicReading> seen(names.size());
    do_at_once(names.size(), topics_at_once,
               [&](std::size_t i) { seen[i] = read_last(cluster, names[i], request.timeout); });
    for (std::size_t i = 0; i < names.size(); ++i)
        check_topic(names[i], seen[i], configs[i], request, all, out);
    if (left_out > 0)
        add(out, {"topics", State::Unknown,
                  std::to_string(left_out) + " more were not read: " + std::to_string(topics_max) +
                      " are the limit",
                  "Name them by --topic."});
    return all;
}

} // namespace weir::cli
