// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/store/checkpoint_store.h"

#include <limits>

namespace weir::store {
namespace {

const FileKind& checkpoint_kind() {
    static const FileKind kind{
        0x57656972, // "Weir"
        1,
        1,
        "checkpoint store",
        {"CREATE TABLE deltas(fold BLOB NOT NULL, bucket_us INTEGER NOT NULL, key BLOB NOT NULL,"
         " value BLOB NOT NULL);"
         "CREATE INDEX deltas_by_cell ON deltas(fold, bucket_us, key);"
         "CREATE TABLE open_entries(fold BLOB NOT NULL, lane INTEGER NOT NULL, bytes BLOB NOT NULL,"
         " PRIMARY KEY(fold, lane)) WITHOUT ROWID;"
         "CREATE TABLE offsets(topic BLOB NOT NULL, partition INTEGER NOT NULL,"
         " next INTEGER NOT NULL, PRIMARY KEY(topic, partition)) WITHOUT ROWID;"}};
    return kind;
}

} // namespace

Result<std::unique_ptr<CheckpointStore>> CheckpointStore::open(const std::string& file) {
    return opened<CheckpointStore>(Database::open_for_writing(file, checkpoint_kind()));
}

Result<std::unique_ptr<CheckpointStore>> CheckpointStore::open_read_only(const std::string& file) {
    return opened<CheckpointStore>(Database::open_read_only(file, checkpoint_kind()));
}

Result<void> CheckpointStore::commit(const CheckpointRows& rows) {
    return m_database->in_transaction([&] { return write(rows); });
}

Result<void> CheckpointStore::write(const CheckpointRows& rows) {
    Result<Statement> delta = m_database->prepare("INSERT INTO deltas VALUES(?1, ?2, ?3, ?4)");
    Result<Statement> open =
        m_database->prepare("INSERT OR REPLACE INTO open_entries VALUES(?1, ?2, ?3)");
    Result<Statement> offset =
        m_database->prepare("INSERT OR REPLACE INTO offsets VALUES(?1, ?2, ?3)");
    for (const Result<Statement>* statement : {&delta, &open, &offset})
        if (!*statement)
            return statement->error();
    Result<void> done;
    for (const DeltaRow& row : rows.deltas)
        if (done = delta->bind(1, row.fold)
                       .bind(2, row.bucket.value())
                       .bind(3, row.key)
                       .bind(4, row.value)
                       .run();
            !done)
            return done;
    for (const OpenEntriesRow& row : rows.open_entries)
        if (done = open->bind(1, row.fold).bind(2, row.lane).bind(3, row.bytes).run(); !done)
            return done;
    for (const OffsetRow& row : rows.offsets)
        if (done = offset->bind(1, row.topic)
                       .bind(2, row.partition.value())
                       .bind(3, row.next.value())
                       .run();
            !done)
            return done;
    return done;
}

Result<void> CheckpointStore::deltas(std::string_view fold, Micros from, Micros to,
                                     const std::function<void(const DeltaRow&)>& visit) {
    Result<Statement> rows = m_database->prepare(
        "SELECT bucket_us, key, value FROM deltas WHERE fold = ?1 AND bucket_us >= ?2"
        " AND bucket_us < ?3 ORDER BY bucket_us, key");
    if (!rows)
        return std::move(rows).error();
    rows->bind(1, fold).bind(2, from.value()).bind(3, to.value());
    for (;;) {
        const Result<bool> row = rows->step();
        if (!row)
            return row.error();
        if (!*row)
            return {};
        visit({std::string(fold), Micros(rows->integer(0)), std::string(rows->bytes(1)),
               std::string(rows->bytes(2))});
    }
}

Result<std::vector<OpenEntriesRow>> CheckpointStore::open_entries() {
    Result<Statement> rows = m_database->prepare("SELECT fold, lane, bytes FROM open_entries");
    if (!rows)
        return std::move(rows).error();
    std::vector<OpenEntriesRow> entries;
    for (;;) {
        const Result<bool> row = rows->step();
        if (!row)
            return row.error();
        if (!*row)
            return entries;
        entries.push_back(
            {std::string(rows->bytes(0)), rows->integer(1), std::string(rows->bytes(2))});
    }
}

Result<std::vector<OffsetRow>> CheckpointStore::offsets() {
    Result<Statement> rows = m_database->prepare("SELECT topic, partition, next FROM offsets");
    if (!rows)
        return std::move(rows).error();
    std::vector<OffsetRow> offsets;
    for (;;) {
        const Result<bool> row = rows->step();
        if (!row)
            return row.error();
        if (!*row)
            return offsets;
        offsets.push_back({std::string(rows->bytes(0)),
                           PartitionId(static_cast<std::int32_t>(rows->integer(1))),
                           Offset(rows->integer(2))});
    }
}

Result<void>
CheckpointStore::compact(std::string_view fold,
                         const std::function<void(std::string&, std::string_view)>& add) {
    return m_database->in_transaction([&]() -> Result<void> {
        CheckpointRows merged;
        constexpr auto first = Micros(std::numeric_limits<std::int64_t>::min());
        constexpr auto last = Micros(std::numeric_limits<std::int64_t>::max());
        Result<void> done = deltas(fold, first, last, [&](const DeltaRow& row) {
            DeltaRow* const cell = merged.deltas.empty() ? nullptr : &merged.deltas.back();
            if (cell != nullptr && cell->bucket == row.bucket && cell->key == row.key)
                add(cell->value, row.value);
            else
                merged.deltas.push_back(row);
        });
        Result<Statement> old = m_database->prepare("DELETE FROM deltas WHERE fold = ?1");
        if (!old)
            return std::move(old).error();
        if (done)
            done = old->bind(1, fold).run();
        if (done)
            done = write(merged);
        return done;
    });
}

} // namespace weir::store
