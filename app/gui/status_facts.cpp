// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/status_facts.h"

#include <algorithm>

#include "app/gui/session_host.h"
#include "app/gui/stream_news.h"
#include "connectors/base/qt_text.h"
#include "models/event/decode/decoder.h"
#include "widgets/common/number_text.h"

namespace weir {
namespace {

constexpr std::int64_t stale_after_us = 5'000'000;
constexpr std::int64_t behind_limit_us = 5'000'000;

/// A shape and a word go with each state: no state is told by colour alone.
StatusFact connection_fact(const SessionHost& host, const kafka::ConnectionOptions& connection,
                           std::int64_t now_us) {
    const QString name = QString::fromStdString(connection.name);
    const QString address = QString::fromStdString(connection.bootstrap);
    const Watched* one = host.watched(connection.name);
    if (one != nullptr && one->starting && host.state() != SessionHost::State::Failed)
        return {tr("◌ %1 connecting").arg(name), address, Token::Amber, false};
    if (one != nullptr && one->error)
        return {tr("▲ %1 not connected").arg(name), QString::fromStdString(one->error->text()),
                Token::Red, true};
    if (one == nullptr || !one->cluster)
        return {tr("○ %1 not connected").arg(name), address, Token::Muted, false};
    const kafka::Health health = one->cluster->health();
    const QString trouble = QString::fromStdString(health.trouble);
    const QString since = duration_text(std::max<std::int64_t>(0, now_us - health.since.value()));
    switch (health.state) {
    case kafka::Health::State::Connecting:
        return {tr("◌ %1 connecting, %2").arg(name, since), trouble, Token::Amber, false};
    case kafka::Health::State::Down:
        return {tr("▲ %1 down, stale %2").arg(name, since), trouble, Token::Red, true};
    case kafka::Health::State::AuthenticationFailed:
        return {tr("▲ %1 refuses the login").arg(name), trouble, Token::Red, true};
    case kafka::Health::State::Up:
        break;
    }
    const std::int64_t quiet_us = now_us - health.last_contact.value();
    if (health.last_contact.value() >= 0 && quiet_us > stale_after_us)
        return {tr("◐ %1 stale %2").arg(name, duration_text(quiet_us)),
                tr("No broker has answered for %1").arg(duration_text(quiet_us)), Token::Amber,
                false};
    if (const auto error = one->cluster->not_noted())
        return {tr("● %1 up, not noted").arg(name),
                tr("This cluster was not noted as one never to be written to. %1")
                    .arg(QString::fromStdString(error->text())),
                Token::Amber, false};
    return {tr("● %1 up").arg(name), address, Token::Muted, false};
}

/// Whether a broker has just told where the stream ends.
bool end_is_known(const Watched& one, std::int64_t now_us) {
    if (!one.cluster)
        return false;
    const kafka::Health health = one.cluster->health();
    return health.state == kafka::Health::State::Up &&
           now_us - health.last_contact.value() <= stale_after_us;
}

/// What all observations come to together.
struct Total {
    IngestStats stats; // sums; behind_us is that of the one furthest behind, -1: one is not known
    std::uint64_t failures = 0;
    bool end_known = true;
    bool any = false;
};

std::int64_t further_behind(std::int64_t a_us, std::int64_t b_us) {
    return a_us < 0 || b_us < 0 ? -1 : std::max(a_us, b_us);
}

Total total(const SessionHost& host, std::int64_t now_us) {
    Total all;
    all.stats.behind_us = 0;
    for (const Watched& one : host.watched()) {
        if (!one.live)
            continue;
        const IngestStats stats = one.live->stats();
        all.stats.records += stats.records;
        all.stats.events += stats.events;
        all.stats.bytes += stats.bytes;
        all.stats.undecodable += stats.undecodable;
        all.stats.cut_events += stats.cut_events;
        all.stats.events_per_s += stats.events_per_s;
        all.stats.behind_us = further_behind(all.stats.behind_us, stats.behind_us);
        for (const auto& lane : one.live->stores())
            all.failures += lane->failures_absorbed;
        if (!stats.trouble.empty())
            all.stats.trouble = one.connection + ": " + stats.trouble;
        all.end_known = all.end_known && end_is_known(one, now_us);
        all.any = true;
    }
    return all;
}

void add_stream_facts(const IngestStats& stats, bool end_known, std::vector<StatusFact>& facts) {
    facts.push_back({tr("in %1").arg(rate_text(stats.events_per_s)),
                     tr("%1 events of %2 records since the start, %3")
                         .arg(count_text(stats.events), count_text(stats.records),
                              bytes_text(static_cast<double>(stats.bytes))),
                     Token::Muted, false});
    if (stats.behind_us == 0 && !end_known) {
        facts.push_back({tr("▲ end of the stream not known"),
                         tr("All that came has been read; no broker tells now whether there is "
                            "more"),
                         Token::Amber, true});
    } else if (stats.behind_us >= 0) {
        const bool late = stats.behind_us > behind_limit_us;
        facts.push_back({stats.behind_us == 0
                             ? tr("at the end of the stream")
                             : (late ? tr("▲ %1 behind the stream") : tr("%1 behind the stream"))
                                   .arg(duration_text(stats.behind_us)),
                         tr("How far Weir itself is behind: now less the time up to which every "
                            "partition has been read"),
                         late ? Token::Amber : Token::Muted, late});
    }
}

void add_memory_facts(const SessionHost& host, const RetentionSpec& limits,
                      std::vector<StatusFact>& facts) {
    std::uint64_t held = 0;
    std::uint64_t released = 0;
    std::uint64_t bytes = 0;
    for (const Watched& one : host.watched()) {
        if (!one.live)
            continue;
        for (const std::shared_ptr<const LaneSnapshot>& lane : one.live->stores()) {
            held += lane->rows_absorbed - lane->rows_released;
            released += lane->rows_released;
            bytes += lane->bytes_held;
        }
    }
    facts.push_back(
        {tr("in memory %1 of %2")
             .arg(compact_text(static_cast<double>(held)),
                  compact_text(static_cast<double>(limits.memory_rows))),
         tr("%1 events, %2 of %3. Older ones make room for newer ones: %4 so far")
             .arg(count_text(held), bytes_text(static_cast<double>(bytes)),
                  bytes_text(static_cast<double>(limits.memory_bytes)), count_text(released)),
         Token::Muted, false});
}

/// Partitions that cannot be read although their cluster answers. While it does not answer, the
/// connection's own fact says so, and which of its partitions are to blame is not known.
struct Losses {
    std::int64_t truncated = 0;
    int failed = 0;
    QString trouble;
};

void count_losses(const Watched& one, Losses& losses) {
    const bool answers = one.cluster && one.cluster->health().state == kafka::Health::State::Up;
    for (const kafka::PartitionProgress& partition : one.live->reader().progress()) {
        losses.truncated += partition.truncated_offsets;
        if (!answers || (partition.state != kafka::ReadState::Failed &&
                         partition.state != kafka::ReadState::Gone))
            continue;
        ++losses.failed;
        losses.trouble = QString::fromStdString(partition.topic) % QLatin1Char('/') %
                         QString::number(partition.partition.value()) % QStringLiteral(": ") %
                         QString::fromStdString(partition.trouble);
    }
}

/// What is wrong, or has gone wrong, with what is read.
void add_alarms(const SessionHost& host, const Losses& losses, const IngestStats& stats,
                const ZoneClock& clock, std::vector<StatusFact>& facts) {
    if (losses.failed > 0)
        facts.push_back({losses.failed == 1 ? tr("▲ 1 partition not read")
                                            : tr("▲ %1 partitions not read").arg(losses.failed),
                         losses.trouble, Token::Red, true});
    if (!stats.trouble.empty())
        facts.push_back(
            {tr("▲ reading has ended"), QString::fromStdString(stats.trouble), Token::Red, true});
    for (const Watched& one : host.watched())
        if (one.live)
            if (auto news =
                    news_fact(one.live->stats().notes, one.live->reader().progress(), clock))
                facts.push_back(*std::move(news));
}

void add_loss_facts(const Losses& losses, const Total& all, std::vector<StatusFact>& facts) {
    facts.push_back({tr("dropped %1").arg(count_text(losses.truncated)),
                     tr("Offsets that were deleted on the broker before they could be read"),
                     losses.truncated > 0 ? Token::Red : Token::Muted, losses.truncated > 0});
    if (const std::uint64_t cut = all.stats.cut_events; cut > 0)
        facts.push_back({tr("▲ %1 events not read").arg(count_text(cut)),
                         tr("Of a record that holds more, the first %1 events are read")
                             .arg(count_text(std::uint64_t{events_per_record_max})),
                         Token::Red, true});
    if (const std::uint64_t undecodable = all.stats.undecodable; undecodable > 0)
        facts.push_back(
            {tr("not decoded %1 of %2 failures")
                 .arg(count_text(undecodable), count_text(std::max(undecodable, all.failures))),
             tr("Records that no dialect could read, since the stream began; they are shown as "
                "they are. The other failures are dead letters. A search of the topic counts its "
                "own"),
             Token::Amber, false});
}

} // namespace

std::vector<StatusFact> status_facts(const SessionHost& host, std::int64_t now_us,
                                     const ZoneClock& clock) {
    std::vector<StatusFact> facts;
    const std::shared_ptr<const Workspace> workspace = host.workspace();
    if (!workspace) {
        facts.push_back({host.state() == SessionHost::State::Opening ? tr("opening the workspace")
                                                                     : tr("no workspace"),
                         {},
                         Token::Muted,
                         false});
        return facts;
    }
    for (const kafka::ConnectionOptions& connection : workspace->connections)
        facts.push_back(connection_fact(host, connection, now_us));
    if (const Total all = total(host, now_us); all.any) {
        Losses losses;
        for (const Watched& one : host.watched())
            if (one.live)
                count_losses(one, losses);
        add_alarms(host, losses, all.stats, clock, facts);
        add_stream_facts(all.stats, all.end_known, facts);
        add_memory_facts(host, workspace->retention, facts);
        add_loss_facts(losses, all, facts);
    }
    return facts;
}

} // namespace weir
