// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Looks at single records of many partitions at once: what is there now at an offset? By that a log
// is known again (LogMark). Inside connectors/kafka only.
//
// Thread contract: from any thread; blocks up to the deadline, and as long as others look before.
// Bound: one batch of records a place, all places in flight at once.
#pragma once

#include <stop_token>
#include <vector>

#include "connectors/kafka/observer.h"
#include "connectors/kafka/read/message_record.h"
#include "connectors/kafka/read/record_mark.h"

namespace weir::kafka {

struct RecordPlace {
    std::string topic;
    PartitionId partition;
    Offset offset;
};

struct RecordLook {
    enum class Seen : std::uint8_t {
        Record,     // `mark` is of the first record at the offset or behind it
        Nothing,    // the offset exists, or did; no record is there or behind it
        PastEnd,    // the log ends at the offset or before
        NoTopic,    // it does not exist (any more)
        Unanswered, // until the deadline, or not to be had
    };
    Seen seen = Seen::Unanswered;
    RecordMark mark;
    RecordTime time;
    std::int64_t bytes = 0; // of key and value
};

/// One look a place, in the same order; with ReadCommitted as a reader of committed records sees
/// it, for whom the log ends at the last stable offset. REQUIRES: no partition twice.
std::vector<RecordLook> look_at_records(ObservedCluster& cluster,
                                        const std::vector<RecordPlace>& places, Deadline deadline,
                                        const std::stop_token& stop = {},
                                        Isolation isolation = Isolation::ReadUncommitted);

/// What has become of each log, in the same order. REQUIRES: no partition twice; every mark is of a
/// record.
std::vector<LogFate> find_fates(ObservedCluster& cluster, const std::vector<LogMark>& marks,
                                Deadline deadline, const std::stop_token& stop = {});

} // namespace weir::kafka
