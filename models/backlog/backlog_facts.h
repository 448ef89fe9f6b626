// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is known of a consumer group now, as Kafka tells it; no judgement yet.
// Thread contract: plain values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "connectors/kafka/admin/admin.h"

namespace weir {

/// What lies behind a committed offset, decided by reading as a reader of committed records does.
struct NextUnread {
    using Seen = kafka::NextRecord::Seen;
    Seen seen = Seen::Unanswered;
    std::int64_t from = -1; // the committed offset that was asked about
    std::int64_t end = -1;  // the log's end at that time
    std::int64_t offset = -1;
    Micros time{-1}; // -1: the record has none
    TimestampType timestamp_type = TimestampType::None;
    std::int64_t bytes = 0; // of key and value

    bool is_record() const { return seen == Seen::Record; }
    /// Still true of a group that is at `committed` while the log ends at `now_end`.
    bool holds_for(std::int64_t committed, std::int64_t now_end) const {
        return from == committed && seen != Seen::Unanswered && (is_record() || end == now_end);
    }
};

struct PartitionFacts {
    kafka::TopicPartition at;
    std::int64_t committed = -1;   // -1: nothing committed
    std::int64_t begin = -1;       // -1: not known
    std::int64_t end = -1;         // -1: not known
    std::int64_t last_stable = -1; // -1: not asked
    bool gone = false;             // the topic or partition is there no more
    std::optional<Error> error;    // why something of it is not known
    NextUnread next;
    std::string member;       // who it is assigned to: "client at host"; empty: nobody that is seen
    std::int32_t leader = -1; // -1: none, or not known
    std::size_t replicas = 0, in_sync = 0;    // 0: not known
    std::optional<std::int64_t> retention_us; // nullopt: not known; < 0: for ever
    bool retention_by_size = false;           // records may go before their time
};

/// How a group's state and assignment were found, one after another.
struct GroupMoment {
    Micros at;
    kafka::GroupState state = kafka::GroupState::Unknown;
    std::uint64_t assignment = 0; // another number: members or their partitions are others
};

struct GroupFacts {
    std::string id;
    kafka::GroupState listed = kafka::GroupState::Unknown; // as the list has it
    kafka::GroupState state = kafka::GroupState::Unknown;  // as it is described
    bool is_listed = false;                                // the list was had, and it is in it
    std::size_t members = 0;
    std::string assignor;
    std::vector<std::string> member_texts; // "client at host (id)", sorted
    std::optional<Error> error;            // why it is not described
    std::vector<GroupMoment> moments;      // oldest first; changes, and the newest

    /// Who consumes can be seen. A group of the consumer protocol (KIP-848) is listed as Stable,
    /// but to this client described as Dead without a member.
    bool members_visible() const {
        if (error || state == kafka::GroupState::Unknown)
            return false;
        return state != kafka::GroupState::Dead ||
               (is_listed && listed == kafka::GroupState::Empty);
    }
};

} // namespace weir
