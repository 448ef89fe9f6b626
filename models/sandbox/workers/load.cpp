// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/workers/load.h"

#include <array>

namespace weir::sandbox {
namespace {

using warehouse::Value;
using warehouse::WritableWarehouse;

StageInfo make_info() {
    return {.name = "load",
            .purpose = "Makes each event a row of the warehouse's table analytics.events.",
            .inputs = {"unique_events"},
            .outputs = {},
            .state_topic = {},
            .guarantees = {"An event id becomes one row, however often it comes.",
                           "Rows and offsets are one transaction of the warehouse; the group's "
                           "commits follow, and tell the lag.",
                           "A warehouse that does not answer is waited for; nothing is lost.",
                           "A dead letter of a batch that had to be done again comes again."},
            .slo_p95_us = 5'000'000};
}

/// The load batch's name: who loaded it, and when it was begun.
std::string batch_name(const std::string& instance, Micros now) {
    return instance + "-" + std::to_string(now.value());
}

/// Whether another row might be taken where this one was not.
bool is_about_rows(const Error& error) {
    return error.code == ErrorCode::Usage || error.code == ErrorCode::TooLarge ||
           error.code == ErrorCode::Unsupported;
}

} // namespace

Load::Load(std::optional<warehouse::DatabaseTicket> warehouse, LoadOptions options)
    : m_info(make_info())
    , m_ticket(std::move(warehouse))
    , m_options(options) {}

void Load::process(const StageInput& input, StageOutput&) {
    if (!m_rows) {
        const Micros now = Micros::now();
        m_rows.emplace(batch_name(m_instance, now), now);
    }
    m_rows->add(input);
}

// ---- the warehouse

Result<void> Load::open(const std::string& cluster, const std::string& instance) {
    m_rows.reset();
    m_next.clear();
    m_cluster = cluster;
    m_instance = instance;
    if (!m_ticket)
        return Error{.code = ErrorCode::Usage, .what = "there is no warehouse to load"};
    auto opened = WritableWarehouse::open(*m_ticket, m_options.connect_timeout);
    if (!opened)
        return opened.error();
    m_db = std::move(*opened);
    m_db->set_timeout(m_options.statement_timeout);
    return {};
}

Result<void> Load::find_starts(Next& partitions) {
    if (auto begun = m_db->begin(); !begun) // connects again, if need be
        return begun;
    for (kafka::TopicPartitionOffset& one : partitions) {
        const auto kept = kept_offset(one);
        if (!kept) {
            (void)m_db->rollback();
            return kept.error();
        }
        one.offset = Offset(*kept == 0 ? -1 : *kept); // a log need not begin at 0
        m_next[{one.topic, one.partition}] = *kept;
    }
    return m_db->commit();
}

/// Makes a row for the fence where there is none.
Result<std::int64_t> Load::kept_offset(const kafka::TopicPartitionOffset& at) {
    const std::string table = m_db->quoted(loader_offsets_table);
    const Value cluster = Value::of(std::string_view(m_cluster));
    const Value topic = Value::of(std::string_view(at.topic));
    const Value partition = Value::of(std::int64_t{at.partition.value()});
    const auto there = m_db->execute(
        "INSERT INTO " + table + " (cluster, topic, partition, next, updated_at) " +
            "VALUES ($1, $2, $3, 0, $4) ON CONFLICT (cluster, topic, partition) DO NOTHING",
        std::array{cluster, topic, partition, Value::of(Micros::now())});
    if (!there)
        return there.error();
    const auto answer = m_db->execute("SELECT next FROM " + table +
                                          " WHERE cluster = $1 AND topic = $2 AND partition = $3",
                                      std::array{cluster, topic, partition});
    if (!answer)
        return answer.error();
    return answer->rows.at(0, 0).integer;
}

Result<void> Load::move_offsets(const Next& next) {
    const std::string sql =
        "UPDATE " + m_db->quoted(loader_offsets_table) +
        " SET next = $1, load_batch = $2, updated_at = $3 WHERE cluster = $4 AND topic = $5 AND "
        "partition = $6 AND next = $7";
    const Micros now = Micros::now();
    const std::string batch = m_rows ? m_rows->load_batch() : batch_name(m_instance, now);
    for (const kafka::TopicPartitionOffset& one : next) {
        const auto moved = m_db->execute(
            sql, std::array{Value::of(one.offset.value()), Value::of(std::string_view(batch)),
                            Value::of(now), Value::of(std::string_view(m_cluster)),
                            Value::of(std::string_view(one.topic)),
                            Value::of(std::int64_t{one.partition.value()}),
                            Value::of(m_next.at({one.topic, one.partition}))});
        if (!moved)
            return moved.error();
        if (moved->affected != 1)
            return Error{.code = ErrorCode::Refused,
                         .what = "another loader has gone on with " + one.topic + " [" +
                                 std::to_string(one.partition.value()) + "]",
                         .where = m_db->ticket().connection().name,
                         .tried = "loading a batch"};
    }
    return {};
}

template <class Inserts>
Result<Keeper::Kept> Load::in_transaction(const Next& next, Inserts inserts) {
    if (auto made = make_days(); !made)
        return made.error();
    if (auto begun = m_db->begin(); !begun)
        return begun.error();
    const auto moved = move_offsets(next);
    Result<Kept> kept = moved ? inserts() : Result<Kept>(moved.error());
    if (!kept) {
        (void)m_db->rollback();
        return kept;
    }
    if (auto done = m_db->commit(); !done)
        return done.error();
    for (const kafka::TopicPartitionOffset& one : next)
        m_next[{one.topic, one.partition}] = one.offset.value();
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
        if (auto made = make_day(*m_db, day); !made)
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
    const auto added = m_db->insert_new(event_ids_table, "event_id", rows.ids(first, past));
    if (!added)
        return added.error();
    if (auto done = m_db->append(events_table, rows.events(first, *added)); !done)
        return done.error();
    return Kept{added->size(), past - first - added->size()};
}

/// Inserts what can be, and finds out which rows cannot.
Result<void> Load::halve(std::size_t first, std::size_t past, Kept& kept,
                         std::vector<Refused>& refused) {
    if (auto marked = m_db->mark_savepoint(); !marked)
        return marked;
    const auto some = insert(*m_rows, first, past);
    if (some) {
        kept.loaded += some->loaded;
        kept.known += some->known;
        return {};
    }
    if (!is_about_rows(some.error()))
        return some.error();
    if (auto back = m_db->back_to_savepoint(); !back)
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
    if (auto marked = m_db->mark_savepoint(); !marked)
        return marked;
    const Value day = Value::of(std::string_view(m_rows->days().begin()->second));
    const Value name = Value::of(std::string_view(m_rows->load_batch()));
    const Value time = Value::of(m_rows->loaded_at());
    auto done = m_db->execute("INSERT INTO " + m_db->quoted(event_ids_table) +
                                  " (event_id, day) VALUES ($1, $2)",
                              std::array{name, day});
    if (done)
        done = m_db->execute("INSERT INTO " + m_db->quoted(events_table) +
                                 " (event_id, payload, origin_topic, origin_partition, "
                                 "origin_offset, load_batch, loaded_at, day) "
                                 "VALUES ($1, '{}', '', 0, 0, $1, $2, $3)",
                             std::array{name, time, day});
    return done ? m_db->back_to_savepoint() : Result<void>(done.error());
}

} // namespace weir::sandbox
