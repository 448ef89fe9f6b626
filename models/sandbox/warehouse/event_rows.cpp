// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/warehouse/event_rows.h"

#include <array>
#include <limits>

#include "models/event/decode/header_values.h"

namespace weir::sandbox {
namespace {

using warehouse::Page;
using warehouse::Value;

/// A record that is older than this is kept under the day on which it is loaded: there is a bound
/// on the days, whatever clock a producer has.
constexpr std::chrono::days oldest{400};

// What both kinds of warehouse can hold: years 1 to 9999.
constexpr Micros time_min(-62'135'596'800'000'000);
constexpr Micros time_max(253'402'300'799'999'999);

const std::vector<std::string> id_columns = {"event_id", "day"};
const std::vector<std::string> event_columns = {
    "event_id",     "event_type",       "schema_version",
    "event_time",   "sent_time",        "received_time",
    "record_time",  "user_id",          "anonymous_id",
    "session_id",   "source",           "source_id",
    "platform",     "app_version",      "payload",
    "origin_topic", "origin_partition", "origin_offset",
    "load_batch",   "loaded_at",        "day"};

/// 01234567-89ab-…, as UUIDs are kept.
std::string canonical(const std::array<std::uint8_t, 16>& uuid) {
    static constexpr char hex[] = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < uuid.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            text += '-';
        text += hex[uuid[i] >> 4];
        text += hex[uuid[i] & 0xF];
    }
    return text;
}

/// Where the event was first written; this record, if no header says so.
OriginText origin_of(const StageInput& event) {
    const auto told = header_origin(event.header("weir-origin"));
    if (told && told->partition <= std::numeric_limits<std::int32_t>::max())
        return *told;
    const Record& record = event.record;
    return {record.topic, record.partition.value(), record.offset.value()};
}

std::string text_of(const OriginText& origin) {
    return std::string(origin.topic) + "/" + std::to_string(origin.partition) + "/" +
           std::to_string(origin.offset);
}

} // namespace

EventRows::EventRows(std::string load_batch, Micros loaded_at)
    : m_load_batch(std::move(load_batch))
    , m_loaded_at(loaded_at)
    , m_ids(Page::of(id_columns))
    , m_events(Page::of(event_columns)) {}

const std::string& EventRows::day_of_record(const Record& record) {
    const Day today = day_of(m_loaded_at);
    Day day = day_of(record.timestamp);
    if (day > today || day < today - oldest)
        day = today;
    const auto [known, added] = m_days.try_emplace(day);
    if (added)
        known->second = text_of(day);
    return known->second;
}

/// Empty: it has none. It may lie in m_scratch.
std::string_view EventRows::id_of(const StageInput& event) {
    const std::string_view id = event.fields.text(event.tape, EventField::Id, m_scratch);
    std::array<std::uint8_t, 16> uuid{};
    if (!parse_uuid(id, uuid))
        return id;
    m_scratch = canonical(uuid);
    return m_scratch;
}

/// A text that is part of the record stays where it is.
void EventRows::add_text(const StageInput& event, std::string_view text) {
    const std::string_view value = event.record.value;
    if (text.empty())
        m_events.add(Value::null());
    else if (text.data() >= value.data() && text.data() < value.data() + value.size())
        m_events.add_borrowed(Value::of(text));
    else
        m_events.add(Value::of(text));
}

void EventRows::add_field(const StageInput& event, EventField field) {
    add_text(event, event.fields.text(event.tape, field, m_scratch));
}

void EventRows::add_time(Micros time, TimeState state) {
    const bool is_time = state == TimeState::Present || state == TimeState::Implausible;
    m_events.add(is_time && time >= time_min && time <= time_max ? Value::of(time) : Value::null());
}

void EventRows::add(const StageInput& event) {
    const Record& record = event.record;
    const OriginText origin = origin_of(event);
    const std::string& day = day_of_record(record);
    const std::string_view id = id_of(event);
    if (id.empty())
        m_ids.add(Value::of(std::string_view(text_of(origin))));
    else
        m_ids.add(Value::of(id));
    m_ids.add_borrowed(Value::of(std::string_view(day)));
    add_text(event, id);
    for (const EventField field : {EventField::Type, EventField::SchemaVersion})
        add_field(event, field);
    const Sighting& seen = event.sighting;
    add_time(seen.event_time, seen.event_time_state);
    add_time(seen.sent_time, seen.sent_time_state);
    add_time(seen.received_time, seen.received_time_state);
    const bool has_time = record.timestamp_type != TimestampType::None;
    add_time(record.timestamp, has_time ? TimeState::Present : TimeState::Missing);
    for (const EventField field :
         {EventField::User, EventField::Anonymous, EventField::Session, EventField::Source,
          EventField::SourceId, EventField::Platform, EventField::AppVersion})
        add_field(event, field);
    m_events.add_borrowed(Value::json(record.value));
    m_events.add(Value::of(origin.topic));
    m_events.add_borrowed(Value::of(origin.partition));
    m_events.add_borrowed(Value::of(origin.offset));
    m_events.add_borrowed(Value::of(std::string_view(m_load_batch)));
    m_events.add_borrowed(Value::of(m_loaded_at));
    m_events.add_borrowed(Value::of(std::string_view(day)));
}

Page EventRows::ids(std::size_t first, std::size_t past) const {
    Page some = Page::of(id_columns);
    for (std::size_t i = first; i < past; ++i)
        for (const Value& value : m_ids.row(i))
            some.add_borrowed(value);
    return some;
}

Page EventRows::events(std::size_t first, const std::vector<std::size_t>& numbers) const {
    Page some = Page::of(event_columns);
    for (const std::size_t number : numbers)
        for (const Value& value : m_events.row(first + number))
            some.add_borrowed(value);
    return some;
}

} // namespace weir::sandbox
