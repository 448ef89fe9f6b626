// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads a sandbox's topics as a member of a consumer group. Commits are writes, so it is made from
// a ticket, as a Producer is, and its connections are guarded as a producer's are. It starts where
// its group's commit stands (or where its owner says), at the beginning where there is none, and
// tells of what retention deleted before it was read.
//
// Thread contract: one owner; the hooks run inside its calls. Bound: records_max a poll, queue_kb
// of fetched bytes in librdkafka.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connectors/base/record.h"
#include "connectors/kafka/admin/admin.h"
#include "connectors/kafka/sandbox/sandbox.h"

namespace weir::kafka {

struct TopicPartitionOffset {
    std::string topic;
    PartitionId partition;
    Offset offset; // the next to be read
};

struct GroupOptions {
    std::string group;
    std::vector<std::string> topics; // that exist
    bool read_committed = true;
    std::chrono::milliseconds session_timeout{10'000};
    int queue_kb = 8 * 1024;
    /// Where to begin, given where the group's commits stand (-1: none); for those who keep their
    /// offsets elsewhere. An error: tried again at the next poll.
    std::function<Result<void>(std::vector<TopicPartitionOffset>&)> starts;
    /// Partitions are this member's from now on; nothing of them has been handed out yet.
    std::function<void(const std::vector<TopicPartition>&)> assigned;
    /// They no longer are. `lost`: somebody else may have them already, a commit would be refused.
    std::function<void(const std::vector<TopicPartition>&, bool lost)> revoked;
};

class GroupReader {
  public:
    /// Errors: Refused (another cluster answers), Config, Connection, Timeout, Authentication.
    static Result<std::unique_ptr<GroupReader>>
    open(const SandboxTicket& ticket, GroupOptions options, std::chrono::milliseconds timeout);
    virtual ~GroupReader() = default; // leaves the group; revoked() is called
    GroupReader(const GroupReader&) = delete;
    GroupReader& operator=(const GroupReader&) = delete;

    /// Records of its partitions, each in order, none left out but what `events` tells of
    /// (Truncated, Failed); no more than `records_max`. Waits up to `wait` for the first. Must be
    /// called at least every max.poll.interval.ms (five minutes). REQUIRES: records_max is not 0.
    virtual RecordBatch poll(std::chrono::milliseconds wait, std::size_t records_max) = 0;

    /// Whether records are handed out: a paused member stays in its group. poll() goes on.
    virtual void pause(bool paused) = 0;

    /// Commits outside of a transaction; waits for the broker. Errors: Connection, Timeout, Refused
    /// (no longer its partition).
    virtual Result<void> commit(const std::vector<TopicPartitionOffset>& next) = 0;

    /// Goes back to what is committed: as if everything were lost and assigned anew.
    virtual void start_over() = 0;

    virtual std::vector<TopicPartition> assignment() const = 0;

    /// Who it is in its group now, for Producer::commit_offsets(). Not for reading.
    virtual std::string credentials() const = 0;

    /// Why it cannot go on: fenced, another cluster. Empty: it can.
    virtual std::optional<Error> fatal() const = 0;

  protected:
    GroupReader() = default;
};

} // namespace weir::kafka
