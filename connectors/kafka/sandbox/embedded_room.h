// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What an embedded cluster's partitions hold that somebody has still to read. The cluster itself
// drops a partition's oldest records once it is full; where a group that reads a topic was
// announced, or nothing of it may be dropped, whoever writes asks for room here first, and waits.
// What every announced group has committed makes room. Topics that nobody announced are not
// counted.
//
// Thread contract: every method from any thread. Bound: an entry a record that is not released, of
// which a partition holds EmbeddedCluster::safe_bytes_per_partition, each counted with its
// overhead.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "connectors/base/types.h"

namespace weir::kafka {

class EmbeddedRoom {
  public:
    /// What a record takes besides its key, value and headers.
    static constexpr std::int64_t record_overhead_bytes = 80;

    struct Place {
        std::string topic;
        std::int32_t partition = 0;
        std::int64_t bytes = 0;
    };

    /// That of the embedded cluster at this address; null: none runs there.
    static std::shared_ptr<EmbeddedRoom> of(const std::string& bootstrap);

    void add_topic(const std::string& topic, int partitions);
    /// 0: there is no such topic.
    int partitions(const std::string& topic) const;

    /// This group reads these topics from now on; what it has not committed is kept. It stays
    /// announced also while none of its members is there.
    void announce(const std::string& group, const std::vector<std::string>& topics);
    /// Nothing of this topic is to be dropped, whoever reads it.
    void keep(const std::string& topic);

    /// Room for all of them together; false: for none of them.
    bool reserve(const std::vector<Place>& places);
    /// Reserves also what there is no room for.
    void take(const Place& place);
    /// What was reserved stands there, or will not.
    void written(const Place& place, Offset offset);
    void not_written(const Place& place);
    void committed(const std::string& group, const std::string& topic, PartitionId partition,
                   Offset next);
    /// Records of topics that groups read which not all of these have committed.
    std::uint64_t unread() const;

  private:
    struct Partition {
        std::int64_t coming_bytes = 0; // reserved, not yet written
        std::int64_t held_bytes = 0;
        std::deque<std::pair<std::int64_t, std::int64_t>> held; // offset, bytes; ascending
        std::map<std::string, std::int64_t> commits;            // by group
        std::int64_t read = 0;                                  // by all of them
    };
    struct Topic {
        bool kept = false;
        std::vector<std::string> groups;
        std::vector<Partition> partitions;
        bool counted() const { return kept || !groups.empty(); }
    };
    Partition* find(const std::string& topic, std::int32_t partition);
    static void give_back(Partition& partition, std::int64_t bytes);
    static void release(Partition& partition);

    mutable std::mutex m_mutex;
    std::map<std::string, Topic> m_topics;
};

} // namespace weir::kafka
