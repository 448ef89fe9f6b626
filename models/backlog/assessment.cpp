// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/backlog/assessment.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "connectors/base/time_units.h"
#include "models/backlog/trend.h"
#include "models/event/grouped.h"

namespace weir {

namespace {

constexpr std::int64_t pauses_in_window = 4;                // of a group that commits seldom
constexpr std::int64_t pause_us_max = 7 * 86'400'000'000LL; // longer ones are no habit

std::string unread_text(std::int64_t lag) {
    return grouped(lag) + (lag == 1 ? " offset" : " offsets") + " unread";
}

std::string rate_text(double per_s) {
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), std::abs(per_s) < 10 ? "%.1f/s" : "%.0f/s", per_s);
    return text.data();
}

std::string offset_text(std::int64_t offset) {
    return std::to_string(offset);
}

bool is_unsettled(kafka::GroupState state) {
    return state == kafka::GroupState::PreparingRebalance ||
           state == kafka::GroupState::CompletingRebalance;
}

/// What is known of the partition beside the verdict, for the rules to work on.
class Judge {
  public:
    Judge(const PartitionFacts& partition, const GroupFacts& group, const BacklogSamples& samples,
          Micros now, const AssessRules& rules)
        : m_p(partition)
        , m_group(group)
        , m_samples(samples)
        , m_now(now)
        , m_rules(rules) {}

    Assessment judge() {
        if (unknown() || lost() || all_read())
            return std::move(m_out);
        measure();
        if (!blocked() && !rewound() && !rebalancing() && !too_few() && !silent())
            moving();
        return std::move(m_out);
    }

  private:
    bool say(Verdict verdict, std::string reason) {
        m_out.verdict = verdict;
        m_out.reason = std::move(reason);
        return true;
    }

    bool unknown();
    bool lost();
    bool all_read();
    void measure();
    void measure_lag_time();
    bool blocked();
    bool rewound();
    bool rebalancing();
    bool too_few();
    bool silent();
    bool moving();
    std::string next_text() const;
    std::string retention_text() const;
    double floor_per_s() const {
        return m_rules.slope_floor_share * std::max(0.0, m_out.rate_in.value_or(0));
    }
    bool enough() const {
        return m_out.looks >= m_rules.looks_least && m_out.span_us >= m_rules.span_us_least;
    }

    const PartitionFacts& m_p;
    const GroupFacts& m_group;
    const BacklogSamples& m_samples;
    const Micros m_now;
    const AssessRules& m_rules;
    Cadence m_cadence;
    Assessment m_out;
};

bool Judge::unknown() {
    if (m_p.gone)
        return say(Verdict::Unknown, "the partition does not exist any more; its committed offset "
                                     "is left over from before");
    if (m_p.committed >= 0 && m_p.end >= 0)
        return false;
    if (m_p.error)
        return say(Verdict::Unknown, m_p.error->what);
    if (m_p.committed < 0)
        return say(Verdict::Unknown, m_p.member.empty()
                                         ? "the group has committed nothing here"
                                         : "assigned to " + m_p.member +
                                               ", but the group has committed nothing "
                                               "here: it is new, or keeps its offsets elsewhere");
    return say(Verdict::Unknown, "the log's end is not known");
}

bool Judge::lost() {
    m_out.lag_messages = m_p.end - m_p.committed;
    m_out.looks = 1;
    if (m_p.committed > m_p.end)
        return say(Verdict::Lost, "the committed offset " + offset_text(m_p.committed) +
                                      " lies beyond the log's end " + offset_text(m_p.end) +
                                      ": the topic was made again, or lost its tail");
    if (m_p.begin > m_p.committed)
        return say(Verdict::Lost, "the committed offset " + offset_text(m_p.committed) +
                                      " is below the log's start " + offset_text(m_p.begin) + ": " +
                                      grouped(m_p.begin - m_p.committed) +
                                      " offsets were deleted unread");
    return false;
}

bool Judge::all_read() {
    const bool at_end = m_p.committed == m_p.end;
    const bool by_reading = m_p.next.holds_for(m_p.committed, m_p.end) &&
                            m_p.next.seen == NextUnread::Seen::Nothing &&
                            (m_p.last_stable < 0 || m_p.last_stable == m_p.end);
    if (!at_end && !by_reading)
        return false;
    measure();
    m_out.nothing_unread = true;
    m_out.lag_us = 0;
    m_out.lag_method = LagMethod::Exact;
    m_out.drain_s = 0;
    m_out.retention_left_us.reset();
    return say(Verdict::Ok, at_end
                                ? "everything is read"
                                : "everything is read: the last " +
                                      (m_p.end - m_p.committed == 1
                                           ? std::string("offset holds")
                                           : grouped(m_p.end - m_p.committed) + " offsets hold") +
                                      " no record (control or aborted ones)");
}

