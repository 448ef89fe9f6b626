// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/backlog/backlog_book.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "models/event/grouped.h"

namespace weir {

namespace {

constexpr std::size_t place_room_least = 12;
constexpr double hot_rate_times = 2.0;    // of the mean
constexpr double hot_rate_least = 1.0;    // messages a second
constexpr std::int64_t hot_lag_times = 4; // of the median
constexpr std::int64_t hot_lag_least = 100;
constexpr std::size_t hot_partitions_least = 3;

std::string times_text(double times) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f", times);
    return text.data();
}

/// Marks those of one topic that take far more than their share, or lag far more than the others.
void mark_hot(std::vector<PartitionBacklog*>& topic) {
    if (topic.size() < hot_partitions_least)
        return;
    double in = 0;
    std::vector<std::int64_t> lags;
    for (const PartitionBacklog* p : topic) {
        in += p->assessment.rate_in.value_or(0);
        lags.push_back(p->assessment.lag_messages.value_or(0));
    }
    const double mean = in / static_cast<double>(topic.size());
    std::nth_element(lags.begin(), lags.begin() + static_cast<std::ptrdiff_t>(lags.size() / 2),
                     lags.end());
    const std::int64_t median = lags[lags.size() / 2];
    const std::string of = " of " + std::to_string(topic.size()) + " partitions";
    for (PartitionBacklog* p : topic) {
        const double rate = p->assessment.rate_in.value_or(0);
        const std::int64_t lag = p->assessment.lag_messages.value_or(0);
        if (rate >= hot_rate_least && rate >= hot_rate_times * mean)
            p->hot = "hot: takes " + times_text(rate / mean) + " times the mean" + of;
        else if (lag >= hot_lag_least && lag / hot_lag_times >= std::max<std::int64_t>(median, 1))
            p->hot = "hot: lags " + grouped(lag) + ", the median" + of + " is " + grouped(median);
    }
}

void mark_hot(std::vector<PartitionBacklog>& partitions) {
    std::vector<PartitionBacklog*> topic;
    for (PartitionBacklog& p : partitions) {
        if (!topic.empty() && topic.back()->facts.at.topic != p.facts.at.topic) {
            mark_hot(topic);
            topic.clear();
        }
        topic.push_back(&p);
    }
    mark_hot(topic);
}

template <class T>
void add_known(std::optional<T>& sum, const std::optional<T>& part) {
    if (part)
        sum = sum.value_or(T{}) + *part;
}

bool is_worse(const Assessment& a, const Assessment& b) {
    if (a.verdict != b.verdict)
        return a.verdict > b.verdict;
    return a.lag_messages.value_or(0) > b.lag_messages.value_or(0);
}

void add_up(GroupBacklog& group) {
    bool drains = true;
    std::int64_t beyond = 0; // of those whose offset lies past the log's end
    const PartitionBacklog* worst = nullptr;
    for (const PartitionBacklog& p : group.partitions) {
        const Assessment& a = p.assessment;
        if (p.facts.gone)
            continue; // left over from before: it says nothing of the group
        const std::int64_t lag = a.lag_messages.value_or(0);
        (lag < 0 ? beyond : group.lag_messages) += lag;
        if (a.lag_us && (!group.lag_us || *a.lag_us > *group.lag_us)) {
            group.lag_us = a.lag_us;
            group.lag_method = a.lag_method;
        }
        add_known(group.rate_in, a.rate_in);
        add_known(group.rate_out, a.rate_out);
        drains = drains && a.drain_s.has_value();
        if (a.drain_s)
            group.drain_s = std::max(group.drain_s.value_or(0), *a.drain_s);
        if (a.retention_left_us)
            group.retention_left_us =
                std::min(group.retention_left_us.value_or(INT64_MAX), *a.retention_left_us);
        if (worst == nullptr || is_worse(a, worst->assessment))
            worst = &p;
    }
    if (!drains)
        group.drain_s.reset();
    if (group.lag_messages == 0)
        group.lag_messages = beyond;
    if (worst == nullptr)
        return;
    group.verdict = worst->assessment.verdict;
    const bool alone = group.partitions.size() == 1 || worst->assessment.nothing_unread;
    group.reason = (alone ? ""
                          : worst->facts.at.topic + "/" +
                                std::to_string(worst->facts.at.partition.value()) + ": ") +
                   worst->assessment.reason;
}

} // namespace

BacklogBook::BacklogBook(AssessRules rules)
    : m_rules(rules) {}

