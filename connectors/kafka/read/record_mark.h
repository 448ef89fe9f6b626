// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Knows a record again, and by it the log that it was read of. Thread contract: plain values.
// Bound: 16 bytes, and a topic's name.
#pragma once

#include <cstdint>
#include <string>

#include "connectors/base/types.h"

struct rd_kafka_message_s; // librdkafka's record

namespace weir::kafka {

/// Enough of a record that was read to know it again: a topic that was deleted and made again holds
/// another one at that offset, or none.
struct RecordMark {
    Offset offset{-1}; // -1: nothing was read yet
    std::uint64_t hash = 0;
    static RecordMark of(const rd_kafka_message_s& message);
};

/// A partition's log, by the record of it that was read first.
struct LogMark {
    std::string topic;
    PartitionId partition;
    RecordMark record;
};

/// What has become of the log that a LogMark was taken of.
enum class LogFate : std::uint8_t {
    Same,       // the record is still there
    Unknown,    // the record was deleted or compacted since: nothing to compare
    Other,      // another record has its offset: the topic was made again
    Shorter,    // the log no longer reaches it: made again, or its tail was lost
    Gone,       // the topic does not exist any more
    Unanswered, // nobody told in time
};

} // namespace weir::kafka