void Judge::measure_lag_time() {
    const std::int64_t now = m_now.value();
    if (m_p.next.holds_for(m_p.committed, m_p.end) && m_p.next.is_record() &&
        m_p.next.time.value() >= 0) {
        m_out.lag_us = now - m_p.next.time.value();
        m_out.lag_method = LagMethod::Exact;
        if (m_p.retention_us && *m_p.retention_us >= 0)
            m_out.retention_left_us = *m_p.retention_us - *m_out.lag_us;
        return;
    }
    const auto written = written_at(m_samples, m_p.committed);
    if (!written)
        return;
    m_out.lag_us = now - written->time.value();
    m_out.lag_method = written->at_least ? LagMethod::AtLeast : LagMethod::Interpolated;
    if (!written->at_least && m_p.retention_us && *m_p.retention_us >= 0)
        m_out.retention_left_us = *m_p.retention_us - *m_out.lag_us;
}

void Judge::measure() {
    m_cadence = cadence_of(m_samples);
    const Trend trend =
        trend_of(m_samples, std::max(m_rules.window_us,
                                     pauses_in_window * m_cadence.usual_pause_us.value_or(0)));
    m_out.looks = trend.looks;
    m_out.span_us = trend.span_us;
    measure_lag_time();
    if (!enough())
        return; // a rate of two looks at once would be noise
    m_out.rate_in = trend.rate_in;
    m_out.rate_out = trend.rate_out;
    m_out.velocity = trend.velocity;
    const double falls = -trend.velocity.value_or(0);
    if (falls > floor_per_s() && falls > 0 && trend.rate_out.value_or(0) > 0)
        m_out.drain_s = static_cast<double>(*m_out.lag_messages) / falls;
}

/// Everything that is stable is read, and the end of what is has not moved for long enough.
bool Judge::blocked() {
    if (m_p.last_stable < 0 || m_p.last_stable >= m_p.end)
        return false;
    const bool read_up_to_it =
        m_p.committed >= m_p.last_stable ||
        (m_p.next.holds_for(m_p.committed, m_p.end) && m_p.next.seen == NextUnread::Seen::Nothing);
    if (!read_up_to_it)
        return false;
    Micros since = m_now;
    std::uint32_t looks = 0;
    for (auto s = m_samples.rbegin(); s != m_samples.rend() && s->last_stable == m_p.last_stable;
         ++s) {
        since = s->at;
        looks += s->looks;
    }
    const std::int64_t held_us = m_now.value() - since.value();
    if (looks < m_rules.looks_least || held_us < m_rules.span_us_least)
        return false;
    m_out.looks = looks;
    m_out.span_us = held_us;
    return say(Verdict::Blocked,
               "a transaction has been open for " + span_text(held_us) +
                   " or longer: it holds the last stable offset at " +
                   offset_text(m_p.last_stable) + ", and " + grouped(m_p.end - m_p.last_stable) +
                   " offsets behind it do not reach readers of committed records");
}

bool Judge::rewound() {
    const auto back = set_back(m_samples);
    if (!back)
        return false;
    return say(Verdict::Rewound,
               "set back from " + offset_text(back->from) + " to " + offset_text(back->to) + " " +
                   span_text(m_now.value() - back->at.value()) + " ago; it is at " +
                   offset_text(m_p.committed) + " now, " + unread_text(*m_out.lag_messages));
}

bool Judge::rebalancing() {
    int changes = 0;
    const GroupMoment* before = nullptr;
    Micros since = m_now;
    for (const GroupMoment& moment : m_group.moments) {
        if (m_now.value() - moment.at.value() > m_rules.window_us)
            continue;
        if (before != nullptr && moment.assignment != before->assignment) {
            ++changes;
            since = std::min(since, moment.at);
        }
        before = &moment;
    }
    if (changes < m_rules.changes_least)
        return false;
    return say(Verdict::Rebalancing, "the assignment changed " + std::to_string(changes) +
                                         " times in " + span_text(m_now.value() - since.value()) +
                                         "; " + unread_text(*m_out.lag_messages));
}

bool Judge::too_few() {
    if (enough())
        return false;
    return say(Verdict::Unknown,
               unread_text(*m_out.lag_messages) + "; " +
                   (m_out.looks == 1 ? std::string("1 look") : grouped(m_out.looks) + " looks") +
                   " over " + span_text(m_out.span_us) + " tell no trend yet (it takes " +
                   std::to_string(m_rules.looks_least) + " over " +
                   span_text(m_rules.span_us_least) + ")" + next_text());
}

