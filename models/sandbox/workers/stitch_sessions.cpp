// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/workers/stitch_sessions.h"

#include <algorithm>
#include <iterator>
#include <numeric>

#include "models/sandbox/warehouse/event_identity.h"
#include "models/sandbox/warehouse/schema.h"
#include "models/sandbox/workers/enrich.h"
#include "models/sandbox/workers/event_times.h"

namespace weir::sandbox {
namespace {

using warehouse::Page;
using warehouse::Value;
using warehouse::WritableWarehouse;

/// Of one statement: both kinds of warehouse take thousands of parameters.
constexpr std::ptrdiff_t sessions_at_once = 500;

const std::vector<std::string> session_columns = {"session_id", "user_id",     "anonymous_id",
                                                  "platform",   "started_at",  "ended_at",
                                                  "events",     "late_events", "updated_at"};

StageInfo stitch_sessions_info() {
    return {.name = "stitch_sessions",
            .purpose = "Puts together what belongs to one session, by event time.",
            .inputs = {enriched_topic},
            .outputs = {},
            .state_topic = {},
            .guarantees = {"A silence of more than 30 minutes of event time begins another session "
                           "of the same id; an event that comes late is put where it belongs, and "
                           "counted as late.",
                           "Times and counts are the same in whatever order events come.",
                           "An event id counts once, however often it comes.",
                           "Rows and offsets are one transaction of the warehouse."},
            .slo_p95_us = 10'000'000};
}

} // namespace

StitchSessions::StitchSessions(std::optional<warehouse::DatabaseTicket> warehouse,
                               OffsetFence::Options options)
    : RowStage(stitch_sessions_info(), std::move(warehouse), options) {}

void StitchSessions::process(const StageInput& input, StageOutput& output) {
    std::string session = key_field(input, EventField::Session);
    if (session.empty()) {
        output.filter(FilterKind::NotForUs);
        return;
    }
    const Micros at = happened_at(input);
    const bool late = arrived_at(input) - at > session_gap;
    m_events.push_back(
        {key_text(input),
         std::move(session),
         {at, at, 1, late ? 1 : 0, key_field(input, EventField::User),
          key_field(input, EventField::Anonymous), key_field(input, EventField::Platform)}});
    count_taken();
}

/// The events that were not counted before, by their numbers, ascending.
Result<std::vector<std::size_t>> StitchSessions::insert_ids(WritableWarehouse& db,
                                                            Micros now) const {
    std::vector<std::size_t> order(m_events.size()); // writers' order
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return m_events[a].key < m_events[b].key;
    });
    const std::string day = text_of(day_of(now));
    Page page = Page::of({"event_id", "day"});
    for (const std::size_t each : order) {
        page.add_borrowed(Value::of(std::string_view(m_events[each].key)));
        page.add_borrowed(Value::of(std::string_view(day)));
    }
    auto added = db.insert_new(session_event_ids_table, "event_id", page);
    if (!added)
        return added;
    for (std::size_t& number : *added)
        number = order[number];
    std::sort(added->begin(), added->end());
    return added;
}

/// Takes out of the table what the events of these sessions may meet.
Result<void> StitchSessions::read(WritableWarehouse& db, Sessions& sessions,
                                  Sessions::iterator first, Sessions::iterator past) {
    std::vector<Value> parameters(2);
    Micros from(INT64_MAX);
    Micros until(0);
    std::string ids;
    for (auto each = first; each != past; ++each) {
        parameters.push_back(Value::of(std::string_view(each->first)));
        ids += (ids.empty() ? "$" : ",$") + std::to_string(parameters.size());
        for (const Event* const event : each->second.events) {
            from = std::min(from, event->part.started - session_gap);
            until = std::max(until, event->part.ended + session_gap);
        }
    }
    parameters[0] = Value::of(from);
    parameters[1] = Value::of(until);
    const auto there = db.execute(
        "DELETE FROM " + db.quoted(sessions_table) +
            " WHERE ended_at >= $1 AND started_at <= $2 AND session_id IN (" + ids +
            ") RETURNING session_id, user_id, anonymous_id, platform, started_at, ended_at, "
            "events, late_events",
        parameters);
    if (!there)
        return there.error();
    for (std::size_t i = 0; i < there->rows.rows(); ++i) {
        const auto row = there->rows.row(i);
        sessions[std::string(row[0].text)].parts.push_back(
            {Micros(row[4].integer), Micros(row[5].integer), row[6].integer, row[7].integer,
             std::string(row[1].text), std::string(row[2].text), std::string(row[3].text)});
    }
    return {};
}

/// Reads what is there of these sessions, and writes it back with their events.
Result<void> StitchSessions::replace(WritableWarehouse& db, Sessions& sessions, Micros now) {
    for (auto first = sessions.begin(); first != sessions.end();) {
        const auto left = std::distance(first, sessions.end());
        const auto past = std::next(first, std::min(left, sessions_at_once));
        if (auto taken = read(db, sessions, first, past); !taken)
            return taken;
        first = past;
    }
    Page page = Page::of(session_columns);
    for (auto& [session, told] : sessions) {
        std::sort(told.parts.begin(), told.parts.end(),
                  [](const auto& a, const auto& b) { return a.started < b.started; });
        for (const Event* const event : told.events)
            add_to(told.parts, event->part);
        for (const SessionPart& part : told.parts) {
            page.add_borrowed(Value::of(std::string_view(session)));
            for (const std::string* const text : {&part.user, &part.anonymous, &part.platform})
                page.add_borrowed(text_or_null(*text));
            page.add_borrowed(Value::of(part.started));
            page.add_borrowed(Value::of(part.ended));
            page.add_borrowed(Value::of(part.events));
            page.add_borrowed(Value::of(part.late_events));
            page.add_borrowed(Value::of(now));
        }
    }
    return db.append(sessions_table, page);
}

Result<std::uint64_t> StitchSessions::write(WritableWarehouse& db, Micros now) {
    const auto fresh = insert_ids(db, now);
    if (!fresh)
        return fresh.error();
    Sessions sessions;
    for (const std::size_t number : *fresh)
        sessions[m_events[number].session].events.push_back(&m_events[number]);
    if (auto done = replace(db, sessions, now); !done)
        return done.error();
    return std::uint64_t{m_events.size() - fresh->size()};
}

} // namespace weir::sandbox