std::size_t BacklogBook::room() const {
    return std::clamp(samples_max / std::max<std::size_t>(m_places, 1), place_room_least,
                      SampleHistory::capacity);
}

void BacklogBook::note_moment(Group& group, GroupFacts& facts) const {
    for (const GroupMoment& moment : facts.moments) {
        auto& kept = group.moments;
        const bool same = kept.size() >= 2 && kept.back().state == moment.state &&
                          kept.back().assignment == moment.assignment &&
                          kept[kept.size() - 2].state == moment.state &&
                          kept[kept.size() - 2].assignment == moment.assignment;
        if (same)
            kept.back() = moment;
        else
            kept.push_back(moment);
        if (kept.size() > moments_max)
            kept.erase(kept.begin());
    }
    facts.moments = group.moments;
}

void BacklogBook::absorb(std::vector<GroupReading> readings) {
    for (GroupReading& reading : readings) {
        m_began = std::min(m_began.value_or(reading.at), reading.at);
        Group& group = m_groups[reading.group.id];
        note_moment(group, reading.group);
        for (const PartitionFacts& p : reading.partitions) {
            if (p.committed < 0 || p.end < 0)
                continue;
            const auto [place, is_new] = group.places.try_emplace(p.at);
            m_places += is_new ? 1 : 0;
            place->second.history.add({reading.at, p.committed, p.end, p.last_stable}, room());
            place->second.unsaved = true;
        }
        group.made = judged(group, std::move(reading));
    }
}

std::shared_ptr<const GroupBacklog> BacklogBook::judged(Group& group, GroupReading reading) {
    auto made = std::make_shared<GroupBacklog>();
    made->group = std::move(reading.group);
    made->at = reading.at;
    made->error = std::move(reading.error);
    if (made->error) {
        made->verdict = Verdict::Unknown;
        const bool forbidden = made->error->code == ErrorCode::NotPermitted;
        made->reason =
            (forbidden ? "not permitted, it takes the right DESCRIBE on the group: " : "") +
            made->error->what;
        return made;
    }
    static const auto none = std::make_shared<const BacklogSamples>();
    for (PartitionFacts& p : reading.partitions) {
        PartitionBacklog row;
        const auto place = group.places.find(p.at);
        row.samples = place == group.places.end() ? none : place->second.history.samples();
        row.assessment = assess(p, made->group, *row.samples, made->at, m_rules);
        row.facts = std::move(p);
        made->partitions.push_back(std::move(row));
    }
    mark_hot(made->partitions);
    made->reason = "the group has committed nothing";
    add_up(*made);
    return made;
}

void BacklogBook::keep_only(const std::vector<std::string>& groups) {
    std::erase_if(m_groups, [&](const auto& known) {
        const bool gone = !std::binary_search(groups.begin(), groups.end(), known.first);
        m_places -= gone ? known.second.places.size() : 0;
        return gone;
    });
}

std::vector<std::shared_ptr<const GroupBacklog>> BacklogBook::groups() const {
    std::vector<std::shared_ptr<const GroupBacklog>> all;
    for (const auto& [id, group] : m_groups)
        if (group.made)
            all.push_back(group.made);
    return all;
}

std::shared_ptr<const GroupBacklog> BacklogBook::group(const std::string& id) const {
    const auto known = m_groups.find(id);
    return known == m_groups.end() ? nullptr : known->second.made;
}

void BacklogBook::restore(const store::BacklogRow& row) {
    SampleHistory history;
    if (!history.from_bytes(row.samples))
        return;
    const auto [place, is_new] =
        m_groups[row.group].places.try_emplace(kafka::TopicPartition{row.topic, row.partition});
    m_places += is_new ? 1 : 0;
    place->second.history = std::move(history);
}

void BacklogBook::fill(const std::string& group, const kafka::TopicPartition& at,
                       const BacklogSamples& recalled) {
    const auto [place, is_new] = m_groups[group].places.try_emplace(at);
    m_places += is_new ? 1 : 0;
    place->second.history.fill(recalled, m_began.value_or(Micros::now()), room());
    place->second.unsaved = !place->second.history.empty();
}

std::vector<store::BacklogRow> BacklogBook::unsaved() {
    std::vector<store::BacklogRow> rows;
    for (auto& [id, group] : m_groups)
        for (auto& [at, place] : group.places) {
            if (!std::exchange(place.unsaved, false))
                continue;
            rows.push_back({id, at.topic, at.partition, place.history.samples()->back().at,
                            place.history.to_bytes()});
        }
    return rows;
}

} // namespace weir
