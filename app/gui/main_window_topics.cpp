// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The palette's offer to watch topics of the clusters that the workspace does not watch yet.
#include <algorithm>
#include <set>

#include "app/gui/main_window.h"

namespace weir {
namespace {

std::vector<std::string> topics_read(const Observation& live) {
    std::set<std::string> topics;
    for (const kafka::PartitionProgress& partition : live.reader().progress())
        topics.insert(partition.topic);
    return {topics.begin(), topics.end()};
}

} // namespace

/// Asks on a worker; the answer joins the palette when it comes.
void MainWindow::ask_for_topics() {
    struct Place {
        std::string connection;
        std::shared_ptr<kafka::Cluster> cluster;
        std::vector<std::string> known;
    };
    std::vector<Place> places;
    // What runs inside Weir would end with the observation that is replaced.
    if (m_host.session() != nullptr && m_host.session()->embedded() == nullptr)
        for (const Watched& one : m_host.watched())
            if (one.live && one.cluster)
                places.push_back({one.connection, one.cluster, topics_read(*one.live)});
    m_other_topics.drop();
    if (places.empty() || !m_start.list_topics)
        return;
    m_other_topics.start([places = std::move(places), list = m_start.list_topics] {
        std::vector<OtherTopic> others;
        for (const Place& place : places)
            for (std::string& topic : list(place.cluster))
                if (!std::binary_search(place.known.begin(), place.known.end(), topic))
                    others.push_back({place.connection, std::move(topic)});
        return others;
    });
}

/// Puts what has come meanwhile into the palette that is open.
void MainWindow::offer_topics() {
    if (m_palette->isVisible() && !m_topics_offered && m_other_topics.answer()) {
        m_topics_offered = true;
        m_palette->replace(palette_items());
    }
}

std::vector<PaletteItem> MainWindow::other_topics() {
    std::vector<PaletteItem> items;
    const auto others = m_other_topics.answer();
    if (!others || m_host.state() != SessionHost::State::Live)
        return items;
    for (const OtherTopic& other : *others)
        items.push_back({tr("Watch topic %1").arg(QString::fromStdString(other.topic)),
                         QString::fromStdString(other.connection),
                         {},
                         [this, other] { watch_topic(other); }});
    return items;
}

/// Watches it beside the others; reading begins anew.
void MainWindow::watch_topic(const OtherTopic& other) {
    const std::shared_ptr<const Workspace> workspace = m_host.workspace();
    if (workspace == nullptr)
        return;
    Workspace changed = *workspace;
    const auto at = std::find_if(
        changed.watch.begin(), changed.watch.end(),
        [&](const Workspace::Watch& watch) { return watch.connection == other.connection; });
    if (at == changed.watch.end()) { // the topics of its stages were read
        const kafka::ReadRequest request = watched(*workspace, other.connection);
        changed.watch.push_back({other.connection, request.topics, request.topic_patterns});
        changed.watch.back().topics.push_back(other.topic);
    } else {
        at->topics.push_back(other.topic);
    }
    const bool agreed = m_agreed;
    open_session([make = m_start.make_session, changed = std::move(changed),
                  agreed] { return make(changed, {.allow_commands = agreed}); },
                 agreed);
}

} // namespace weir
