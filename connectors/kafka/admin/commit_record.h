// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A record of __consumer_offsets as Kafka's message definitions have it: what a group committed for
// a partition (OffsetCommitKey 0 and 1, OffsetCommitValue 0 to 4). Groups' own records stand in the
// same topic, told by their key's version. The bytes are a broker's, but whoever may write there
// can forge them: every length is checked. Thread contract: pure functions; a CommitRecord's texts
// are views into the key.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "connectors/base/types.h"

namespace weir::kafka {

/// The topic in which brokers keep what groups commit.
inline constexpr const char* commits_topic = "__consumer_offsets";

struct CommitRecord {
    enum class Kind : std::uint8_t {
        Commit,
        Deletion,   // expired, or deleted: nothing is committed there any more
        Other,      // of a group's members and assignments
        Unreadable, // no such record, or of a version that is not known
    };
    Kind kind = Kind::Unreadable;
    std::string_view group; // of Commit and Deletion, as what follows
    std::string_view topic;
    PartitionId partition;
    Offset offset{-1}; // of Commit: next to be read
    Micros at{-1};     // of Commit, by the broker's clock
};

/// No value: a tombstone.
CommitRecord parse_commit(std::string_view key, std::optional<std::string_view> value);

/// In which of the topic's partitions a group's commits stand. REQUIRES: partitions >= 1; the id is
/// UTF-8.
PartitionId commits_partition(std::string_view group, std::int32_t partitions);

} // namespace weir::kafka
