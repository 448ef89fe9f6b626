// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Events as text for other programs: JSON lines, CSV fields. Payload text is copied, never
// rewritten: numbers keep their digits.
// Thread contract: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/event/disclosure/disclosure.h"
#include "models/event/search/hit_json.h"

namespace weir {

/// What identifies a record; the views live as long as the caller's strings.
struct RecordIdentity {
    std::string_view topic;
    PartitionId partition;
    Offset offset;
    Micros time{-1};
    TimestampType timestamp_type = TimestampType::None;
    bool in_batch = false; // the record holds several events, and what is meant is …
    std::uint16_t ordinal = 0;
};

/// That of a stored row, whose topic is `topic`.
RecordIdentity identity_of(const StoredRow& row, std::string_view topic);

/// A stored row as `weir search --json` prints a match, without a line break: see hit_json.h.
/// `record` is what is disclosed of it. REQUIRES: row < segment.size().
void append_row_json(const Segment& segment, std::uint32_t row, std::string_view topic,
                     const DisclosedRecord& record, std::string& out);

/// A field of a CSV file (RFC 4180). Text that a spreadsheet would run as a formula (it begins with
/// = + - @ or a tab or carriage return) gets an apostrophe in front; what is a number as JSON or a
/// person writes it, such as -7210194211959421178 or +1.5e3, is left as it is. An empty text and
/// the text null are in quotes: without them they stand for what is missing and for null, as
/// PostgreSQL's COPY reads them. Bytes that are not UTF-8 are written in base64. True: in base64.
bool append_csv_field(std::string_view text, std::string& out);

} // namespace weir
