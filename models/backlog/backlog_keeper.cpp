// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/backlog/backlog_keeper.h"

#include <algorithm>

#include "connectors/base/time_units.h"
#include "models/backlog/commit_recall.h"

namespace weir {

namespace {

/// The cluster, not one group or topic, gave no answer.
bool is_outage(const Error& error) {
    return error.code == ErrorCode::Connection || error.code == ErrorCode::Timeout ||
           error.code == ErrorCode::Authentication;
}

} // namespace

BacklogKeeper::BacklogKeeper(std::shared_ptr<kafka::Cluster> cluster, BacklogOptions options)
    : m_cluster(std::move(cluster))
    , m_options(std::move(options))
    , m_reader(m_cluster, m_options.timeout)
    , m_book(m_options.rules) {}

void BacklogKeeper::open_history() {
    if (std::exchange(m_history_opened, true) || !m_options.keeps_history)
        return;
    const Result<std::string> id = m_cluster->cluster_id(m_options.timeout);
    const Result<std::string> file = id ? store::backlog_file(*id) : id;
    if (!file) {
        m_history_error = file.error();
        return;
    }
    auto opened = store::BacklogStore::open(*file);
    const bool others = !opened && opened.error().code == ErrorCode::Refused;
    if (others) // which another Weir writes; what it has seen so far is as good
        opened = store::BacklogStore::open_read_only(*file);
    if (!opened) {
        m_history_error = opened.error();
        return;
    }
    const Result<void> loaded =
        (*opened)->load([this](const store::BacklogRow& row) { m_book.restore(row); });
    if (!loaded)
        m_history_error = loaded.error();
    if (loaded && !others)
        m_store = *std::move(opened);
    if (m_store)
        (void)m_store->forget(Micros::now() - Micros(kept_days * day_us));
}

Result<void> BacklogKeeper::list() {
    const auto listed = m_reader.list();
    std::vector<std::string> wanted = m_options.groups;
    if (wanted.empty() && listed) {
        m_missing = listed->missing;
        wanted = m_options.known;
        for (const kafka::GroupListing& group : listed->groups)
            wanted.push_back(group.id);
        if (!m_missing.empty()) // their groups are not gone
            wanted.insert(wanted.end(), m_groups.begin(), m_groups.end());
    } else if (wanted.empty() && listed.error().code == ErrorCode::Unsupported) {
        wanted = m_options.known; // the cluster inside Weir lists none
    }
    if (wanted.empty() && !listed) {
        m_trouble = listed.error();
        return listed.error();
    }
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    m_listed = listed ? listed->groups.size() : 0;
    m_can_list = listed || listed.error().code != ErrorCode::Unsupported;
    m_groups = std::move(wanted);
    open_history();
    m_book.keep_only(m_groups);
    const auto gone = [&](const std::string& id) {
        return !std::binary_search(m_groups.begin(), m_groups.end(), id);
    };
    std::erase_if(m_read, gone);
    std::erase_if(m_recalled, gone);
    return {};
}

void BacklogKeeper::read(const std::vector<std::string>& groups, GroupReader::Looks looks,
                         const std::stop_token& stop) {
    absorb(m_reader.read(groups, looks, stop));
}

bool BacklogKeeper::recall(const std::vector<std::string>& groups, Micros span,
                           const std::stop_token& stop) {
    std::vector<std::string> asked;
    for (const std::string& group : groups)
        if (m_recalled.insert(group).second)
            asked.push_back(group);
    if (asked.empty() || m_recall_error)
        return false; // a right that is missing is not asked for again
    std::vector<GroupReading> readings = m_reader.read(asked, GroupReader::Looks::Needed, stop);
    auto recalled =
        weir::recall(m_cluster, readings, {m_started - span, m_started}, m_options.timeout, stop);
    if (recalled)
        for (const RecalledPlace& place : *recalled)
            m_book.fill(place.group, place.at, place.looks);
    else if (recalled.error().code != ErrorCode::NotFound) // nobody ever committed anything
        m_recall_error = recalled.error();
    absorb(std::move(readings));
    return true;
}

void BacklogKeeper::absorb(std::vector<GroupReading> readings) {
    if (readings.empty())
        return;
    // What nobody answered is no news: the last that was known stands, as of when it was read.
    const bool outage = std::all_of(readings.begin(), readings.end(), [](const auto& reading) {
        return reading.error && is_outage(*reading.error);
    });
    m_trouble = outage ? readings.front().error : std::nullopt;
    if (outage)
        return;
    for (const GroupReading& reading : readings)
        m_read.insert(reading.group.id);
    m_at = Micros::now();
    m_book.absorb(std::move(readings));
}

void BacklogKeeper::save() {
    if (!m_store)
        return;
    if (const auto saved = m_store->save(m_book.unsaved()); !saved)
        m_history_error = saved.error();
}

std::vector<std::string> BacklogKeeper::notes() const {
    std::vector<std::string> notes;
    const bool by_name = !m_options.groups.empty();
    if (!by_name && !m_can_list)
        notes.push_back(
            "this cluster cannot list its groups: those that the workspace's stages name "
            "are read");
    else if (!by_name && m_listed == 0 && m_missing.empty() && !m_trouble)
        notes.push_back(
            "no consumer group is listed: Kafka lists only those on which this user has "
            "the right DESCRIBE (or has it on the cluster), and does not say whether "
            "there are others; a group can be named by hand");
    if (!m_missing.empty())
        notes.push_back("the groups of " + std::to_string(m_missing.size()) +
                        (m_missing.size() == 1 ? " broker" : " brokers") +
                        " are not listed: " + m_missing.front().what);
    if (m_recall_error)
        notes.push_back("what groups did before this start is not known: " +
                        m_recall_error->text());
    if (m_history_error)
        notes.push_back("history is not kept: " + m_history_error->text());
    return notes;
}

std::shared_ptr<const BacklogSnapshot> BacklogKeeper::snapshot() const {
    auto snapshot = std::make_shared<BacklogSnapshot>();
    snapshot->groups = m_book.groups();
    snapshot->listed = m_groups.size();
    snapshot->read = m_read.size();
    snapshot->complete = m_at.value() >= 0 && m_read.size() == m_groups.size();
    snapshot->by_name = !m_options.groups.empty();
    snapshot->at = m_at;
    snapshot->trouble = m_trouble;
    snapshot->notes = notes();
    return snapshot;
}

} // namespace weir
