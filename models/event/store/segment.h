// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A segment is one block of memory (8 MB, or as large as one oversize record) that holds stored
// events: rows grow from its front, payloads from its back. What has been published never changes.
//
// Thread contract: one writer; any number of readers of rows below size() (acquire/release).
// Bound: capacity_bytes. A row costs 96 bytes beside its payload bytes (key, value, headers).
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "models/event/json/json_tape.h"
#include "models/event/sighting.h"

namespace weir {

inline constexpr std::int64_t no_time = INT64_MIN;

/// One stored event. What is not here is decoded again from the payload when somebody looks.
struct StoredRow {
    std::uint64_t key;
    std::int64_t offset;
    std::int64_t record_time_us;   // meaning nothing where timestamp_type is None
    std::int64_t event_time_us;    // INT64_MIN: missing or unparsable
    std::int64_t received_time_us; // INT64_MIN: missing or unparsable
    std::uint32_t data_begin;      // of headers, then key, then value, in the segment
    std::uint32_t value_size;      // the whole record's value
    std::uint32_t key_size;
    std::uint32_t headers_size; // encoded
    std::uint32_t body_begin;   // the event's own bytes within the value
    std::uint32_t body_size;
    std::int32_t partition;
    std::array<std::uint16_t, max_dimensions> dimensions;
    std::uint16_t place;
    std::uint16_t reason;
    std::uint16_t dialect;
    std::uint16_t ordinal;
    std::uint16_t header_count;
    std::uint8_t outcome : 2;
    std::uint8_t key_source : 2;
    std::uint8_t timestamp_type : 2;
    std::uint8_t key_null : 1;
    std::uint8_t value_null : 1;
    std::uint8_t event_time_state : 2;
    std::uint8_t received_time_state : 2;
    std::uint8_t shares_record : 1; // its payload belongs to the row before (batch of events)
    std::uint8_t replayed : 1;
    std::uint8_t in_batch : 1; // its record holds several events
    std::uint8_t as_read : 1;  // an AsRead lies behind its payload
};
static_assert(sizeof(StoredRow) == 96);

/// What a copy of an event (a match of a search: masked, one of a record's many) does not tell of
/// the record that was read.
struct AsRead {
    std::uint32_t event_bytes = 0;
    std::uint32_t record_bytes = 0; // key, value and headers
    bool masked = false;            // parts of the copy are
    JsonError json_error;           // of a masked copy: why the event is no JSON; "" if it is
    // What the record said, of which the copy has the one event alone; append() fills them in.
    std::int64_t sent_time_us = no_time;
    ValueId replay_run;
};

class Segment {
  public:
    static constexpr std::size_t usual_bytes = 8u << 20;

    /// A block of `capacity_bytes`, taken from a small pool if of the usual size. `sequence` orders
    /// the segments of one lane and is unique in the process.
    static std::shared_ptr<Segment> create(std::uint64_t sequence, int lane,
                                           std::size_t capacity_bytes);
    ~Segment();
    Segment(const Segment&) = delete;
    Segment& operator=(const Segment&) = delete;

    std::uint64_t sequence() const { return m_sequence; }
    int lane() const { return m_lane; }
    std::size_t capacity_bytes() const { return m_capacity; }

    // ---- readers ----
    /// Rows that are published.
    std::uint32_t size() const { return m_size.load(std::memory_order_acquire); }
    /// Payload bytes of the published rows.
    std::size_t data_bytes() const { return m_data_bytes.load(std::memory_order_acquire); }
    /// REQUIRES (all below): row < size().
    const StoredRow& row(std::uint32_t row) const { return m_rows[row]; }
    std::string_view key(std::uint32_t row) const;
    std::string_view value(std::uint32_t row) const;
    std::string_view body(std::uint32_t row) const;
    /// Fills `out` with the headers, in order; views into the segment.
    void headers(std::uint32_t row, std::vector<HeaderView>& out) const;
    /// The row's record as a batch of one, observed when it was; views into the segment and
    /// `topic`.
    RecordBatch record_batch(std::uint32_t row, std::string_view topic) const;
    /// Puts the row's record behind those of `batch`; views into the segment and `topic`.
    void append_record(std::uint32_t row, std::string_view topic, RecordBatch& batch) const;
    /// Bytes of the event, and of its record's key, value and headers, as they were read.
    std::uint32_t event_bytes(std::uint32_t row) const;
    std::uint32_t record_bytes(std::uint32_t row) const;
    /// What is remembered beside a copy; nothing of a row that is none.
    std::optional<AsRead> as_read(std::uint32_t row) const;
    Micros observed_time(std::uint32_t row) const;
    /// Rows [row, end) were observed together; `end` may lie beyond size().
    struct Observed {
        std::int64_t time_us;
        std::uint32_t end;
    };
    Observed observed_run(std::uint32_t row) const;

    // ---- moving a segment that nobody writes to any more ----
    /// The two stretches of the block that are in use: rows at its front, payloads at its back.
    std::string_view used_front() const { return {m_block, size() * sizeof(StoredRow)}; }
    std::string_view used_back() const {
        return {m_block + (m_capacity - data_bytes()), data_bytes()};
    }
    /// The same rows over a copy of the block, capacity_bytes() long and aligned as StoredRow, that
    /// `block` keeps (a file mapped read-only). REQUIRES: `from` is complete.
    static std::shared_ptr<const Segment> over_copy(const Segment& from,
                                                    std::shared_ptr<const char> block);
    /// It is such a copy.
    bool lies_in_file() const { return m_keeper != nullptr; }

    // ---- the writer ----
    /// Bytes that append() needs at most for this record, its row included.
    static std::size_t bytes_needed(const RecordBatch& batch, const Record& record);
    /// False: no room. The row is not visible before publish(). A sighting of the same record as
    /// the last appended one shares its payload, unless it comes with an `as_read`.
    bool append(const SightingBatch& batch, const Sighting& sighting,
                const AsRead* as_read = nullptr);
    void publish();

  private:
    Segment(std::uint64_t sequence, int lane, std::size_t capacity_bytes);
    Segment(const Segment& from, std::shared_ptr<const char> block);
    void append_headers(std::uint32_t row, std::vector<HeaderView>& out) const;
    /// Copies headers, key and value; returns the encoded headers' size.
    std::uint32_t store_data(const RecordBatch& batch, const Record& record, const AsRead* as_read);

    struct ObservedRun {
        std::uint32_t first_row;
        std::int64_t observed_us;
    };
    static constexpr std::size_t observed_runs_max = 4096;

    const std::uint64_t m_sequence;
    const std::size_t m_capacity;
    const int m_lane;
    const std::shared_ptr<const char> m_keeper; // of a copied block; null: the block is our own
    char* const m_block;
    StoredRow* const m_rows;
    std::size_t m_data_begin; // payloads occupy [m_data_begin, m_capacity)
    std::uint32_t m_written = 0;
    std::size_t m_written_bytes = 0;
    std::unique_ptr<ObservedRun[]> m_observed;
    std::atomic<std::uint32_t> m_observed_count{0};
    std::atomic<std::uint32_t> m_size{0};
    std::atomic<std::size_t> m_data_bytes{0};
};

/// A sequence for Segment::create() that no other segment of this process has.
std::uint64_t next_segment_sequence();

/// A reference to a stored row; valid while the segment is held by some snapshot.
struct RowRef {
    std::uint32_t segment = 0; // position in the list that came with it
    std::uint32_t row = 0;
};

} // namespace weir
