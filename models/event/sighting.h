// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A sighting is one appearance of one event at one place. All that Weir shows is sightings, folded.
// Thread contract: plain values. A SightingBatch has one owner and is moved.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/base/record.h"
#include "connectors/base/types.h"
#include "models/event/interner.h"
#include "models/event/place.h"

namespace weir {

/// What a key was made of; the further down, the less can be joined.
enum class KeySource : std::uint8_t { EventId, Origin, Coordinates };

enum class TimeState : std::uint8_t { Missing, Present, Unparsable, Implausible };

enum class Outcome : std::uint8_t {
    Seen,        // an event
    Failed,      // an event at a dead-letter place; `reason` says why
    Tombstone,   // a record without a value
    Undecodable, // not what it claims or is said to be, or no text at all; still a sighting
};

/// As everybody calls them, in their order.
inline constexpr std::array<std::string_view, 4> outcome_words{"seen", "failed", "tombstone",
                                                               "undecodable"};

/// Dimensions are the workspace's choice; their order is that of its `event.dimensions`.
inline constexpr std::size_t max_dimensions = 8;

/// Where the event was first written, from the header `weir-origin`.
struct Origin {
    PlaceId place = no_place;
    PartitionId partition;
    Offset offset;
    bool known() const { return place != no_place; }
};

struct Sighting {
    EventHash key;
    Offset offset;
    Micros event_time;    // client clock
    Micros sent_time;     // client clock, when the batch left
    Micros received_time; // collector clock
    Micros record_time;   // broker's or producer's, see timestamp_type
    Micros observed_time; // Weir's clock
    Origin origin;
    PartitionId partition;
    std::uint32_t record = 0;     // index into the batch's records
    std::uint32_t body_begin = 0; // the event's own bytes within the record's value
    std::uint32_t body_size = 0;
    std::array<ValueId, max_dimensions> dimensions{};
    ValueId reason;     // interned, no_value unless Failed or Undecodable
    ValueId replay_run; // interned, no_value unless replayed
    ValueId dialect;    // interned name of what decoded it
    PlaceId place = no_place;
    std::uint16_t ordinal = 0; // position in a record that holds many events
    bool in_batch = false;     // its record holds many events
    std::uint8_t replay_count = 0;
    KeySource key_source = KeySource::Coordinates;
    Outcome outcome = Outcome::Seen;
    TimestampType timestamp_type = TimestampType::None;
    TimeState event_time_state = TimeState::Missing;
    TimeState sent_time_state = TimeState::Missing;
    TimeState received_time_state = TimeState::Missing;
};

/// Seed of every key hash: the same on every machine and in every store, for ever.
inline constexpr std::uint64_t key_seed = 0x5745495221ULL;

/// The canonical hash of an event id: a UUID in any case or hyphenation is hashed as its 16 bytes,
/// all else as its bytes.
EventHash hash_event_id(std::string_view id);
/// The hash of a record that has no id.
EventHash hash_coordinates(std::string_view place, PartitionId partition, Offset offset,
                           std::uint16_t ordinal);
/// The hash of an event's own bytes.
std::uint64_t hash_value(std::string_view bytes);
/// Reads 32 hex digits with or without hyphens (8-4-4-4-12) or braces. False: not a UUID.
bool parse_uuid(std::string_view text, std::array<std::uint8_t, 16>& bytes);

/// The names that dimension numbers and value ids stand for; shared by everybody who decodes or
/// shows.
struct Vocabulary {
    std::vector<std::string> dimension_names; // at most max_dimensions; [0] is always "type"
    std::vector<std::shared_ptr<Interner>> dimensions; // one each
    std::shared_ptr<Interner> reasons = std::make_shared<Interner>();
    std::shared_ptr<Interner> replay_runs = std::make_shared<Interner>();
    std::shared_ptr<Interner> dialects = std::make_shared<Interner>();
    std::shared_ptr<PlaceTable> places = std::make_shared<PlaceTable>();

    /// "type" is put first whatever was asked for; names beyond max_dimensions are left out.
    static std::shared_ptr<Vocabulary> create(std::vector<std::string> dimension_names);
    /// Index of a dimension, or -1.
    int dimension(std::string_view name) const;
};

/// How far one partition has been read, as it stood behind a batch's records.
struct Watermark {
    PlaceId place = no_place;
    PartitionId partition;
    Offset next; // next offset to be read
    /// All that was written before is read, as far as the records' own times tell; caught up: the
    /// time at which that was found. A single clock that is ahead does not move it.
    Micros record_time{-1};
    bool caught_up = false;
    /// All that was written from then on is read. INT64_MIN: the log from its beginning.
    /// INT64_MAX: not known yet.
    Micros since{INT64_MAX};
};

/// A record that holds more events than are read of one (DecodeOptions).
struct CutRecord {
    std::uint32_t record = 0;   // index into the batch's records
    std::uint64_t left_out = 0; // its events past the limit
};

struct SightingBatch {
    RecordBatch records;
    std::vector<Sighting> sightings;   // in the order of records, then ordinal
    std::vector<Watermark> watermarks; // of the partitions this batch moved
    std::uint64_t undecodable = 0;
    std::vector<CutRecord> cut; // in the order of records

    std::string_view body(const Sighting& s) const {
        return records.records[s.record].value.substr(s.body_begin, s.body_size);
    }
    /// Made when it is asked for: it costs a look at every byte.
    std::uint64_t value_hash(const Sighting& s) const { return hash_value(body(s)); }
};

} // namespace weir
