// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/live_session_source.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "app/gui/search_of_all.h"
#include "app/gui/topic_search.h"
#include "app/session/unmasking.h"
#include "connectors/base/qt_text.h"

namespace weir {
namespace {

bool at_end(const kafka::PartitionProgress& partition) {
    return partition.state == kafka::ReadState::AtEnd ||
           partition.state == kafka::ReadState::Finished;
}

bool broken(const kafka::PartitionProgress& partition) {
    return partition.state == kafka::ReadState::Failed || partition.state == kafka::ReadState::Gone;
}

/// What is known of one connection's reading.
struct Reading {
    bool stale = false;
    bool caught_up = false;
    std::optional<std::uint64_t> before, existing; // as LiveStatus has them
    Micros since{0};
    QString trouble; // empty: none
};

/// What is known once each partition has told where it begins and ends.
void count_records(const std::vector<kafka::PartitionProgress>& progress, Reading& reading) {
    std::int64_t before = 0;
    std::int64_t existing = 0;
    for (const kafka::PartitionProgress& partition : progress) {
        const std::int64_t begin = partition.begin.value();
        if (begin < 0 || partition.end_seen.value() < begin)
            return;
        before += std::max<std::int64_t>(0, partition.from.value() - begin);
        existing += partition.end_seen.value() - begin;
    }
    reading.before = static_cast<std::uint64_t>(before);
    reading.existing = static_cast<std::uint64_t>(existing);
}

/// Known of all that is added up, or of nothing.
void add_known(const std::optional<std::uint64_t>& part, std::optional<std::uint64_t>& sum) {
    sum = sum && part ? std::optional(*sum + *part) : std::nullopt;
}

QString partitions_trouble(const std::vector<kafka::PartitionProgress>& progress) {
    const auto failed = std::find_if(progress.begin(), progress.end(), broken);
    if (failed == progress.end())
        return {};
    const auto count = std::count_if(progress.begin(), progress.end(), broken);
    return tr("%1 of %2 partitions are not read: %3")
        .arg(count)
        .arg(progress.size())
        .arg(QString::fromStdString(failed->trouble));
}

Reading reading_of(const Watched& one) {
    Reading reading;
    const auto progress = one.live->reader().progress();
    reading.caught_up = !progress.empty() && std::all_of(progress.begin(), progress.end(), at_end);
    reading.trouble = partitions_trouble(progress);
    count_records(progress, reading);
    if (!one.cluster)
        return reading;
    const kafka::Health health = one.cluster->health();
    if (health.state == kafka::Health::State::Down ||
        health.state == kafka::Health::State::AuthenticationFailed) {
        // While nobody answers, which of its partitions are to blame is not known.
        reading.stale = true;
        reading.since = health.since;
        reading.trouble = QString::fromStdString(health.trouble);
    }
    return reading;
}

QString named(const std::string& connection, const QString& text) {
    return QString::fromStdString(connection) % QStringLiteral(": ") % text;
}

/// Of one that is not observed.
QString why_not_live(const Watched& one) {
    if (one.starting)
        return tr("connecting");
    return one.error ? tr("not connected: %1").arg(QString::fromStdString(one.error->what))
                     : tr("not connected");
}

/// What several observations come to: live if one is, and what is missing of the others.
void add_up(const std::vector<Watched>& watched, LiveStatus& status) {
    const bool several = watched.size() > 1;
    bool all_stale = true;
    bool caught_up = true;
    QStringList missing;
    QString stale_reason;
    status.before = status.existing = 0;
    for (const Watched& one : watched) {
        if (!one.live) {
            caught_up = false;
            status.before = status.existing = std::nullopt;
            missing.append(named(one.connection, why_not_live(one)));
            continue;
        }
        status.events_per_s += one.live->stats().events_per_s;
        const Reading reading = reading_of(one);
        caught_up = caught_up && reading.caught_up;
        add_known(reading.before, status.before);
        add_known(reading.existing, status.existing);
        if (reading.stale) {
            if (stale_reason.isEmpty() || reading.since.value() < status.since.value())
                status.since = reading.since;
            stale_reason = reading.trouble;
            if (several)
                missing.append(named(one.connection, tr("stale")));
            continue;
        }
        all_stale = false;
        if (!reading.trouble.isEmpty())
            missing.append(several ? named(one.connection, reading.trouble) : reading.trouble);
    }
    status.state = all_stale ? LiveStatus::State::Stale : LiveStatus::State::Live;
    status.caught_up = caught_up;
    status.reason = all_stale ? stale_reason : QString();
    status.partial = missing.join(QStringLiteral("; "));
}

/// Of a record, as far as any were read.
double usual_bytes(const IngestStats& stats) {
    return stats.records == 0
               ? 0
               : static_cast<double>(stats.bytes) / static_cast<double>(stats.records);
}

QStringList topics_of(const Observation& live) {
    QStringList topics;
    for (const kafka::PartitionProgress& partition : live.reader().progress()) {
        const QString topic = QString::fromStdString(partition.topic);
        if (!topics.contains(topic))
            topics.append(topic);
    }
    topics.sort();
    return topics;
}

/// What a search can read, and what was deleted. This would be an error that keeps it from the
/// others; where there is nothing else, the error is the answer.
struct SearchedTopics {
    std::vector<std::string> there;
    std::vector<std::string> gone;
};

SearchedTopics searched_topics(const Observation& live) {
    std::map<std::string, bool> known; // whether one of its partitions is there
    for (const kafka::PartitionProgress& partition : live.reader().progress()) {
        const bool there = partition.state != kafka::ReadState::Gone;
        const auto [topic, fresh] = known.emplace(partition.topic, there);
        topic->second = topic->second || there;
    }
    SearchedTopics topics;
    for (const auto& [name, there] : known)
        (there ? topics.there : topics.gone).push_back(name);
    if (topics.there.empty())
        topics.there.swap(topics.gone);
    return topics;
}

} // namespace

QString LiveSessionSource::connection() const {
    const kafka::ConnectionOptions* first = m_host.connectionOptions();
    return first == nullptr ? QString() : QString::fromStdString(first->name);
}

std::vector<std::string> LiveSessionSource::connections() const {
    const std::shared_ptr<const Workspace> workspace = m_host.workspace();
    return workspace ? watched_connections(*workspace) : std::vector<std::string>();
}

CommandTarget LiveSessionSource::commandTarget(const std::string& connection) const {
    CommandTarget target;
    const std::shared_ptr<const Workspace> workspace = m_host.workspace();
    const auto* options = workspace ? workspace->connection(connection) : nullptr;
    if (options == nullptr)
        return target;
    target.connection = *options;
    // Where the client really goes: the embedded cluster has an address too, once it runs; by its
    // workspace another process would only come to one of its own.
    if (const Watched* one = m_host.watched(connection); one != nullptr && one->cluster)
        target.connection.bootstrap = one->cluster->options().bootstrap;
    if (target.connection.bootstrap == options->bootstrap && !workspace->file.empty())
        target.workspace = std::filesystem::absolute(workspace->file).string();
    return target;
}

QStringList LiveSessionSource::topics() const {
    QStringList topics;
    for (const Watched& one : m_host.watched())
        if (one.live)
            topics += topics_of(*one.live);
    topics.removeDuplicates();
    topics.sort();
    return topics;
}

LiveStatus LiveSessionSource::status() const {
    LiveStatus status;
    status.since = m_host.since();
    switch (m_host.state()) {
    case SessionHost::State::Connecting:
        status.state = LiveStatus::State::Connecting;
        break;
    case SessionHost::State::Failed:
        status.state = LiveStatus::State::Failed;
        status.error = m_host.error();
        break;
    default:
        status.reason = tr("Nothing is connected");
    }
    if (m_host.state() == SessionHost::State::Live && m_host.observes())
        add_up(m_host.watched(), status);
    return status;
}

std::vector<std::shared_ptr<const LaneSnapshot>> LiveSessionSource::snapshots() const {
    std::vector<std::shared_ptr<const LaneSnapshot>> lanes;
    for (const Watched& one : m_host.watched()) {
        if (!one.live)
            continue;
        const auto stores = one.live->stores();
        lanes.insert(lanes.end(), stores.begin(), stores.end());
    }
    return lanes;
}

std::shared_ptr<const Vocabulary> LiveSessionSource::vocabulary() const {
    return m_host.session() == nullptr ? nullptr : m_host.session()->vocabulary();
}

/// Rows of several connections stand in one table: if one of them masks, all of it is masked.
std::shared_ptr<const DisclosurePolicy> LiveSessionSource::disclosure() const {
    std::shared_ptr<const DisclosurePolicy> policy;
    for (const std::string& name : connections()) {
        const auto own = m_host.session()->disclosure(name);
        if (!policy || (own && own->masks()))
            policy = own;
    }
    return policy ? policy : DisclosurePolicy::built_in_detectors();
}

DecoderFactory LiveSessionSource::decoders() const {
    // Shared: its threads may still decode when the window has gone on to another session.
    return [session = m_host.shared_session(), connection = connection().toStdString()] {
        return session == nullptr ? nullptr : session->make_decoder(connection);
    };
}

/// By the first connection that is masked: rows of several stand in one table.
DisclosureMaker LiveSessionSource::tokenised() const {
    const std::shared_ptr<const Workspace> workspace = m_host.workspace();
    if (m_host.session() == nullptr || !workspace || workspace->masking.token_key.text.empty())
        return {};
    std::string chosen = connection().toStdString();
    for (const std::string& name : connections())
        if (m_host.session()->disclosure(name)->masks()) {
            chosen = name;
            break;
        }
    return [session = m_host.shared_session(), chosen] { return session->tokenised(chosen); };
}

std::function<Result<void>()> LiveSessionSource::exportRecorder(const std::string& file,
                                                                std::uint64_t events) const {
    std::vector<std::shared_ptr<const Unmasking>> unmasked;
    if (m_host.session() != nullptr)
        for (const std::string& name : connections())
            if (auto unmasking = m_host.session()->unmasking(name))
                unmasked.push_back(std::move(unmasking));
    if (unmasked.empty())
        return {};
    return [workspace = m_host.workspace(), unmasked = std::move(unmasked), file,
            events]() -> Result<void> {
        for (const auto& unmasking : unmasked)
            if (auto recorded = record_unmasked_export(*workspace, *unmasking, file, events);
                !recorded)
                return recorded;
        return {};
    };
}

EventCheckers LiveSessionSource::checkers() const {
    return [session = m_host.shared_session()] {
        return session == nullptr ? nullptr : session->make_checker();
    };
}

bool LiveSessionSource::has_contracts() const {
    const Session* session = m_host.session();
    return session != nullptr && !session->contracts()->set->contracts().empty();
}

std::uint64_t LiveSessionSource::observation() const {
    return m_host.observation();
}

std::uint64_t LiveSessionSource::rules() const {
    const Session* session = m_host.session();
    return session == nullptr ? 0 : session->disclosure_revision();
}

std::uint64_t LiveSessionSource::spill_bytes_max() const {
    const std::shared_ptr<const Workspace> workspace = m_host.workspace();
    return workspace == nullptr ? LiveSource::spill_bytes_max() : workspace->retention.disk_bytes;
}

bool LiveSessionSource::can_search() const {
    return m_host.observes();
}

std::unique_ptr<LiveSearch> LiveSessionSource::search(std::shared_ptr<const Filter> filter,
                                                      bool exhaustive) {
    std::vector<ConnectionSearch> searches;
    const std::vector<Watched>& watched = m_host.watched();
    TopicSearch::Limits limits; // each search has its share
    const std::uint64_t shares = std::max<std::size_t>(watched.size(), 1);
    limits.rows /= shares;
    limits.memory_bytes /= shares;
    limits.disk_bytes = spill_bytes_max() / shares;
    for (const Watched& one : watched) {
        if (!one.live || !one.cluster)
            continue;
        SearchedTopics topics = searched_topics(*one.live);
        TopicSearch::Wanted wanted{std::move(topics.there), filter, exhaustive,
                                   usual_bytes(one.live->stats()), std::move(topics.gone)};
        searches.push_back({one.connection, std::make_unique<TopicSearch>(
                                                m_host.shared_session(), one.cluster,
                                                std::move(wanted), one.live->stores(), limits)});
    }
    if (searches.empty())
        return nullptr;
    if (searches.size() == 1)
        return std::move(searches.front().search);
    return std::make_unique<SearchOfAll>(std::move(searches));
}

} // namespace weir
