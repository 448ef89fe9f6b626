// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One match of a search, an event, as it may be shown: made from a DisclosedRecord and nothing else
// (law 8). Of a record that holds several events a hit bears the event's own bytes, and which of
// them it is; of any other one all of the record's value.
// A HitView points into the search's buffers and is valid for the call; pack_hit() makes bytes of
// it that can be kept, UnpackedHit a view into these bytes.
//
// Thread contract: plain values. Bound: one record.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/base/record.h"
#include "models/event/disclosure/disclosure.h"
#include "models/event/field_paths.h"
#include "models/event/store/segment.h"

namespace weir {

struct HitView {
    std::string_view topic;
    PartitionId partition;
    Offset offset;
    Micros time{-1};
    TimestampType timestamp_type = TimestampType::None;
    bool key_null = true;
    bool value_null = true;
    bool masked = false;       // something of it is hidden
    bool undecodable = false;  // no decoder could read it: it matched on its bytes
    bool in_batch = false;     // its record holds several events
    std::uint16_t ordinal = 0; // which of them it is
    std::string_view key;
    std::string_view value;
    std::uint32_t body_begin = 0; // the event's own bytes within the value
    std::uint32_t body_size = 0;
    AsRead as_read;
    const Sighting* sighting = nullptr; // the event as it was decoded; may be null
    std::string_view violations; // the words of how it breaks its contract; only where asked for
    std::span<const MaskedSpan> masked_spans; // of the value; only where asked for, never packed
    bool more_masked = false;                 // not all that is masked is among them
    const HeaderView* headers = nullptr;
    std::size_t header_count = 0;
    /// Where its dialect keeps named fields; null: nowhere. Lives as long as the DialectSet.
    const FieldPaths* paths = nullptr;
    std::string_view body() const { return value.substr(body_begin, body_size); }
};

/// REQUIRES: `disclosed` was made from `record`.
HitView make_hit(const Record& record, const DisclosedRecord& disclosed);

/// Bytes of key, value and headers.
std::uint32_t record_bytes(const Record& record, const HeaderView* headers);

/// Appends the hit to `out`. Numbers are in the machine's order: the bytes are for this process.
void pack_hit(const HitView& hit, std::string& out);

/// A packed hit, taken apart; the views point into the bytes.
class UnpackedHit {
  public:
    /// Bytes used, or 0 if `bytes` hold no whole hit.
    std::size_t unpack(std::string_view bytes);
    const HitView& view() const { return m_view; }

  private:
    HitView m_view;
    Sighting m_sighting;
    std::vector<HeaderView> m_headers;
};

/// Takes the matches of a search, one at a time, in the order asked for.
class HitSink {
  public:
    virtual ~HitSink() = default;
    /// Called by the search's threads, never by two at once. False: no more, please.
    virtual bool take(const HitView& hit) = 0;
};

} // namespace weir
