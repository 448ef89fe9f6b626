// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/backlog/group_reader.h"

#include <algorithm>
#include <future>
#include <set>

#include "connectors/base/time_units.h"

namespace weir {

namespace {

using namespace std::chrono_literals;

constexpr auto topics_every = 15s;
constexpr auto settings_every = 300s;
constexpr auto begins_every = 15s;
constexpr auto describe_every = 2s;
constexpr std::chrono::milliseconds looks_time = 3s;

std::uint64_t mixed(std::uint64_t hash, std::string_view text) {
    return (hash ^ std::hash<std::string_view>{}(text)) * 0x9e3779b97f4a7c15ULL;
}

std::uint64_t assignment_of(const kafka::GroupInfo& info) {
    std::uint64_t all = 0; // the order of members says nothing
    for (const kafka::GroupMemberInfo& member : info.members) {
        std::uint64_t one = mixed(1, member.member_id);
        for (const kafka::TopicPartition& at : member.assigned)
            one = mixed(one, at.topic) + static_cast<std::uint64_t>(at.partition.value());
        all += one;
    }
    return all;
}

std::string member_text(const kafka::GroupMemberInfo& member) {
    const bool slash = !member.host.empty() && member.host.front() == '/';
    const std::string host = slash ? member.host.substr(1) : member.host;
    return member.client_id + (host.empty() ? "" : " at " + host);
}

/// Sorted, each once.
std::vector<kafka::TopicPartition> asked_of(const std::vector<GroupReading>& readings) {
    std::set<kafka::TopicPartition> all;
    for (const GroupReading& reading : readings)
        for (const PartitionFacts& p : reading.partitions)
            if (!p.gone)
                all.insert(p.at);
    return {all.begin(), all.end()};
}

bool deletes(const kafka::TopicConfig& config) {
    const std::string* const policy = config.value("cleanup.policy");
    return policy != nullptr && policy->find("delete") != std::string::npos;
}

bool may_be_unread(const PartitionFacts& p) {
    return !p.gone && p.committed >= 0 && p.end > p.committed && p.begin <= p.committed;
}

} // namespace

GroupReader::GroupReader(std::shared_ptr<kafka::Cluster> cluster, std::chrono::milliseconds timeout)
    : m_admin(std::move(cluster))
    , m_timeout(timeout) {}

Result<kafka::GroupList> GroupReader::list() {
    auto listed = m_admin.groups(m_timeout);
    if (!listed)
        return listed;
    m_listed = true;
    m_list.clear();
    for (const kafka::GroupListing& group : listed->groups)
        m_list[group.id] = group.state;
    // With a broker silent, its groups are not gone.
    if (listed->missing.empty())
        std::erase_if(m_known, [&](const auto& known) { return !m_list.contains(known.first); });
    return listed;
}

std::vector<GroupReading> GroupReader::read(const std::vector<std::string>& groups, Looks looks,
                                            const std::stop_token& stop) {
    std::vector<GroupReading> all;
    for (std::size_t from = 0; from < groups.size() && !stop.stop_requested();
         from += groups_a_batch) {
        const std::size_t to = std::min(groups.size(), from + groups_a_batch);
        auto some = read_batch({groups.begin() + static_cast<std::ptrdiff_t>(from),
                                groups.begin() + static_cast<std::ptrdiff_t>(to)},
                               looks, stop);
        std::move(some.begin(), some.end(), std::back_inserter(all));
    }
    return all;
}

std::vector<GroupReading> GroupReader::read_batch(const std::vector<std::string>& groups,
                                                  Looks looks, const std::stop_token& stop) {
    // Who consumes is asked meanwhile; it touches m_descriptions alone.
    std::future<void> described =
        std::async(std::launch::async, [this, &groups] { describe(groups); });
    const std::vector<kafka::GroupOffsets> committed = m_admin.committed(groups, m_timeout);
    described.wait();
    std::vector<GroupReading> readings;
    if (stop.stop_requested())
        return readings;
    for (const kafka::GroupOffsets& answer : committed) {
        GroupReading reading;
        reading.group = facts_of(answer.id);
        reading.error = answer.error;
        for (const kafka::CommittedOffset& offset : answer.offsets) {
            PartitionFacts p;
            p.at = offset.at;
            p.committed = offset.offset.value();
            p.error = offset.error;
            reading.partitions.push_back(std::move(p));
        }
        if (!reading.error)
            add_assigned(reading);
        readings.push_back(std::move(reading));
    }
    know_topics(asked_of(readings));
    for (GroupReading& reading : readings)
        fill_topics(reading);
    // Settings are asked meanwhile; they touch the retention of topics that are known, alone.
    const Partitions places = asked_of(readings);
    std::future<void> settings =
        std::async(std::launch::async, [this, &places] { know_settings(places); });
    const Micros at = fill_ends(readings);
    look(readings, looks, stop);
    settings.wait();
    for (GroupReading& reading : readings) {
        reading.at = at;
        fill_retention(reading);
    }
    return readings;
}

void GroupReader::describe(const std::vector<std::string>& groups) {
    const auto now = Clock::now();
    std::vector<std::string> asked;
    for (const std::string& group : groups) {
        const auto known = m_descriptions.find(group);
        if (known == m_descriptions.end() || now - known->second.asked >= describe_every)
            asked.push_back(group);
    }
    if (asked.empty())
        return;
    for (kafka::GroupInfo& info : m_admin.describe_groups(asked, m_timeout)) {
        const std::string id = info.id;
        m_descriptions[id] = {std::move(info), now};
    }
}

GroupFacts GroupReader::facts_of(const std::string& group) const {
    GroupFacts facts;
    facts.id = group;
    if (const auto listed = m_list.find(group); m_listed && listed != m_list.end()) {
        facts.is_listed = true;
        facts.listed = listed->second;
    }
    const auto known = m_descriptions.find(group);
    if (known == m_descriptions.end())
        return facts;
    const kafka::GroupInfo& info = known->second.info;
    facts.state = info.state;
    facts.error = info.error;
    facts.members = info.members.size();
    facts.assignor = info.assignor;
    for (const kafka::GroupMemberInfo& member : info.members)
        facts.member_texts.push_back(
            member_text(member) + " (" + std::to_string(member.assigned.size()) +
            (member.assigned.size() == 1 ? " partition)" : " partitions)"));
    std::sort(facts.member_texts.begin(), facts.member_texts.end());
    facts.moments.push_back({Micros::now(), info.state, assignment_of(info)});
    return facts;
}

/// Names who is assigned what, and adds partitions that are assigned without a commit.
void GroupReader::add_assigned(GroupReading& reading) const {
    const auto known = m_descriptions.find(reading.group.id);
    if (known == m_descriptions.end())
        return;
    std::map<kafka::TopicPartition, std::string> assigned;
    for (const kafka::GroupMemberInfo& member : known->second.info.members)
        for (const kafka::TopicPartition& at : member.assigned)
            assigned[at] = member_text(member);
    for (PartitionFacts& p : reading.partitions)
        if (const auto found = assigned.find(p.at); found != assigned.end()) {
            p.member = found->second;
            assigned.erase(found);
        }
    for (const auto& [at, member] : assigned) {
        PartitionFacts p;
        p.at = at;
        p.member = member;
        reading.partitions.push_back(std::move(p));
    }
    std::sort(reading.partitions.begin(), reading.partitions.end(),
              [](const auto& a, const auto& b) { return a.at < b.at; });
}

void GroupReader::know_topics(const Partitions& partitions) {
    const auto now = Clock::now();
    std::set<std::string> names;
    for (const kafka::TopicPartition& at : partitions)
        names.insert(at.topic);
    if (names.empty())
        return;
    const bool all_known = std::all_of(names.begin(), names.end(), [&](const std::string& name) {
        return m_topics.contains(name);
    });
    if (!all_known || now - m_topics_asked >= topics_every) {
        if (auto info = m_admin.cluster_info(m_timeout)) {
            m_topics_asked = now;
            for (kafka::TopicInfo& topic : info->topics) {
                if (!names.contains(topic.name) && !m_topics.contains(topic.name))
                    continue;
                Topic& known = m_topics[topic.name];
                known.partitions.clear();
                for (kafka::PartitionInfo& p : topic.partitions)
                    known.partitions.emplace(p.id, std::move(p));
                known.error = topic.error;
                known.gone = false;
                known.info_asked = now;
            }
        }
    }
    // One that is not among them was deleted, or may not be seen: asked for by name, it tells.
    for (const std::string& name : names) {
        Topic& known = m_topics[name];
        if (now - known.info_asked < topics_every)
            continue;
        known.info_asked = now;
        const auto alone = m_admin.topic_info(name, m_timeout);
        known.error = alone ? std::nullopt : std::optional(alone.error());
        known.gone = !alone && alone.error().code == ErrorCode::NotFound;
        known.partitions.clear();
        if (alone)
            for (const kafka::PartitionInfo& p : alone->partitions)
                known.partitions.emplace(p.id, p);
    }
}

void GroupReader::know_settings(const Partitions& partitions) {
    const auto now = Clock::now();
    std::set<std::string> asked;
    for (const kafka::TopicPartition& at : partitions) {
        Topic& known = m_topics[at.topic];
        const bool recent = known.config_asked.time_since_epoch().count() != 0 &&
                            now - known.config_asked < settings_every;
        if (!recent && !known.error)
            asked.insert(at.topic);
        known.config_asked = recent ? known.config_asked : now;
    }
    if (asked.empty())
        return;
    for (const kafka::TopicConfig& config :
         m_admin.topic_configs({asked.begin(), asked.end()}, m_timeout)) {
        Topic& known = m_topics[config.topic];
        known.retention_us.reset();
        if (config.error)
            continue; // DESCRIBE_CONFIGS is a right of its own
        const std::optional<std::int64_t> ms = config.number("retention.ms");
        if (!deletes(config))
            known.retention_us = -1;
        else if (ms)
            known.retention_us =
                *ms < 0 || *ms > INT64_MAX / millisecond_us ? -1 : *ms * millisecond_us;
        known.retention_by_size = config.number("retention.bytes").value_or(-1) >= 0;
    }
}

void GroupReader::fill_topics(GroupReading& reading) const {
    for (PartitionFacts& p : reading.partitions) {
        const auto topic = m_topics.find(p.at.topic);
        if (topic == m_topics.end())
            continue;
        const auto info = topic->second.partitions.find(p.at.partition);
        if (info != topic->second.partitions.end()) {
            p.leader = info->second.leader;
            p.replicas = info->second.replicas.size();
            p.in_sync = info->second.in_sync.size();
            continue;
        }
        const std::optional<Error>& error = topic->second.error;
        p.gone = topic->second.gone || !error;
        if (error && !p.gone && !p.error)
            p.error = error;
    }
}

void GroupReader::fill_retention(GroupReading& reading) const {
    for (PartitionFacts& p : reading.partitions)
        if (const auto topic = m_topics.find(p.at.topic); topic != m_topics.end()) {
            p.retention_us = topic->second.retention_us;
            p.retention_by_size = topic->second.retention_by_size;
        }
}

/// Ends after committed offsets. Answers when they were asked.
Micros GroupReader::fill_ends(std::vector<GroupReading>& readings) {
    Partitions asked = asked_of(readings);
    std::erase_if(asked, [&](const kafka::TopicPartition& at) {
        return m_topics[at.topic].error.has_value();
    });
    const Micros at = Micros::now();
    std::map<kafka::TopicPartition, kafka::EdgeOffset> ends;
    const auto now = Clock::now();
    Partitions stale;
    for (const kafka::TopicPartition& one : asked)
        if (const auto known = m_begins.find(one);
            known == m_begins.end() || now - known->second.asked >= begins_every)
            stale.push_back(one);
    auto beginnings = std::async(std::launch::async, [this, &stale] {
        return m_admin.edges(stale, kafka::Edge::Begin, m_timeout);
    });
    const auto found = m_admin.edges(asked, kafka::Edge::End, m_timeout);
    for (std::size_t i = 0; i < asked.size(); ++i)
        ends[asked[i]] = found[i];
    const std::vector<kafka::EdgeOffset> begins = beginnings.get();
    for (std::size_t i = 0; i < stale.size(); ++i)
        m_begins[stale[i]] = {begins[i], now};
    for (GroupReading& reading : readings)
        for (PartitionFacts& p : reading.partitions) {
            const auto end = ends.find(p.at);
            if (end == ends.end())
                continue;
            p.end = end->second.offset.value();
            p.begin = m_begins[p.at].edge.offset.value();
            if (!p.error)
                p.error = end->second.error;
        }
    return at;
}

void GroupReader::fill_stable(const std::vector<PartitionFacts*>& which) {
    std::set<kafka::TopicPartition> places;
    for (const PartitionFacts* p : which)
        places.insert(p->at);
    const Partitions asked(places.begin(), places.end());
    const auto found = m_admin.edges(asked, kafka::Edge::LastStable, m_timeout);
    for (PartitionFacts* p : which) {
        const auto at = std::lower_bound(asked.begin(), asked.end(), p->at) - asked.begin();
        const kafka::EdgeOffset& edge = found[static_cast<std::size_t>(at)];
        // Asked after the end, it may be beyond it by now.
        if (!edge.error)
            p->last_stable = std::min(edge.offset.value(), p->end);
    }
}

void GroupReader::look(std::vector<GroupReading>& readings, Looks looks,
                       const std::stop_token& stop) {
    std::vector<std::pair<PartitionFacts*, Known*>> open;
    std::vector<PartitionFacts*> unsure;
    for (GroupReading& reading : readings) {
        auto& known_places = m_known[reading.group.id];
        for (PartitionFacts& p : reading.partitions) {
            Known& known = known_places[p.at];
            const bool stands = known.committed == p.committed;
            known.committed = p.committed;
            if (!may_be_unread(p))
                continue;
            p.next = known.next;
            if (looks == Looks::Needed && !stands)
                continue;
            unsure.push_back(&p);
            if (!known.next.holds_for(p.committed, p.end) && open.size() < looks_max)
                open.emplace_back(&p, &known);
        }
    }
    const auto deadline = Clock::now() + std::min(looks_time, m_timeout);
    while (!open.empty() && Clock::now() < deadline && !stop.stop_requested())
        look_round(open, deadline, stop);
    // Where a record can be read, no open transaction is in the way.
    std::erase_if(unsure, [](const PartitionFacts* p) {
        return p->next.is_record() && p->next.holds_for(p->committed, p->end);
    });
    if (!unsure.empty())
        fill_stable(unsure);
}

/// Looks at each partition once; groups that are at different places in it take turns.
void GroupReader::look_round(std::vector<std::pair<PartitionFacts*, Known*>>& open,
                             Clock::time_point deadline, const std::stop_token& stop) {
    std::map<kafka::TopicPartition, std::int64_t> round;
    for (const auto& [p, known] : open)
        round.emplace(p->at, p->committed);
    Partitions places;
    std::vector<Offset> from;
    for (const auto& [at, offset] : round) {
        places.push_back(at);
        from.emplace_back(offset);
    }
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    const auto found = m_admin.next_records(places, from, std::max(left, 1ms), stop);
    std::erase_if(open, [&](const auto& one) {
        const auto& [p, known] = one;
        const auto at = std::lower_bound(places.begin(), places.end(), p->at) - places.begin();
        const auto i = static_cast<std::size_t>(at);
        if (from[i].value() != p->committed)
            return false;
        NextUnread next;
        next.seen = found[i].seen;
        next.from = p->committed;
        next.end = p->end;
        next.offset = found[i].offset.value();
        next.time = found[i].time;
        next.timestamp_type = found[i].timestamp_type;
        next.bytes = found[i].bytes;
        p->next = known->next = next;
        return true;
    });
}

} // namespace weir
