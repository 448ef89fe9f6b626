// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sandbox/warehouse/offset_fence.h"

#include <array>

#include "models/sandbox/warehouse/schema.h"

namespace weir::sandbox {

using warehouse::Value;
using warehouse::WritableWarehouse;

OffsetFence::OffsetFence(std::string stage, std::optional<warehouse::DatabaseTicket> ticket,
                         Options options)
    : m_stage(std::move(stage))
    , m_ticket(std::move(ticket))
    , m_options(options) {}

Result<void> OffsetFence::open(const std::string& cluster, const std::string& instance) {
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

std::string OffsetFence::batch_name(Micros now) const {
    return m_instance + "-" + std::to_string(now.value());
}

Result<void> OffsetFence::find_starts(Next& partitions) {
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
Result<std::int64_t> OffsetFence::kept_offset(const kafka::TopicPartitionOffset& at) {
    const std::string table = m_db->quoted(loader_offsets_table);
    const Value stage = Value::of(std::string_view(m_stage));
    const Value cluster = Value::of(std::string_view(m_cluster));
    const Value topic = Value::of(std::string_view(at.topic));
    const Value partition = Value::of(std::int64_t{at.partition.value()});
    const auto there = m_db->execute(
        "INSERT INTO " + table + " (stage, cluster, topic, partition, next, updated_at) " +
            "VALUES ($1, $2, $3, $4, 0, $5) ON CONFLICT (stage, cluster, topic, partition) "
            "DO NOTHING",
        std::array{stage, cluster, topic, partition, Value::of(Micros::now())});
    if (!there)
        return there.error();
    const auto answer =
        m_db->execute("SELECT next FROM " + table +
                          " WHERE stage = $1 AND cluster = $2 AND topic = $3 AND partition = $4",
                      std::array{stage, cluster, topic, partition});
    if (!answer)
        return answer.error();
    return answer->rows.at(0, 0).integer;
}

Result<void> OffsetFence::move(const Next& next, const std::string& batch) {
    const std::string sql =
        "UPDATE " + m_db->quoted(loader_offsets_table) +
        " SET next = $1, load_batch = $2, updated_at = $3 WHERE stage = $4 AND cluster = $5 AND "
        "topic = $6 AND partition = $7 AND next = $8";
    const Micros now = Micros::now();
    for (const kafka::TopicPartitionOffset& one : next) {
        const auto moved = m_db->execute(
            sql, std::array{Value::of(one.offset.value()), Value::of(std::string_view(batch)),
                            Value::of(now), Value::of(std::string_view(m_stage)),
                            Value::of(std::string_view(m_cluster)),
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

Result<Keeper::Kept> OffsetFence::in_transaction(const Next& next, const std::string& batch,
                                                 const Keep& keep) {
    if (auto begun = m_db->begin(); !begun)
        return begun.error();
    const auto moved = move(next, batch);
    auto kept = moved ? keep(*m_db) : Result<Keeper::Kept>(moved.error());
    if (!kept) {
        (void)m_db->rollback();
        return kept;
    }
    if (auto done = m_db->commit(); !done)
        return done.error();
    for (const kafka::TopicPartitionOffset& one : next)
        m_next[{one.topic, one.partition}] = one.offset.value();
    return kept;
}

} // namespace weir::sandbox
