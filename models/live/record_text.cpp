// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/live/record_text.h"

#include <algorithm>

#include "models/event/decimal.h"

namespace weir {

namespace {

bool is_plain_word(std::string_view word) {
    return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("-_./:,@%+").find(c) != std::string_view::npos;
    });
}

} // namespace

RecordIdentity identity_of(const StoredRow& row, std::string_view topic) {
    return {topic,
            PartitionId(row.partition),
            Offset(row.offset),
            Micros(row.record_time_us),
            static_cast<TimestampType>(row.timestamp_type),
            row.in_batch != 0,
            row.ordinal};
}

void append_record_json(const RecordIdentity& identity, const DisclosedRecord& record,
                        std::string& out) {
    Record at;
    at.topic = identity.topic;
    at.partition = identity.partition;
    at.offset = identity.offset;
    at.timestamp = identity.time;
    at.timestamp_type = identity.timestamp_type;
    HitView hit = make_hit(at, record);
    hit.in_batch = identity.in_batch;
    hit.ordinal = identity.ordinal;
    append_json_record(hit, out);
}

void append_csv_field(std::string_view text, std::string& out) {
    const bool formula = !text.empty() &&
                         std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos &&
                         !is_decimal(text);
    const bool quoted = formula || text.empty() || text == "null" ||
                        text.find_first_of("\",\r\n;") != std::string_view::npos;
    if (!quoted) {
        out += text;
        return;
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
}

std::string shell_quoted(std::string_view word) {
    if (is_plain_word(word))
        return std::string(word);
    std::string out = "'";
    for (const char c : word) {
        if (c == '\'')
            out += "'\\''";
        else
            out += c;
    }
    return out + "'";
}

std::string weir_command(std::string_view bootstrap, const RecordIdentity& identity) {
    const std::string filter = "partition == " + std::to_string(identity.partition.value()) +
                               " and offset == " + std::to_string(identity.offset.value());
    return "weir search --bootstrap " + shell_quoted(bootstrap) + " --topic " +
           shell_quoted(identity.topic) + " --filter " + shell_quoted(filter) + " --json";
}

std::string kcat_command(std::string_view bootstrap, const RecordIdentity& identity) {
    return "kcat -C -e -b " + shell_quoted(bootstrap) + " -t " + shell_quoted(identity.topic) +
           " -p " + std::to_string(identity.partition.value()) + " -o " +
           std::to_string(identity.offset.value()) + " -c 1";
}

} // namespace weir
