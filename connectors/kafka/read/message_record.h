// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A message of librdkafka's as a Record: a view, nothing is copied. Inside connectors/kafka only.
// Thread contract: pure function. The message outlives the batch's records.
#pragma once

#include <string_view>

#include "connectors/base/record.h"
#include "connectors/kafka/client/handles.h"

namespace weir::kafka {

/// When a record was written, by whose clock; -1: not known.
struct RecordTime {
    Micros at{-1};
    TimestampType type = TimestampType::None;
};
RecordTime time_of(const rd_kafka_message_t& message);

/// Appends the message, whose time was asked for, and its headers; `topic` outlives the batch.
/// REQUIRES: no error. Returns the bytes of key, value and headers.
std::int64_t append_record(RecordBatch& batch, const rd_kafka_message_t& message,
                           const RecordTime& time, std::string_view topic);

} // namespace weir::kafka