bool Judge::silent() {
    const Micros since = m_cadence.last_move.value_or(m_samples.front().at);
    const std::int64_t silence = m_now.value() - since.value();
    const std::int64_t usual = m_cadence.usual_pause_us.value_or(0);
    const std::int64_t allowed = 2 * std::min(usual, pause_us_max) + m_rules.span_us_least;
    if (m_cadence.looks_since < m_rules.looks_least || silence < allowed)
        return false;
    const std::string for_so_long = (m_cadence.last_move ? "" : "at least ") + span_text(silence);
    m_out.looks = m_cadence.looks_since;
    m_out.span_us = silence;
    m_out.drain_s.reset();
    const std::string what = "no progress for " + for_so_long + " at offset " +
                             offset_text(m_p.committed) + ", " + unread_text(*m_out.lag_messages);
    if (is_unsettled(m_group.state))
        return say(Verdict::Rebalancing, "the group is being rebalanced; " + what);
    if (!m_p.member.empty())
        return say(Verdict::Stalled,
                   what + "; assigned to " + m_p.member + next_text() + retention_text());
    if (!m_group.members_visible())
        return say(Verdict::Stalled, what + "; members are not visible to this client" +
                                         next_text() + retention_text());
    const std::string nobody = m_group.members == 0
                                   ? "the group has no members"
                                   : "none of the group's " + grouped(m_group.members) +
                                         " members is assigned this partition";
    return say(Verdict::Stopped, "nobody consumes: " + nobody + "; " + what + retention_text());
}

bool Judge::moving() {
    const double slope = m_out.velocity.value_or(0);
    const double growth = slope * static_cast<double>(m_out.span_us) / us_per_s;
    const std::string rates = rate_text(m_out.rate_out.value_or(0)) + " out, " +
                              rate_text(m_out.rate_in.value_or(0)) + " in";
    const bool grows = slope > floor_per_s() && growth >= static_cast<double>(m_rules.growth_least);
    if (grows)
        return say(Verdict::Warn, "falling behind by " + rate_text(slope) + " (" + rates + "), " +
                                      unread_text(*m_out.lag_messages) + retention_text());
    if (m_out.retention_left_us && m_p.retention_us) {
        const double left = static_cast<double>(*m_out.retention_left_us);
        const bool in_time = m_out.drain_s && *m_out.drain_s * us_per_s < left;
        if (!in_time &&
            left < m_rules.retention_share_least * static_cast<double>(*m_p.retention_us))
            return say(Verdict::Warn, "close to losing records (" + rates + ")" + retention_text());
    }
    if (!m_out.velocity)
        return say(Verdict::Unknown,
                   unread_text(*m_out.lag_messages) + "; it commits seldom, and the commits of " +
                       span_text(m_out.span_us) + " tell no trend yet" + next_text());
    if (m_out.drain_s)
        return say(Verdict::Ok,
                   "catching up (" + rates + "), done in " +
                       span_text(static_cast<std::int64_t>(*m_out.drain_s * us_per_s)));
    return say(Verdict::Ok, "keeps up (" + rates + ")");
}

std::string Judge::next_text() const {
    if (!m_p.next.holds_for(m_p.committed, m_p.end) || !m_p.next.is_record())
        return {};
    return "; next unread is offset " + offset_text(m_p.next.offset) + " (" +
           grouped(m_p.next.bytes) + " bytes)";
}

std::string Judge::retention_text() const {
    if (!m_out.retention_left_us)
        return {};
    if (*m_out.retention_left_us <= 0)
        return "; retention may delete what is unread at any time";
    return "; retention deletes unread records in " + span_text(*m_out.retention_left_us) +
           (m_p.retention_by_size ? " or earlier" : "");
}

std::string two_units(std::int64_t big, const char* big_name, std::int64_t small,
                      const char* small_name) {
    std::string text = std::to_string(big) + " " + big_name;
    if (small != 0)
        text += " " + std::to_string(small) + " " + small_name;
    return text;
}

} // namespace

Assessment assess(const PartitionFacts& partition, const GroupFacts& group,
                  const BacklogSamples& samples, Micros now, const AssessRules& rules) {
    return Judge(partition, group, samples, now, rules).judge();
}

const char* to_word(LagMethod method) {
    switch (method) {
    case LagMethod::None:
        return "none";
    case LagMethod::Exact:
        return "exact";
    case LagMethod::Interpolated:
        return "interpolated";
    case LagMethod::AtLeast:
        return "at_least";
    }
    return "";
}

std::string span_text(std::int64_t us) {
    constexpr std::int64_t minute = 60, hour = 3600, day = 86'400;
    if (us < 0)
        return us == INT64_MIN ? "" : "-" + span_text(-us);
    if (us < 1'000'000)
        return std::to_string(us / 1000) + " ms";
    const std::int64_t s = us / 1'000'000;
    if (s < 10) {
        std::array<char, 32> text{};
        std::snprintf(text.data(), text.size(), "%.1f s", static_cast<double>(us) / us_per_s);
        return text.data();
    }
    if (s < minute)
        return std::to_string(s) + " s";
    if (s < hour)
        return two_units(s / minute, "min", s < 10 * minute ? s % minute : 0, "s");
    if (s < 2 * day)
        return two_units(s / hour, "h", s % hour / minute, "min");
    return two_units(s / day, "d", s % day / hour, "h");
}

} // namespace weir
