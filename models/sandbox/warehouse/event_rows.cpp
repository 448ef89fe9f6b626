// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/warehouse/event_rows.h"

#include <charconv>

#include "models/sandbox/warehouse/event_identity.h"
#include "models/sandbox/workers/enrich.h"

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

bool read_version(std::string_view digits, std::int32_t& number) {
    const char* const end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, number);
    return read.ec == std::errc() && read.ptr == end;
}

const std::vector<std::string> audit_columns = {"event_id", "rule",  "rule_version",
                                                "before",   "after", "at"};

} // namespace

EventRows::EventRows(std::string load_batch, Micros loaded_at)
    : m_load_batch(std::move(load_batch))
    , m_loaded_at(loaded_at)
    , m_ids(Page::of(id_columns))
    , m_events(Page::of(event_columns))
    , m_audits(Page::of(audit_columns)) {}

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
    const std::string_view id = id_text(event, m_scratch);
    const std::string key = id.empty() ? text_of(origin) : std::string(id);
    m_ids.add(Value::of(std::string_view(key)));
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
    add_audit(event, key);
}

/// What the enrichment's header tells; nothing, if there is none or it is not understood.
void EventRows::add_audit(const StageInput& event, std::string_view key) {
    m_audit_of.push_back(no_audit);
    const std::string_view told = event.header(audit_header);
    if (!m_tape.parse(told) || m_tape.nodes()[0].kind != JsonKind::Object)
        return;
    const auto rule = m_tape.member(0, "rule");
    const auto version = m_tape.member(0, "version");
    const auto before = m_tape.member(0, "before");
    const auto after = m_tape.member(0, "after");
    std::int32_t number = 0;
    if (!rule || !version || !before || !after || m_tape.nodes()[*rule].kind != JsonKind::String ||
        !read_version(m_tape.raw(*version), number))
        return;
    m_audit_of.back() = m_audits.rows();
    m_audits.add(Value::of(key));
    m_audits.add(Value::of(m_tape.text_of(*rule, m_scratch)));
    m_audits.add_borrowed(Value::of(std::int64_t{number}));
    m_audits.add_borrowed(Value::json(m_tape.raw_quoted(*before)));
    m_audits.add_borrowed(Value::json(m_tape.raw_quoted(*after)));
    m_audits.add_borrowed(Value::of(m_loaded_at));
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

Page EventRows::audits(std::size_t first, const std::vector<std::size_t>& numbers) const {
    Page some = Page::of(audit_columns);
    for (const std::size_t number : numbers)
        if (const std::size_t audit = m_audit_of[first + number]; audit != no_audit)
            for (const Value& value : m_audits.row(audit))
                some.add_borrowed(value);
    return some;
}

} // namespace weir::sandbox
