// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/read/message_record.h"

#include "connectors/kafka/read/message_headers.h"

namespace weir::kafka {

RecordTime time_of(const rd_kafka_message_t& message) {
    rd_kafka_timestamp_type_t kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
    const std::int64_t time_ms = rd_kafka_message_timestamp(&message, &kind);
    RecordTime time;
    time.at = time_ms < 0 ? Micros(-1) : Micros::from_ms(time_ms);
    time.type = kind == RD_KAFKA_TIMESTAMP_CREATE_TIME       ? TimestampType::CreateTime
                : kind == RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME ? TimestampType::LogAppendTime
                                                             : TimestampType::None;
    return time;
}

std::int64_t append_record(RecordBatch& batch, const rd_kafka_message_t& message,
                           const RecordTime& time, std::string_view topic) {
    Record r;
    r.topic = topic;
    r.partition = PartitionId(message.partition);
    r.offset = Offset(message.offset);
    r.timestamp = time.at;
    r.timestamp_type = time.type;
    r.key_null = message.key == nullptr;
    r.value_null = message.payload == nullptr;
    r.key = {static_cast<const char*>(message.key), message.key ? message.key_len : 0};
    r.value = {static_cast<const char*>(message.payload), message.payload ? message.len : 0};
    r.header_begin = static_cast<std::uint32_t>(batch.headers.size());
    append_headers(message, batch.headers);
    std::size_t bytes = r.key.size() + r.value.size();
    for (std::size_t i = r.header_begin; i < batch.headers.size(); ++i)
        bytes += batch.headers[i].name.size() + batch.headers[i].value.size();
    r.header_count = static_cast<std::uint16_t>(batch.headers.size() - r.header_begin);
    batch.records.push_back(r);
    return static_cast<std::int64_t>(bytes);
}

} // namespace weir::kafka
