// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What every connector hands in: records, in batches, no meaning attached.
//
// A Record is a view: its bytes belong to its RecordBatch and are valid as long as that lives. A
// batch is moved from owner to owner, never shared; whoever holds it may read it from any one
// thread at a time. Bound: the reader that fills a batch states it (records and bytes).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/base/result.h"
#include "connectors/base/types.h"

namespace weir {

enum class TimestampType : std::uint8_t { None, CreateTime, LogAppendTime };

/// One header; `null` and empty are different things. Names may repeat; order is the producer's.
struct HeaderView {
    std::string_view name;
    std::string_view value;
    bool null = false;
};

/// A record's leader epoch is not here: librdkafka tells it from 2.1 on, and Debian 12 has 2.0.2.
struct Record {
    std::string_view topic; // owned by the connector for the batch's life
    PartitionId partition;
    Offset offset;
    Micros timestamp{-1}; // -1 with TimestampType::None
    TimestampType timestamp_type = TimestampType::None;
    bool key_null = true;
    bool value_null = true; // a tombstone
    std::uint16_t header_count = 0;
    std::uint32_t header_begin = 0; // into RecordBatch::headers
    std::string_view key;
    std::string_view value;
};

/// Asks for a record's value some records before it is read: a connector's thread has just written
/// it, on another core.
inline void prefetch_value(const Record& record) {
    constexpr std::size_t cache_line = 64;
    constexpr std::size_t bytes_max = 1024; // what follows is fetched in their wake
    const std::size_t size = record.value.size() < bytes_max ? record.value.size() : bytes_max;
    for (std::size_t at = 0; at < size; at += cache_line)
        __builtin_prefetch(record.value.data() + at);
}

/// What happened to a partition, in order with the batch's records of that partition.
enum class PartitionNote : std::uint8_t {
    Started,         // reading begins at `from`: what was written since `as_of` will be read
    ReachedEnd,      // every offset below `to` has been read; nothing more for now. It comes again
                     // while nothing comes: all that was there at `as_of` has been read
    Gap,             // [from, to) hold no record for us: control records, compaction, aborted
    OpenTransaction, // [from, to) lie past the last stable offset (read_committed)
    Truncated,       // [from, to) were deleted before they could be read: a loss, not a gap
    Failed,          // reading stopped here for now; `error` says why and what is tried next
    Recovered,       // reading goes on at `from`
    Cut,             // the log's tail was lost; [from, to) are others now and come (again)
    Recreated, // the topic was deleted and made again; offsets start over at `from`, and those
               // below `to` may have been handed out already, as if they went on with the old
    Gone,      // the topic or partition no longer exists
    Finished,  // the fixed end `to` was reached, which was that at `as_of`; nothing more will come
};

struct PartitionEvent {
    std::string topic;
    PartitionId partition;
    PartitionNote note = PartitionNote::ReachedEnd;
    Offset from;
    Offset to;
    Error error; // only for Failed and Gone
    /// Of Started, ReachedEnd and Finished; nothing: not known, it is as the records say.
    std::optional<Micros> as_of{};
};

class RecordBatch {
  public:
    /// Keeps the bytes that the records point into; freed with the batch.
    struct Backing {
        virtual ~Backing() = default;
    };

    RecordBatch() = default;
    explicit RecordBatch(std::unique_ptr<Backing> backing)
        : m_backing(std::move(backing)) {}
    RecordBatch(RecordBatch&&) noexcept = default;
    RecordBatch& operator=(RecordBatch&&) noexcept = default;
    RecordBatch(const RecordBatch&) = delete;
    RecordBatch& operator=(const RecordBatch&) = delete;

    std::vector<Record> records;
    std::vector<HeaderView> headers;
    std::vector<PartitionEvent> events;
    Micros observed; // when the batch was taken off the wire

    bool empty() const { return records.empty() && events.empty(); }
    const HeaderView* headers_of(const Record& r) const { return headers.data() + r.header_begin; }

  private:
    std::unique_ptr<Backing> m_backing;
};

/// Builds batches that own their bytes: for tests, files and generated events.
class RecordBatchBuilder {
  public:
    struct Fields {
        std::string topic;
        PartitionId partition;
        Offset offset;
        Micros timestamp{-1};
        TimestampType timestamp_type = TimestampType::CreateTime;
        std::vector<std::pair<std::string, std::optional<std::string>>> headers; // nullopt: null
        bool key_null = true;
        bool value_null = false;
        std::string key;
        std::string value;
    };
    RecordBatchBuilder();
    ~RecordBatchBuilder();
    void add(Fields fields);
    RecordBatch take();

  private:
    struct Store;
    std::unique_ptr<Store> m_store;
};

} // namespace weir
