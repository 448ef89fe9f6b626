// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/live/record_text.h"

#include "connectors/base/base64.h"
#include "models/event/decimal.h"
#include "models/event/json/utf8.h"

namespace weir {

RecordIdentity identity_of(const StoredRow& row, std::string_view topic) {
    return {topic,
            PartitionId(row.partition),
            Offset(row.offset),
            Micros(row.record_time_us),
            static_cast<TimestampType>(row.timestamp_type),
            row.in_batch != 0,
            row.ordinal};
}

void append_row_json(const Segment& segment, std::uint32_t row, std::string_view topic,
                     const DisclosedRecord& record, std::string& out) {
    const StoredRow& stored = segment.row(row);
    const RecordIdentity identity = identity_of(stored, topic);
    const auto as_read = segment.as_read(row);
    Record at;
    at.topic = identity.topic;
    at.partition = identity.partition;
    at.offset = identity.offset;
    at.timestamp = identity.time;
    at.timestamp_type = identity.timestamp_type;
    HitView hit = make_hit(at, record);
    hit.in_batch = identity.in_batch;
    hit.ordinal = identity.ordinal;
    hit.masked = hit.masked || (as_read && as_read->masked); // what a search found is a masked copy
    hit.undecodable = static_cast<Outcome>(stored.outcome) == Outcome::Undecodable;
    append_json_record(hit, out);
}

bool append_csv_field(std::string_view text, std::string& out) {
    if (!is_utf8(text)) {
        append_base64(text, out);
        return true;
    }
    const bool formula = !text.empty() &&
                         std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos &&
                         !is_decimal(text);
    const bool quoted = formula || text.empty() || text == "null" ||
                        text.find_first_of("\",\r\n;") != std::string_view::npos;
    if (!quoted) {
        out += text;
        return false;
    }
    out += '"';
    if (formula)
        out += '\'';
    for (const char c : text) {
        if (c == '"')
            out += '"';
        out += c;
    }
    out += '"';
    return false;
}

} // namespace weir
