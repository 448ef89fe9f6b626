// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/backlog/backlog_words.h"

#include <QStringList>

#include <array>
#include <cmath>

#include "connectors/base/qt_text.h"
#include "connectors/base/time_units.h"
#include "models/event/grouped.h"

namespace weir {

namespace {

QString count_of(std::int64_t number) {
    return qt(grouped(number));
}

QString offset_of(std::int64_t offset) {
    return offset < 0 ? tr("not known") : count_of(offset);
}

QString per_s(const std::optional<double>& rate) {
    if (!rate)
        return tr("no trend yet");
    return std::abs(*rate) < 10 ? tr("%1 a second").arg(*rate, 0, 'f', 1)
                                : tr("%1 a second").arg(count_of(std::llround(*rate)));
}

QString rates_of(const std::optional<double>& in, const std::optional<double>& out) {
    return in && out ? tr("%1 in, %2 out").arg(per_s(in), per_s(out)) : per_s(std::nullopt);
}

QString drain_of(const Assessment& a) {
    if (a.nothing_unread)
        return tr("nothing to drain");
    if (a.drain_s)
        return qt(span_text(static_cast<std::int64_t>(*a.drain_s * us_per_s)));
    return a.velocity ? tr("never at this pace") : tr("no trend yet");
}

QString retention_of(const PartitionBacklog& p) {
    const PartitionFacts& facts = p.facts;
    if (!facts.retention_us)
        return tr("not known (it takes the right DESCRIBE_CONFIGS on the topic)");
    const QString by_size = facts.retention_by_size ? tr(", or earlier by size") : QString();
    if (*facts.retention_us < 0)
        return tr("kept for ever") + by_size;
    const QString kept = tr("kept for %1").arg(qt(span_text(*facts.retention_us))) + by_size;
    if (!p.assessment.retention_left_us)
        return kept;
    if (*p.assessment.retention_left_us <= 0)
        return kept + tr("; what is unread may go at any time");
    return kept +
           tr("; what is unread goes in %1").arg(qt(span_text(*p.assessment.retention_left_us)));
}

QString broker_of(const PartitionFacts& facts) {
    if (facts.replicas == 0)
        return tr("not known");
    const QString leader = facts.leader < 0 ? tr("▲ no leader") : tr("broker %1").arg(facts.leader);
    return tr("%1; %2 of %3 replicas in sync").arg(leader).arg(facts.in_sync).arg(facts.replicas);
}

QString state_of(const GroupFacts& group) {
    if (group.error)
        return tr("not described: %1").arg(qt(group.error->what));
    if (!group.members_visible())
        return tr("members not visible to this client");
    return group.members == 1 ? tr("%1, 1 member").arg(QLatin1String(kafka::to_word(group.state)))
                              : tr("%1, %2 members")
                                    .arg(QLatin1String(kafka::to_word(group.state)))
                                    .arg(group.members);
}

} // namespace

QString lag_time_text(const std::optional<std::int64_t>& us, LagMethod method) {
    if (!us)
        return tr("not known");
    const QString span = qt(span_text(*us));
    switch (method) {
    case LagMethod::Exact:
        return tr("%1 (exact, by the next unread record)").arg(span);
    case LagMethod::Interpolated:
        return tr("≈ %1 (interpolated between looks)").arg(span);
    case LagMethod::AtLeast:
        return tr("≥ %1 (it was there at the first look)").arg(span);
    case LagMethod::None:
        break;
    }
    return span;
}

QString next_unread_text(const PartitionBacklog& partition, Micros now) {
    const NextUnread& next = partition.facts.next;
    if (!next.is_record() || !next.holds_for(partition.facts.committed, partition.facts.end))
        return {};
    const QString size = next.bytes == 1 ? tr("1 byte") : tr("%1 bytes").arg(count_of(next.bytes));
    const QString at = tr("offset %1, %2").arg(count_of(next.offset), size);
    return next.time.value() < 0
               ? at
               : tr("%1, %2 old").arg(at, qt(span_text(now.value() - next.time.value())));
}

std::vector<BacklogFact> facts_of(const GroupBacklog& group) {
    QStringList members;
    for (const std::string& member : group.group.member_texts)
        members.append(qt(member));
    constexpr int members_shown = 6;
    const auto more = members.size() - members_shown;
    if (more > 0)
        members = members.mid(0, members_shown) << tr("and %1 more").arg(more);
    return {
        {tr("State"), state_of(group.group)},
        {tr("Members"), members.isEmpty() ? tr("none to be seen") : members.join(u'\n')},
        {tr("Assigned by"),
         group.group.assignor.empty() ? tr("not known") : qt(group.group.assignor)},
        {tr("Partitions"), QString::number(group.partitions.size())},
        {tr("Lag"), tr("%1 offsets").arg(count_of(group.lag_messages))},
        {tr("Behind, at most"), lag_time_text(group.lag_us, group.lag_method)},
        {tr("Rates"), rates_of(group.rate_in, group.rate_out)},
    };
}

std::vector<BacklogFact> facts_of(const GroupBacklog& group, const PartitionBacklog& partition) {
    const PartitionFacts& p = partition.facts;
    const Assessment& a = partition.assessment;
    const QString stable = p.last_stable >= 0 && p.last_stable != p.end
                               ? tr(", stable up to %1").arg(offset_of(p.last_stable))
                               : QString();
    const QString next = next_unread_text(partition, group.at);
    return {
        {tr("Committed"), p.committed < 0 ? tr("nothing") : count_of(p.committed)},
        {tr("Log"), tr("%1 to %2").arg(offset_of(p.begin), offset_of(p.end)) + stable},
        {tr("Lag"),
         a.lag_messages ? tr("%1 offsets").arg(count_of(*a.lag_messages)) : tr("not known")},
        {tr("Behind"), lag_time_text(a.lag_us, a.lag_method)},
        {tr("Next unread"), !next.isEmpty()    ? next
                            : a.nothing_unread ? tr("none")
                                               : tr("not known")},
        {tr("Rates"), rates_of(a.rate_in, a.rate_out)},
        {tr("Drained in"), drain_of(a)},
        {tr("Retention"), retention_of(partition)},
        {tr("Assigned to"), p.member.empty() ? tr("nobody to be seen") : qt(p.member)},
        {tr("Group"), state_of(group.group)},
        {tr("Leader"), broker_of(p)},
        {tr("Stands on"),
         a.looks == 1 ? tr("1 look")
                      : tr("%1 looks over %2").arg(count_of(a.looks), qt(span_text(a.span_us)))},
    };
}

QString verdicts_text(const BacklogSnapshot& snapshot) {
    std::array<int, static_cast<std::size_t>(Verdict::Lost) + 1> counts{};
    for (const auto& group : snapshot.groups)
        ++counts[static_cast<std::size_t>(group->verdict)];
    QStringList parts;
    for (std::size_t v = counts.size(); v-- > 0;)
        if (counts[v] > 0)
            parts.append(count_of(counts[v]) + u' ' +
                         QLatin1String(to_word(static_cast<Verdict>(v))));
    return parts.join(QStringLiteral(" · "));
}

} // namespace weir
