// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/sandbox/embedded_room.h"

#include <algorithm>
#include <iterator>

#include "connectors/kafka/sandbox/embedded.h"

namespace weir::kafka {

void EmbeddedRoom::add_topic(const std::string& topic, int partitions) {
    const std::lock_guard lock(m_mutex);
    auto& all = m_topics[topic].partitions;
    if (all.empty())
        all.resize(static_cast<std::size_t>(partitions));
}

int EmbeddedRoom::partitions(const std::string& topic) const {
    const std::lock_guard lock(m_mutex);
    const auto found = m_topics.find(topic);
    return found == m_topics.end() ? 0 : static_cast<int>(found->second.partitions.size());
}

void EmbeddedRoom::announce(const std::string& group, const std::vector<std::string>& topics) {
    const std::lock_guard lock(m_mutex);
    for (const std::string& topic : topics) {
        auto& groups = m_topics[topic].groups;
        if (std::find(groups.begin(), groups.end(), group) == groups.end())
            groups.push_back(group);
    }
}

void EmbeddedRoom::keep(const std::string& topic) {
    const std::lock_guard lock(m_mutex);
    m_topics[topic].kept = true;
}

/// Null: it is not counted.
EmbeddedRoom::Partition* EmbeddedRoom::find(const std::string& topic, std::int32_t partition) {
    const auto found = m_topics.find(topic);
    const auto number = static_cast<std::size_t>(partition);
    if (found == m_topics.end() || !found->second.counted() ||
        number >= found->second.partitions.size())
        return nullptr;
    return &found->second.partitions[number];
}

bool EmbeddedRoom::reserve(const std::vector<Place>& places) {
    const std::lock_guard lock(m_mutex);
    for (auto place = places.begin(); place != places.end(); ++place) {
        Partition* const partition = find(place->topic, place->partition);
        if (partition == nullptr)
            continue;
        // A record that alone is more than a partition's room has it when nothing else has.
        const std::int64_t taken = partition->coming_bytes + partition->held_bytes;
        if (taken > 0 && taken + place->bytes > EmbeddedCluster::safe_bytes_per_partition) {
            for (auto back = places.begin(); back != place; ++back)
                if (Partition* const given = find(back->topic, back->partition))
                    give_back(*given, back->bytes);
            return false;
        }
        partition->coming_bytes += place->bytes;
    }
    return true;
}

void EmbeddedRoom::take(const Place& place) {
    const std::lock_guard lock(m_mutex);
    if (Partition* const partition = find(place.topic, place.partition))
        partition->coming_bytes += place.bytes;
}

void EmbeddedRoom::written(const Place& place, Offset offset) {
    const std::lock_guard lock(m_mutex);
    Partition* const partition = find(place.topic, place.partition);
    if (partition == nullptr)
        return;
    // Acknowledgements of several producers overtake each other by little.
    auto behind = partition->held.end();
    while (behind != partition->held.begin() && std::prev(behind)->first > offset.value())
        --behind;
    partition->held.insert(behind, {offset.value(), place.bytes});
    partition->held_bytes += place.bytes;
    give_back(*partition, place.bytes);
    release(*partition);
}

void EmbeddedRoom::not_written(const Place& place) {
    const std::lock_guard lock(m_mutex);
    if (Partition* const partition = find(place.topic, place.partition))
        give_back(*partition, place.bytes);
}

/// What was reserved before the topic was counted is not there to be given back.
void EmbeddedRoom::give_back(Partition& partition, std::int64_t bytes) {
    partition.coming_bytes = std::max<std::int64_t>(0, partition.coming_bytes - bytes);
}

void EmbeddedRoom::committed(const std::string& group, const std::string& topic,
                             PartitionId partition, Offset next) {
    const std::lock_guard lock(m_mutex);
    Partition* const at = find(topic, partition.value());
    if (at == nullptr)
        return;
    at->commits[group] = next.value();
    const auto& groups = m_topics[topic].groups;
    if (groups.empty())
        return;
    std::int64_t least = INT64_MAX;
    for (const std::string& each : groups)
        least = std::min(least, at->commits[each]); // none yet: 0
    at->read = least;
    release(*at);
}

std::uint64_t EmbeddedRoom::unread() const {
    const std::lock_guard lock(m_mutex);
    std::uint64_t records = 0;
    for (const auto& [name, topic] : m_topics)
        if (!topic.groups.empty())
            for (const Partition& partition : topic.partitions)
                records += partition.held.size();
    return records;
}

void EmbeddedRoom::release(Partition& partition) {
    while (!partition.held.empty() && partition.held.front().first < partition.read) {
        partition.held_bytes -= partition.held.front().second;
        partition.held.pop_front();
    }
}

} // namespace weir::kafka
