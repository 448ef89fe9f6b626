// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/search/hit_json.h"

#include <chrono>
#include <cstdio>

#include "connectors/base/base64.h"
#include "models/event/json/json_tape.h"
#include "models/event/json/utf8.h"

namespace weir {

bool append_json_text(std::string_view bytes, std::string& out) {
    if (is_utf8(bytes)) {
        append_json_string(bytes, out);
        return false;
    }
    out += '"';
    append_base64(bytes, out);
    out += '"';
    return true;
}

namespace {

void append_json_headers(const HitView& hit, std::string& out) {
    out += "\"headers\":[";
    for (std::size_t i = 0; i < hit.header_count; ++i) {
        const HeaderView& header = hit.headers[i];
        out += i == 0 ? "{\"name\":" : ",{\"name\":";
        if (append_json_text(header.name, out))
            out += ",\"name_encoding\":\"base64\"";
        out += ",\"value\":";
        if (header.null)
            out += "null";
        else if (append_json_text(header.value, out))
            out += ",\"encoding\":\"base64\"";
        out += '}';
    }
    out += ']';
}

} // namespace

void append_json_record(const HitView& hit, std::string& out) {
    out += "{\"topic\":";
    append_json_string(hit.topic, out);
    out += ",\"partition\":" + std::to_string(hit.partition.value());
    out += ",\"offset\":" + std::to_string(hit.offset.value());
    if (hit.in_batch)
        out += ",\"ordinal\":" + std::to_string(hit.ordinal);
    out += ",\"time\":";
    if (hit.timestamp_type == TimestampType::None)
        out += "null";
    else
        out += "\"" + rfc3339(hit.time) + "\"";
    out += ",\"key\":";
    bool key_encoded = false;
    bool value_encoded = false;
    if (hit.key_null)
        out += "null";
    else
        key_encoded = append_json_text(hit.key, out);
    out += ",\"value\":";
    if (hit.value_null)
        out += "null";
    else
        value_encoded = append_json_text(hit.value, out);
    out += ',';
    append_json_headers(hit, out);
    if (value_encoded)
        out += ",\"encoding\":\"base64\"";
    if (key_encoded)
        out += ",\"key_encoding\":\"base64\"";
    if (hit.masked)
        out += ",\"masked\":true";
    if (hit.undecodable)
        out += ",\"undecodable\":true";
    out += '}';
}

std::string rfc3339(Micros time) {
    using namespace std::chrono;
    const sys_time<microseconds> point{microseconds(time.value())};
    const auto day = floor<days>(point);
    const year_month_day date(day);
    const hh_mm_ss clock(point - day);
    const auto us = static_cast<int>(clock.subseconds().count());
    char text[64];
    const int size = std::snprintf(
        text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
        static_cast<int>(clock.seconds().count()));
    const auto at = static_cast<std::size_t>(size);
    if (us % 1000 == 0)
        std::snprintf(text + at, sizeof text - at, ".%03dZ", us / 1000);
    else
        std::snprintf(text + at, sizeof text - at, ".%06dZ", us);
    return text;
}

} // namespace weir
