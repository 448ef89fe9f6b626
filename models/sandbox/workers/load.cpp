// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/workers/load.h"

#include <array>

#include "models/sandbox/workers/enrich.h"

namespace weir::sandbox {
namespace {

using warehouse::Value;
using warehouse::WritableWarehouse;

StageInfo load_info() {
    return {
        .name = "load",
        .purpose =
            "Makes each event a row of the warehouse's table analytics.events, and its audit one "
            "of enrichment_audit.",
        .inputs = {enriched_topic},
        .outputs = {},
        .state_topic = {},
        .guarantees = {"An event id becomes one row, however often it comes.",
                       "Rows and offsets are one transaction of the warehouse; the group's "
                       "commits follow, and tell the lag.",
                       "A warehouse that does not answer is waited for; nothing is lost.",
                       "A dead letter of a batch that had to be done again comes again."},
        .slo_p95_us = 5'000'000};
}

/// Whether another row might be taken where this one was not.
bool is_about_rows(const Error& error) {
    return error.code == ErrorCode::Usage || error.code == ErrorCode::TooLarge ||
           error.code == ErrorCode::Unsupported;
}

} // namespace

Load::Load(std::optional<warehouse::DatabaseTicket> warehouse, LoadOptions options)
    : m_info(load_info())
    , m_fence(m_info.name, std::move(warehouse), options) {}

void Load::process(const StageInput& input, StageOutput&) {
    if (!m_rows) {
        const Micros now = Micros::now();
        m_rows.emplace(m_fence.batch_name(now), now);
    }
    m_rows->add(input);
}

// ---- the warehouse

Result<void> Load::open(const std::string& cluster, const std::string& instance) {
    m_rows.reset();
    return m_fence.open(cluster, instance);
}

template <class Inserts>
Result<Keeper::Kept> Load::in_transaction(const Next& next, Inserts inserts) {
    if (auto made = make_days(); !made)
        return made.error();
    auto kept = m_fence.in_transaction(
        next, m_rows ? m_rows->load_batch() : m_fence.batch_name(Micros::now()),
        [&](WritableWarehouse&) { return inserts(); });
    if (kept)
        m_rows.reset();
    return kept;
}

/// Before the transaction: a new day is one of its own, in which loaders take turns.
Result<void> Load::make_days() {
    if (!m_rows)
        return {};
    for (const auto& [day, text] : m_rows->days()) {
        if (m_days.count(day) > 0)
            continue;
        if (auto made = make_day(m_fence.db(), day); !made)
            return made;
        m_days.insert(day);
    }
    return {};
}

// ---- a batch

Result<Keeper::Kept> Load::keep(const Next& next, const Refuse& refuse) {
    auto kept = load_whole(next);
    if (kept || !m_rows || !is_about_rows(kept.error()))
        return kept;
    m_days.clear(); // one may have been dropped since
    return load_piecewise(next, refuse);
}

Result<Keeper::Kept> Load::load_whole(const Next& next) {
    return in_transaction(next, [&]() -> Result<Kept> {
        return m_rows ? insert(*m_rows, 0, m_rows->size()) : Kept{};
    });
}

Result<Keeper::Kept> Load::load_piecewise(const Next& next, const Refuse& refuse) {
    return in_transaction(next, [&]() -> Result<Kept> {
        Kept kept;
        std::vector<Refused> refused;
        if (auto done = try_ordinary_event(); !done)
            return done.error();
        if (auto done = halve(0, m_rows->size(), kept, refused); !done)
            return done.error();
        if (auto told = refuse(refused); !told)
            return told.error();
        return kept;
    });
}

Result<Keeper::Kept> Load::insert(const EventRows& rows, std::size_t first, std::size_t past) {
    WritableWarehouse& db = m_fence.db();
    const auto added = db.insert_new(event_ids_table, "event_id", rows.ids(first, past));
    if (!added)
        return added.error();
    if (auto done = db.append(events_table, rows.events(first, *added)); !done)
        return done.error();
    if (auto done = db.append(enrichment_audit_table, rows.audits(first, *added)); !done)
        return done.error();
    return Kept{added->size(), past - first - added->size()};
}

/// Inserts what can be, and finds out which rows cannot.
Result<void> Load::halve(std::size_t first, std::size_t past, Kept& kept,
                         std::vector<Refused>& refused) {
    if (auto marked = m_fence.db().mark_savepoint(); !marked)
        return marked;
    const auto some = insert(*m_rows, first, past);
    if (some) {
        kept.loaded += some->loaded;
        kept.known += some->known;
        return {};
    }
    if (!is_about_rows(some.error()))
        return some.error();
    if (auto back = m_fence.db().back_to_savepoint(); !back)
        return back;
    if (past - first == 1) {
        refused.push_back({first, some.error()});
        return {};
    }
    const std::size_t middle = first + (past - first) / 2;
    if (auto done = halve(first, middle, kept, refused); !done)
        return done;
    return halve(middle, past, kept, refused);
}

/// Whether the tables take any event at all; it is taken back.
Result<void> Load::try_ordinary_event() {
    WritableWarehouse& db = m_fence.db();
    if (auto marked = db.mark_savepoint(); !marked)
        return marked;
    const Value day = Value::of(std::string_view(m_rows->days().begin()->second));
    const Value name = Value::of(std::string_view(m_rows->load_batch()));
    const Value time = Value::of(m_rows->loaded_at());
    auto done =
        db.execute("INSERT INTO " + db.quoted(event_ids_table) + " (event_id, day) VALUES ($1, $2)",
                   std::array{name, day});
    if (done)
        done = db.execute("INSERT INTO " + db.quoted(events_table) +
                              " (event_id, payload, origin_topic, origin_partition, "
                              "origin_offset, load_batch, loaded_at, day) "
                              "VALUES ($1, '{}', '', 0, 0, $1, $2, $3)",
                          std::array{name, time, day});
    return done ? db.back_to_savepoint() : Result<void>(done.error());
}

} // namespace weir::sandbox
