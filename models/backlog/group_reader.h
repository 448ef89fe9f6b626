// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads consumer groups in batches: committed offsets first, the logs' ends after them, so that a
// lag is never negative by the order of the questions; then who consumes, and of what lags what is
// to be read next. What changes seldom (beginnings, topics, settings) is asked seldom. Each
// question degrades alone: what was not answered is an error of its group or partition, or not
// known. Thread contract: one thread; blocks for the cluster's answers. Bound: groups_a_batch
// groups a question; looks_max records looked at in a reading; what is remembered is that of the
// groups read.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "models/backlog/backlog_facts.h"

namespace weir {

struct GroupReading {
    Micros at; // when the logs' ends were asked
    GroupFacts group;
    std::optional<Error> error; // the committed offsets were not had: there are no partitions
    std::vector<PartitionFacts> partitions; // by topic and partition
};

class GroupReader {
  public:
    static constexpr std::size_t groups_a_batch = 200;
    static constexpr std::size_t looks_max = 2'000;

    GroupReader(std::shared_ptr<kafka::Cluster> cluster, std::chrono::milliseconds timeout);

    /// Groups that may be seen; remembered for read(), which then knows what is listed as what.
    Result<kafka::GroupList> list();

    enum class Looks : std::uint8_t {
        Needed, // where an offset stands still: is there anything unread?
        All,    // wherever something may be unread, so that the lag in time is exact
    };
    /// One reading a group, in the same order.
    std::vector<GroupReading> read(const std::vector<std::string>& groups, Looks looks,
                                   const std::stop_token& stop = {});

  private:
    using Clock = std::chrono::steady_clock;
    struct Topic {
        std::map<PartitionId, kafka::PartitionInfo> partitions;
        std::optional<Error> error;
        bool gone = false;
        std::optional<std::int64_t> retention_us;
        bool retention_by_size = false;
        Clock::time_point info_asked{}, config_asked{};
    };
    struct Known {
        std::int64_t committed = -1;
        NextUnread next;
    };
    struct Begin {
        kafka::EdgeOffset edge;
        Clock::time_point asked{};
    };
    struct Description {
        kafka::GroupInfo info;
        Clock::time_point asked{};
    };
    using Partitions = std::vector<kafka::TopicPartition>;

    std::vector<GroupReading> read_batch(const std::vector<std::string>& groups, Looks looks,
                                         const std::stop_token& stop);
    void describe(const std::vector<std::string>& groups);
    GroupFacts facts_of(const std::string& group) const;
    void add_assigned(GroupReading& reading) const;
    void know_topics(const Partitions& partitions);
    void know_settings(const Partitions& partitions);
    void fill_topics(GroupReading& reading) const;
    void fill_retention(GroupReading& reading) const;
    Micros fill_ends(std::vector<GroupReading>& readings);
    void fill_stable(const std::vector<PartitionFacts*>& which);
    void look(std::vector<GroupReading>& readings, Looks looks, const std::stop_token& stop);
    void look_round(std::vector<std::pair<PartitionFacts*, Known*>>& open,
                    Clock::time_point deadline, const std::stop_token& stop);

    kafka::Admin m_admin;
    const std::chrono::milliseconds m_timeout;
    bool m_listed = false;
    std::map<std::string, kafka::GroupState> m_list;
    std::map<std::string, Topic> m_topics;
    Clock::time_point m_topics_asked{};
    std::map<kafka::TopicPartition, Begin> m_begins;
    std::map<std::string, Description> m_descriptions;
    std::map<std::string, std::map<kafka::TopicPartition, Known>> m_known;
};

} // namespace weir
