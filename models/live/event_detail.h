// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One event, opened: all that a detail pane shows of it, made from what is disclosed.
//
// Thread contract: EventDetail is immutable and shared. EventLoader may be called from any thread;
// it parses on a thread of its own, the newest request wins; the destructor waits for no parsing.
// Bound: one event (the payload once, 16 bytes a JSON node, at most JsonLimits::nodes).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "models/contract/event_checker.h"
#include "models/event/decode/decoder.h"
#include "models/event/disclosure/disclosure.h"
#include "models/event/json/json_tape.h"
#include "models/event/store/segment.h"
#include "models/live/raw_bytes.h"
#include "models/live/record_text.h"

namespace weir {

struct EventDetail {
    EventDetail() = default;
    EventDetail(const EventDetail&) = delete; // the tape points into `value`
    EventDetail& operator=(const EventDetail&) = delete;

    struct Header {
        std::string name;
        std::string value;
        bool null = false;
    };

    std::uint64_t token = 0; // of the request it answers
    std::string connection;
    std::string topic;
    PartitionId partition;
    Offset offset;
    std::uint16_t ordinal = 0;
    KeySource key_source = KeySource::EventId;
    bool in_batch = false;          // its record holds several events
    std::uint32_t events_bytes = 0; // the event's own bytes
    std::uint32_t record_bytes = 0; // key, value and headers of its record
    Micros record_time{-1};
    TimestampType timestamp_type = TimestampType::None;
    Micros observed_time;
    std::int64_t event_time_us = no_time;
    std::int64_t received_time_us = no_time;
    std::string type;
    std::string reason;
    Outcome outcome = Outcome::Seen;
    bool key_null = true;
    bool value_null = true;
    bool is_masked = false; // anything of it
    bool key_masked = false;
    bool value_masked = false;
    bool is_copy = false; // of a match of a search, which keeps only what is masked
    bool judged = false;  // held against a contract, or a dead letter that told
    std::string key;
    std::string value;
    std::vector<Header> headers;
    std::vector<MaskedSpan> masked; // in `value`, by begin
    RawBytes raw; // `value` by its true offsets, unless a masked copy is all there is
    bool is_json = false;
    JsonTape tape;        // of `value`, if is_json
    JsonError json_error; // why it is not, and where in the event as it was read
    DecodeReport report;
    std::vector<Violation> violations; // of its contract, or as its dead letter tells them; masked
    /// Where in `value` the pointers of violations begin: a dead letter's event.
    std::string event_at;

    RecordIdentity identity() const {
        return {topic, partition, offset, record_time, timestamp_type, in_batch, ordinal};
    }
    /// The first masked part within these bytes of `value`, or null.
    const MaskedSpan* masked_within(std::uint32_t begin, std::uint32_t size) const;
};

class EventLoader {
  public:
    /// `decoder` explains how records were read, `checker` holds events against their contracts;
    /// each may be null. `ready` is called on the loader's thread when detail() has changed, never
    /// after the loader is gone. REQUIRES: `ready` is short and calls no loader.
    EventLoader(std::shared_ptr<const Vocabulary> vocabulary,
                std::shared_ptr<const DisclosurePolicy> disclosure,
                std::unique_ptr<Decoder> decoder, std::unique_ptr<EventChecker> checker,
                std::function<void()> ready);
    ~EventLoader();
    EventLoader(const EventLoader&) = delete;
    EventLoader& operator=(const EventLoader&) = delete;

    /// Answers the token of the detail to come. REQUIRES: row < segment->size().
    std::uint64_t load(std::shared_ptr<const Segment> segment, std::uint32_t row);
    /// The newest one; null before the first.
    std::shared_ptr<const EventDetail> detail() const;

  private:
    struct Private;
    std::shared_ptr<Private> d;
};

} // namespace weir
