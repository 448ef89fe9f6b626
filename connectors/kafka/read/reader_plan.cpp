// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/read/reader_plan.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>

#include <re2/re2.h>

#include "connectors/base/names_text.h"
#include "connectors/base/near_word.h"
#include "connectors/kafka/admin/group_offsets.h"
#include "connectors/kafka/admin/offsets.h"

namespace weir::kafka {

namespace {

/// Above this many names one question for all topics is cheaper than one for each.
constexpr std::size_t named_questions_max = 8;

using Milliseconds = std::chrono::milliseconds;

std::vector<std::string> wanted_names(const ReadRequest& request) {
    std::vector<std::string> names = request.topics;
    if (!request.ranges.empty()) {
        names.clear();
        for (const PartitionRange& r : request.ranges)
            names.push_back(r.topic);
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

/// Of a pattern's program: a workspace is hostile input, and RE2 takes linear time and no more.
constexpr std::int64_t pattern_bytes_max = 1 << 20;

/// A request's patterns, ready to match whole names.
class Patterns {
  public:
    static Result<Patterns> compile(const std::vector<std::string>& texts,
                                    const std::string& connection) {
        RE2::Options options;
        options.set_log_errors(false);
        options.set_max_mem(pattern_bytes_max);
        Patterns made;
        for (const std::string& text : texts) {
            auto regex = std::make_unique<const RE2>(text, options);
            if (!regex->ok())
                return Error{ErrorCode::Usage,
                             "\"" + text + "\" is no pattern for topics: " + regex->error(),
                             connection,
                             {},
                             {}};
            made.m_all.push_back({std::move(regex), text.rfind("__", 0) == 0});
        }
        return made;
    }
    bool match(const std::string& name) const {
        const bool internal = name.rfind("__", 0) == 0;
        return std::any_of(m_all.begin(), m_all.end(), [&](const One& p) {
            return (!internal || p.internal) && RE2::FullMatch(name, *p.regex);
        });
    }

  private:
    struct One {
        std::unique_ptr<const RE2> regex;
        bool internal;
    };
    std::vector<One> m_all;
};

FoundTopic found_topic(const rd_kafka_metadata_topic_t& topic, const ReadRequest& request) {
    FoundTopic found{topic.topic, {}, topic.partition_cnt};
    for (int i = 0; i < topic.partition_cnt; ++i) {
        const PartitionId id(topic.partitions[i].id);
        const auto& only = request.only_partitions;
        const bool in_range =
            request.ranges.empty() ||
            std::any_of(request.ranges.begin(), request.ranges.end(), [&](const PartitionRange& r) {
                return r.topic == found.name && r.partition == id;
            });
        if (in_range && (only.empty() || !request.ranges.empty() ||
                         std::find(only.begin(), only.end(), id) != only.end()))
            found.partitions.push_back(id);
    }
    std::sort(found.partitions.begin(), found.partitions.end());
    return found;
}

/// One that matches, but of which brokers tell an error: what becomes of its partitions, or at
/// least of the first, is told where their offsets are asked for. Passed over, nobody would miss
/// it.
FoundTopic untold_topic(const rd_kafka_metadata_topic_t& topic, const ReadRequest& request) {
    FoundTopic found = found_topic(topic, request);
    if (topic.partition_cnt == 0)
        found.partitions.emplace_back(0);
    return found;
}

/// The name that a topic which is not there was probably meant to have, or else which there are;
/// all that may be seen is asked for. "": nobody said.
std::string topics_instead(ObservedCluster& cluster, const std::string& name, Deadline deadline,
                           const std::stop_token& stop) {
    const auto all = ask_metadata(cluster, nullptr, deadline, stop);
    std::vector<std::string> names;
    for (int i = 0; all && i < (*all)->topic_cnt; ++i)
        if (!std::string_view((*all)->topics[i].topic).starts_with("__"))
            names.emplace_back((*all)->topics[i].topic);
    std::sort(names.begin(), names.end());
    if (const std::string near = nearest_word(name, names); !near.empty())
        return "Did you mean " + near + "? ";
    return names.empty() ? "" : "There are " + names_text(names) + ". ";
}

Error no_topic(const std::string& name, rd_kafka_resp_err_t err, const std::string& connection,
               const std::string& instead) {
    if (err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED)
        return kafka_error(err, "topic " + name + " may not be read", connection);
    return Error{ErrorCode::NotFound,
                 "topic " + name + " does not exist",
                 connection,
                 {},
                 (instead.empty() ? "Check its name; a" : instead + "A") +
                     " topic that may not be described can look like one that does not exist."};
}

const rd_kafka_metadata_topic_t* topic_in(const rd_kafka_metadata_t& metadata,
                                          const std::string& name) {
    for (int i = 0; i < metadata.topic_cnt; ++i)
        if (metadata.topics[i].topic == name)
            return &metadata.topics[i];
    return nullptr;
}

bool unknown(rd_kafka_resp_err_t err) {
    return err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ||
           err == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC;
}

} // namespace

Result<std::vector<FoundTopic>> find_topics(ObservedCluster& cluster, const ReadRequest& request,
                                            Deadline deadline, std::set<std::string>* untold) {
    const std::string& connection = cluster.options().name;
    const std::vector<std::string> names = wanted_names(request);
    const auto& pattern_texts =
        request.ranges.empty() ? request.topic_patterns : std::vector<std::string>{};
    auto patterns = Patterns::compile(pattern_texts, connection);
    if (!patterns)
        return patterns.error();
    MetadataHandle all;
    std::map<std::string_view, const rd_kafka_metadata_topic_t*> listed;
    if (!pattern_texts.empty() || names.size() > named_questions_max) {
        auto fetched = ask_metadata(cluster, nullptr, deadline, request.stop);
        if (!fetched)
            return fetched.error();
        all = std::move(fetched).value();
        cluster.board().answered();
        for (int i = 0; i < all->topic_cnt; ++i)
            listed.emplace(all->topics[i].topic, &all->topics[i]);
    }
    std::map<std::string, FoundTopic> found;
    for (const std::string& name : names) {
        MetadataHandle own;
        const auto there = listed.find(name);
        const rd_kafka_metadata_topic_t* topic = there == listed.end() ? nullptr : there->second;
        if (!topic) { // asked for by name, "not permitted" and "does not exist" differ
            auto fetched = ask_metadata(cluster, name.c_str(), deadline, request.stop);
            if (!fetched)
                return fetched.error();
            cluster.board().answered();
            own = std::move(fetched).value();
            topic = topic_in(*own, name);
        }
        if (topic && topic->err == RD_KAFKA_RESP_ERR_NO_ERROR)
            found.emplace(name, found_topic(*topic, request));
        else if (untold && topic && !unknown(topic->err))
            untold->insert(name);
        else if (!untold)
            return no_topic(name, topic ? topic->err : RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART,
                            connection,
                            !topic || unknown(topic->err)
                                ? topics_instead(cluster, name, deadline, request.stop)
                                : std::string());
    }
    for (const auto& [name, topic] : listed) {
        if (!patterns->match(topic->topic) || unknown(topic->err))
            continue;
        if (topic->err == RD_KAFKA_RESP_ERR_NO_ERROR)
            found.emplace(name, found_topic(*topic, request));
        else if (!untold) // who looks again finds it once it can be read
            found.emplace(name, untold_topic(*topic, request));
    }
    std::vector<FoundTopic> list;
    for (auto& [name, topic] : found)
        list.push_back(std::move(topic));
    return list;
}

namespace {

/// The offsets that a request's start and end may need, asked for once.
struct Known {
    std::vector<std::optional<Error>> trouble; // why a partition's offsets are not known
    std::vector<OffsetAnswer> begins;
    std::vector<OffsetAnswer> ends;
    Micros ends_asked; // all that was written before lies below the ends
    std::vector<OffsetAnswer> start_times;
    std::vector<OffsetAnswer> end_times;
    std::vector<Offset> committed; // -1: none
};

/// Asks those without trouble. While some answer, the others get half of the time that is left.
Result<std::vector<OffsetAnswer>> ask_all(ObservedCluster& cluster,
                                          const std::vector<OffsetQuestion>& parts,
                                          std::int64_t time_ms, Deadline deadline,
                                          const std::stop_token& stop, Known& known) {
    std::vector<OffsetAnswer> answers(parts.size());
    std::vector<std::size_t> which;
    std::vector<OffsetQuestion> questions;
    for (std::size_t i = 0; i < parts.size(); ++i)
        if (!known.trouble[i]) {
            which.push_back(i);
            questions.push_back({parts[i].topic, parts[i].partition, time_ms});
        }
    const Deadline enough = std::chrono::steady_clock::now() + remaining(deadline) / 2;
    const auto some = ask_offsets_patiently(cluster.client(), questions, deadline, enough, stop);
    bool any = questions.empty();
    for (std::size_t i = 0; i < some.size(); ++i) {
        answers[which[i]] = some[i];
        any = any || some[i].err == RD_KAFKA_RESP_ERR_NO_ERROR;
        if (some[i].err != RD_KAFKA_RESP_ERR_NO_ERROR)
            known.trouble[which[i]] = cluster.unanswered(
                some[i].err,
                questions[i].topic + " [" + std::to_string(questions[i].partition.value()) +
                    "] does not tell its offsets",
                "looking up begin and end");
    }
    if (!any)
        return *known.trouble[which.front()];
    return answers;
}

Result<Known> ask_known(ObservedCluster& cluster, const ReadRequest& request,
                        const std::vector<OffsetQuestion>& parts, Deadline deadline) {
    Known known;
    known.trouble.resize(parts.size());
    const auto ask = [&](std::vector<OffsetAnswer>& into, std::int64_t time_ms) -> Result<void> {
        auto answers = ask_all(cluster, parts, time_ms, deadline, request.stop, known);
        if (!answers)
            return answers.error();
        into = std::move(answers).value();
        return {};
    };
    if (auto r = ask(known.begins, time_of_begin); !r)
        return r.error();
    known.ends_asked = Micros::now();
    if (auto r = ask(known.ends, time_of_end); !r)
        return r.error();
    if (!request.ranges.empty())
        return known;
    // The embedded cluster answers every time with its end; there records are read and skipped.
    const bool by_time = !cluster.embedded(deadline);
    if (by_time && request.start.kind == StartAt::Kind::Time)
        if (auto r = ask(known.start_times, first_ms_from(request.start.time)); !r)
            return r.error();
    if (by_time && request.end.kind == EndAt::Kind::Time)
        if (auto r = ask(known.end_times, first_ms_from(request.end.time)); !r)
            return r.error();
    if (request.start.kind == StartAt::Kind::Group) {
        auto committed = committed_offsets(cluster, request.start.group, parts, deadline);
        if (!committed)
            return committed.error();
        known.committed = std::move(committed).value();
    }
    return known;
}

/// A partition that cannot be read now. When following, the watch looks for it again.
void set_failed(PartitionState& p, const ReadRequest& request, const Error& trouble) {
    PartitionProgress& at = p.progress;
    at.begin = at.from = at.next = at.end = at.end_seen = Offset(-1);
    at.state = ReadState::Failed;
    at.failed_since = Micros::now();
    at.trouble = trouble.text();
    p.trouble_at_start = trouble;
    p.need = PartitionNeed::Start;
    p.done = request.end.kind != EndAt::Kind::Never || !request.ranges.empty();
}

bool is_meant(const StartAt& start, const PartitionProgress& at) {
    return (start.topic.empty() || start.topic == at.topic) &&
           (!start.partition || *start.partition == at.partition);
}

void set_start(PartitionState& p, const ReadRequest& request, const Known& known, std::size_t i) {
    PartitionProgress& at = p.progress;
    const std::int64_t begin = at.begin.value();
    const std::int64_t end = at.end_seen.value();
    std::int64_t from = begin;
    switch (request.start.kind) {
    case StartAt::Kind::Beginning:
        break;
    case StartAt::Kind::End:
        from = end;
        break;
    case StartAt::Kind::Offset:
        from = std::max<std::int64_t>(0, request.start.number);
        break;
    case StartAt::Kind::OffsetOrEnd:
        from = is_meant(request.start, at) ? std::clamp<std::int64_t>(request.start.number, 0, end)
                                           : end;
        break;
    case StartAt::Kind::LastN:
        from = std::max(begin, end - std::max<std::int64_t>(0, request.start.number));
        break;
    case StartAt::Kind::Time:
        if (known.start_times.empty())
            p.skip_before = request.start.time;
        else
            from =
                known.start_times[i].offset.value() < 0 ? end : known.start_times[i].offset.value();
        break;
    case StartAt::Kind::Group:
        from = known.committed[i].value() < 0 ? begin : known.committed[i].value();
        break;
    }
    at.from = Offset(from);
}

void set_end(PartitionState& p, const ReadRequest& request, const Known& known, std::size_t i) {
    PartitionProgress& at = p.progress;
    switch (request.end.kind) {
    case EndAt::Kind::Never:
        at.end = Offset(-1);
        break;
    case EndAt::Kind::Snapshot:
        at.end = at.end_seen;
        break;
    case EndAt::Kind::Offset:
        at.end = Offset(std::max<std::int64_t>(0, request.end.number));
        break;
    case EndAt::Kind::Time:
        // A time to come has no offset yet: the first record at or after it ends the reading.
        p.stop_at = request.end.time;
        at.end = request.end.time > Micros::now() ? Offset(-1) : at.end_seen;
        if (!known.end_times.empty() && known.end_times[i].offset.value() >= 0)
            at.end = known.end_times[i].offset, p.stop_at = Micros(INT64_MAX);
        break;
    }
}

/// Where reading really begins: an offset below the begin is gone, one past the end is waited for.
void settle(PartitionState& p) {
    PartitionProgress& at = p.progress;
    at.next = std::max(at.from, at.begin);
    if (at.from > at.end_seen) {
        p.skip_below = at.from;
        at.next = at.end_seen;
    }
    if (at.end.value() >= 0 && at.next > at.end)
        at.next = at.end;
    if (at.end.value() >= 0 && at.from > at.end)
        at.from = at.end;
}

/// What of record time a partition's reading will cover, as far as that is known beforehand.
void set_cover(PartitionState& p, const ReadRequest& request, const Known& known) {
    const bool by_range = !request.ranges.empty();
    if (!by_range && request.start.kind == StartAt::Kind::Time)
        p.covers_from = request.start.time;
    else if (p.progress.next == Offset(0) && p.skip_below == Offset(0))
        p.covers_from = Micros(INT64_MIN);
    else if (!by_range && request.start.kind == StartAt::Kind::End)
        p.covers_from = known.ends_asked;
    if (!by_range && request.end.kind == EndAt::Kind::Snapshot)
        p.end_as_of = known.ends_asked;
    else if (!by_range && request.end.kind == EndAt::Kind::Time)
        p.end_as_of = std::min(request.end.time, known.ends_asked);
}

} // namespace

Result<std::vector<PartitionState>> plan_partitions(ObservedCluster& cluster,
                                                    const ReadRequest& request,
                                                    const std::vector<FoundTopic>& topics,
                                                    Deadline deadline) {
    std::vector<OffsetQuestion> parts;
    for (const FoundTopic& t : topics)
        for (const PartitionId id : t.partitions)
            parts.push_back({t.name, id});
    auto known = ask_known(cluster, request, parts, deadline);
    if (!known)
        return known.error();
    std::vector<PartitionState> states(parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
        PartitionState& p = states[i];
        PartitionProgress& at = p.progress;
        at.topic = parts[i].topic;
        at.partition = parts[i].partition;
        if (known->trouble[i]) {
            set_failed(p, request, *known->trouble[i]);
            continue;
        }
        at.begin = known->begins[i].offset;
        at.end_seen = known->ends[i].offset;
        p.answered = Micros::now();
        set_end(p, request, *known, i);
        const auto range =
            std::find_if(request.ranges.begin(), request.ranges.end(), [&](const auto& r) {
                return r.topic == at.topic && r.partition == at.partition;
            });
        if (range == request.ranges.end()) {
            set_start(p, request, *known, i);
        } else {
            at.from = range->from;
            if (range->to.value() >= 0)
                at.end = range->to;
        }
        settle(p);
        set_cover(p, request, *known);
    }
    return states;
}

} // namespace weir::kafka
