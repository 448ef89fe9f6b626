// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a cluster says about itself: brokers, topics, offsets, groups, settings. Only questions; it
// changes nothing, joins no group, and never makes a broker create a topic (a cluster on which no
// group ever was is not asked for coordinators, which would create __consumer_offsets there).
//
// Each call degrades alone, and each item of a call too: one topic, group or partition that may not
// be seen has an error of its own while the others have answers. "None" is an empty answer or
// Offset(-1), "not permitted" is an Error; they never look the same.
//
// Thread contract: every method from any thread; blocks up to its timeout, which is for the whole
// call. Bound: thousands of items go in batches; memory is that of the answer.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "connectors/base/record.h"
#include "connectors/base/result.h"
#include "connectors/base/types.h"
#include "connectors/kafka/cluster.h"

namespace weir::kafka {

class ObservedCluster;

struct BrokerInfo {
    std::int32_t id = -1;
    std::string host;
    int port = 0;
};

struct PartitionInfo {
    PartitionId id;
    std::int32_t leader = -1; // -1: none now
    std::vector<std::int32_t> replicas;
    std::vector<std::int32_t> in_sync;
};

struct TopicInfo {
    std::string name;
    std::vector<PartitionInfo> partitions; // by id
    std::optional<Error> error;            // then there are no partitions
};

struct ClusterInfo {
    std::vector<BrokerInfo> brokers;
    std::vector<TopicInfo> topics; // by name; those that may not be seen are not among them
};

struct TopicPartition {
    std::string topic;
    PartitionId partition;
    auto operator<=>(const TopicPartition&) const = default;
};

/// First offset that exists and the one after the last (read uncommitted). Their difference is no
/// count of events: compaction, transactions and markers leave holes.
struct PartitionOffsets {
    TopicPartition at;
    Offset begin{-1};
    Offset end{-1};
    std::optional<Error> error;
};

/// Where a partition's log begins or ends.
enum class Edge : std::uint8_t {
    Begin,      // the first offset that exists
    End,        // the one after the last (read uncommitted)
    LastStable, // before which no transaction is open: readers of committed records get no further
};

struct EdgeOffset {
    Offset offset{-1};
    std::optional<Error> error; // then there is no offset
};

/// The first record at or behind an offset that a reader of committed records gets.
struct NextRecord {
    enum class Seen : std::uint8_t {
        Record,     // it is described below
        Nothing,    // up to the last stable offset there are only control and aborted records
        PastEnd,    // the last stable offset is not beyond the offset
        NoTopic,    // the topic or partition does not exist (any more)
        Unanswered, // not found out in time, or not to be read
    };
    Seen seen = Seen::Unanswered;
    Offset offset{-1};
    Micros time{-1};
    TimestampType timestamp_type = TimestampType::None;
    std::int64_t bytes = 0; // of key and value
};

struct OffsetAtTime {
    TopicPartition at;
    Offset offset{-1};    // first record with timestamp >= time; -1: there is none
    bool assumed = false; // found by reading, which takes for granted that timestamps ascend
    std::optional<Error> error;
};

enum class GroupState { Unknown, PreparingRebalance, CompletingRebalance, Stable, Dead, Empty };
const char* to_word(GroupState state); // "stable", "empty", …

struct GroupListing {
    std::string id;
    GroupState state = GroupState::Unknown;
};

/// `missing`: brokers that did not answer; their groups are not among `groups`.
struct GroupList {
    std::vector<GroupListing> groups; // by id
    std::vector<Error> missing;
};

struct GroupMemberInfo {
    std::string member_id;
    std::string client_id;
    std::string instance_id; // empty: none
    std::string host;
    std::vector<TopicPartition> assigned;
};

struct GroupInfo {
    std::string id;
    GroupState state = GroupState::Unknown;
    std::string assignor;
    BrokerInfo coordinator;
    std::vector<GroupMemberInfo> members;
    std::optional<Error> error;
};

struct CommittedOffset {
    TopicPartition at;
    Offset offset{-1}; // next to be read; -1: none committed
    std::optional<Error> error;
};

struct GroupOffsets {
    std::string id;
    std::vector<CommittedOffset> offsets; // by topic and partition
    std::optional<Error> error;
};

struct ConfigEntry {
    std::string name;
    std::optional<std::string> value; // none: the broker keeps it to itself
    bool is_default = false;
    bool sensitive = false;
};

struct TopicConfig {
    std::string topic;
    std::vector<ConfigEntry> entries; // by name
    std::optional<Error> error;

    /// Null: there is no such setting, or the broker keeps its value to itself.
    const std::string* value(std::string_view name) const;
    /// Nothing: likewise, or it is no whole number.
    std::optional<std::int64_t> number(std::string_view name) const;
};

class Admin {
  public:
    using Wait = std::chrono::milliseconds;

    /// REQUIRES: a cluster from Cluster::open().
    explicit Admin(std::shared_ptr<Cluster> cluster);

    Result<std::string> cluster_id(Wait timeout);
    /// Errors of the whole call: Connection, Timeout, Authentication.
    Result<ClusterInfo> cluster_info(Wait timeout);
    /// Errors: NotFound, NotPermitted, and as above.
    Result<TopicInfo> topic_info(const std::string& topic, Wait timeout);

    /// One answer per partition, in the same order. REQUIRES: no partition twice.
    std::vector<PartitionOffsets> offsets(const std::vector<TopicPartition>& partitions,
                                          Wait timeout);
    /// The same for one edge alone, for who asks often.
    std::vector<EdgeOffset> edges(const std::vector<TopicPartition>& partitions, Edge edge,
                                  Wait timeout);
    /// What is to be read next from each offset, in the same order; all partitions at once, one
    /// batch of records each. REQUIRES: as many offsets as partitions, no partition twice.
    std::vector<NextRecord> next_records(const std::vector<TopicPartition>& partitions,
                                         const std::vector<Offset>& from, Wait timeout,
                                         const std::stop_token& stop = {});
    /// Where the broker cannot look up a time (the embedded cluster), by bisection: some ten
    /// records of each partition are read.
    std::vector<OffsetAtTime> offsets_at(const std::vector<TopicPartition>& partitions, Micros time,
                                         Wait timeout);

    /// Errors: Unsupported (the embedded cluster), Connection, Timeout, Authentication. Kafka lists
    /// only groups that may be seen, and does not say whether there are others.
    Result<GroupList> groups(Wait timeout);
    /// One answer per group, in the same order.
    std::vector<GroupInfo> describe_groups(const std::vector<std::string>& ids, Wait timeout);
    /// One answer per group, in the same order; all partitions for which the group has committed.
    std::vector<GroupOffsets> committed(const std::vector<std::string>& groups, Wait timeout);

    /// One answer per topic, in the same order.
    std::vector<TopicConfig> topic_configs(const std::vector<std::string>& topics, Wait timeout);

  private:
    using Deadline = std::chrono::steady_clock::time_point;
    Error failure(int kafka_error, const std::string& what) const;
    /// Those to be asked again: their coordinator was on the move.
    std::vector<GroupOffsets*> ask_committed(const std::vector<GroupOffsets*>& groups,
                                             Deadline deadline);
    void describe_some(std::vector<GroupInfo>& answers, std::size_t from, std::size_t to,
                       Deadline deadline);
    void configs_of_some(std::vector<TopicConfig>& answers, std::size_t from, std::size_t to,
                         Deadline deadline);

    std::shared_ptr<Cluster> m_cluster;
    ObservedCluster& m_inside;
};

} // namespace weir::kafka
