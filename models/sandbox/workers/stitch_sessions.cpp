// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/workers/stitch_sessions.h"

#include <algorithm>
#include <iterator>

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
                           "Rows and offsets are one transaction of the warehouse; the embedded "
                           "cluster may hand in an event again, which is counted again."},
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
    m_sessions[std::move(session)].events.push_back(
        {at, at, 1, late ? 1 : 0, key_field(input, EventField::User),
         key_field(input, EventField::Anonymous), key_field(input, EventField::Platform)});
    count_taken();
}

/// Takes out of the table what the events of these sessions may meet.
Result<void> StitchSessions::read(WritableWarehouse& db, Sessions::iterator first,
                                  Sessions::iterator past) {
    std::vector<Value> parameters(2);
    Micros from(INT64_MAX);
    Micros until(0);
    std::string ids;
    for (auto each = first; each != past; ++each) {
        parameters.push_back(Value::of(std::string_view(each->first)));
        ids += (ids.empty() ? "$" : ",$") + std::to_string(parameters.size());
        for (const SessionPart& event : each->second.events) {
            from = std::min(from, event.started - session_gap);
            until = std::max(until, event.ended + session_gap);
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
        m_sessions[std::string(row[0].text)].parts.push_back(
            {Micros(row[4].integer), Micros(row[5].integer), row[6].integer, row[7].integer,
             std::string(row[1].text), std::string(row[2].text), std::string(row[3].text)});
    }
    return {};
}

Result<void> StitchSessions::write(WritableWarehouse& db, Micros now) {
    for (auto first = m_sessions.begin(); first != m_sessions.end();) {
        const auto left = std::distance(first, m_sessions.end());
        const auto past = std::next(first, std::min(left, sessions_at_once));
        if (auto taken = read(db, first, past); !taken)
            return taken;
        first = past;
    }
    Page page = Page::of(session_columns);
    for (auto& [session, told] : m_sessions) {
        std::sort(told.parts.begin(), told.parts.end(),
                  [](const auto& a, const auto& b) { return a.started < b.started; });
        for (const SessionPart& event : told.events)
            add_to(told.parts, event);
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
    auto done = db.append(sessions_table, page);
    for (auto& [session, told] : m_sessions)
        told.parts.clear(); // it may be done again
    return done;
}

} // namespace weir::sandbox
