// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Offsets by time for many partitions in one question (begin and end are times too), degrading
// partition by partition. Thread contract: from any thread; blocks up to the timeout.
// Bound: one answer per partition asked for.
#pragma once

#include <algorithm>
#include <chrono>
#include <stop_token>
#include <string>
#include <vector>

#include "connectors/base/types.h"
#include "connectors/kafka/client/handles.h"

namespace weir::kafka {

/// Times that librdkafka understands besides milliseconds since 1970.
constexpr std::int64_t time_of_begin = -2;
constexpr std::int64_t time_of_end = -1; // as the client's isolation sees it

/// The first whole millisecond at or after `time`. Records have whole milliseconds: the first one
/// at or after a time in between two is the first at or after the later of them.
inline std::int64_t first_ms_from(Micros time) {
    return std::max<std::int64_t>(0, (time.value() + 999) / 1000);
}

struct OffsetQuestion {
    std::string topic;
    PartitionId partition;
    std::int64_t time_ms = time_of_end;
};

struct OffsetAnswer {
    rd_kafka_resp_err_t err = RD_KAFKA_RESP_ERR_NO_ERROR;
    Offset offset{-1}; // -1: no record at or after that time
};

/// One answer per question, in the same order. REQUIRES: no partition twice. When the one big
/// question fails (a single partition without a leader is enough), it is asked again leader by
/// leader, so that the others still answer. A topic that may not be described is told as such,
/// never as one that does not exist.
std::vector<OffsetAnswer> ask_offsets(rd_kafka_t* client,
                                      const std::vector<OffsetQuestion>& questions,
                                      std::chrono::milliseconds timeout);

/// An error that goes by itself: a leader that moves, a topic that was just made, a broker or a
/// coordinator that is starting, an answer that was late.
bool is_passing(rd_kafka_resp_err_t err);

/// The same, asked again where the error is a passing one, at growing distances: until `deadline`
/// while no partition answers, until `enough` once some do, and no longer than until `stop`. A
/// topic that is not known is given unknown_topic_patience to appear.
std::vector<OffsetAnswer> ask_offsets_patiently(rd_kafka_t* client,
                                                const std::vector<OffsetQuestion>& questions,
                                                std::chrono::steady_clock::time_point deadline,
                                                std::chrono::steady_clock::time_point enough,
                                                const std::stop_token& stop = {});

constexpr std::chrono::milliseconds unknown_topic_patience(1500);

} // namespace weir::kafka
