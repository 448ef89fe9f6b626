// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads topics without leaving a trace: librdkafka's simple consumer, no group, no commit, no topic
// created. Partitions are dealt out to `streams` independent clients; each stream is polled by one
// thread, which then owns the batch.
//
// Thread contract: poll(i) from one thread per stream; everything else from any thread,
// non-blocking unless said. Bound: each stream buffers at most 4 MB in librdkafka (and one
// fetch's answer above it) and hands out at most `batch_records` records a poll. What is skipped
// (holes, truncation) is told by PartitionEvents.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "connectors/base/record_source.h"
#include "connectors/kafka/cluster.h"
#include "connectors/kafka/read/record_mark.h"

namespace weir::kafka {

struct StartAt {
    enum class Kind {
        Beginning,
        End,
        Offset,      // a partition that is not that far waits for it
        OffsetOrEnd, // there where it exists, at the end elsewhere: nothing that comes is missed
        LastN,
        Time,
        Group
    };
    Kind kind = Kind::End;
    std::int64_t number = 0; // an offset; LastN: so many offsets before each partition's end
    Micros time;             // Time: the first record with timestamp >= time
    std::string group;       // Group: its committed offsets; where it has none, the beginning
    std::string topic;       // OffsetOrEnd: of this topic alone; empty: any
    std::optional<PartitionId> partition; // OffsetOrEnd: of this partition alone
};

struct EndAt {
    enum class Kind {
        Never,    // follow
        Snapshot, // the read-uncommitted end as it is when reading starts
        Offset,   // exclusive; what is still to be written below it is waited for
        Time,     // the first record with timestamp >= time is not read
    };
    Kind kind = Kind::Never;
    std::int64_t number = 0;
    Micros time;
};

/// ReadCommitted: an open transaction that holds back what is left of a range ends its reading once
/// all of the range has been written.
enum class Isolation { ReadUncommitted, ReadCommitted };

/// One partition with an explicit range, for pruned reading. `to` < 0: as the request's EndAt says.
struct PartitionRange {
    std::string topic;
    PartitionId partition;
    Offset from;
    Offset to{-1};
};

struct ReadRequest {
    std::vector<std::string> topics;
    std::vector<std::string> topic_patterns;  // RE2's syntax, the whole name must match
    std::vector<PartitionRange> ranges;       // if not empty: only these, start and topics ignored
    std::vector<PartitionId> only_partitions; // if not empty: only these of each topic
    StartAt start;
    EndAt end;
    /// ReadUncommitted hands in aborted records too, unmarked: brokers name aborted transactions
    /// only to readers of committed records, and librdkafka hands out no control record.
    Isolation isolation = Isolation::ReadUncommitted;
    int streams = 2;
    std::size_t batch_records =
        512;              // a poll; so many stay in a core's cache while they are decoded
    bool discover = true; // pick up new partitions and topics while reading (EndAt::Never only)
    std::stop_token stop; // ends open() with Cancelled, once the question being asked is answered
};

enum class ReadState : std::uint8_t { Starting, Reading, AtEnd, Finished, Failed, Gone };

/// How far one partition has been read. Offsets are exact; `end_seen` is the newest end offset
/// known.
struct PartitionProgress {
    std::string topic;
    PartitionId partition;
    Offset begin;           // first offset that existed when reading started; -1: failed before
    Offset from;            // first offset asked for
    Offset next;            // next offset to be read
    Offset end;             // fixed end (exclusive), or -1 when following
    Offset end_seen;        // read-uncommitted end offset last seen
    Offset last_stable{-1}; // read_committed: last stable offset, -1 unknown
    std::int64_t records = 0;
    std::int64_t bytes = 0;             // key + value + headers handed out
    std::int64_t gap_offsets = 0;       // offsets that held no record for us
    std::int64_t truncated_offsets = 0; // deleted before they could be read
    ReadState state = ReadState::Starting;
    Micros failed_since{-1};
    std::string trouble; // the error's text while state is Failed or Gone
};

class Reader : public RecordSource {
  public:
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    /// Fetches metadata, fixes starts and ends, starts fetching. Blocks up to `timeout`.
    /// An empty range (begin = end) needs no fetch and is Finished at once. A partition that has no
    /// leader for half of the timeout is Failed and the others are read; following, it is read from
    /// the moment it has one. Only where no partition answers is that an error.
    /// Errors: NotFound (no such topic), NotPermitted, Connection, Authentication, Timeout,
    /// Cancelled.
    static Result<std::unique_ptr<Reader>>
    open(std::shared_ptr<Cluster> cluster, ReadRequest request, std::chrono::milliseconds timeout);

    /// How far every partition has been read.
    virtual std::vector<PartitionProgress> progress() const = 0;

    /// By which record each log is known again: the one that was read first, or, for who follows
    /// and has read nothing yet, one before that place; none of a log of which none is known. What
    /// was read to its end was of one log if find_fates() finds its mark the Same afterwards.
    virtual std::vector<LogMark> marks() const = 0;
    /// What has become of these logs, of this reader or another one on the cluster, in the same
    /// order. Blocks for one small fetch a partition, all at once, up to `timeout` or `stop`; also
    /// after the reader has finished. REQUIRES: no partition twice.
    virtual std::vector<LogFate> find_fates(const std::vector<LogMark>& marks,
                                            std::chrono::milliseconds timeout,
                                            const std::stop_token& stop) = 0;

  protected:
    Reader() = default;
};

} // namespace weir::kafka
