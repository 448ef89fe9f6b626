// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/store/backlog_store.h"

#include "connectors/store/own_file.h"

namespace weir::store {

namespace {

constexpr std::size_t cluster_id_bytes_max = 64;

const FileKind& backlog_kind() {
    static const FileKind kind{
        0x5765424C, // "WeBL"
        1,
        1,
        "backlog history",
        {"CREATE TABLE samples(consumer_group BLOB NOT NULL, topic BLOB NOT NULL,"
         " partition INTEGER NOT NULL, seen_us INTEGER NOT NULL, samples BLOB NOT NULL,"
         " PRIMARY KEY(consumer_group, topic, partition)) WITHOUT ROWID;"
         "CREATE INDEX samples_by_age ON samples(seen_us);"}};
    return kind;
}

} // namespace

Result<std::unique_ptr<BacklogStore>> BacklogStore::open(const std::string& file) {
    return opened<BacklogStore>(Database::open_for_writing(file, backlog_kind()));
}

Result<std::unique_ptr<BacklogStore>> BacklogStore::open_read_only(const std::string& file) {
    return opened<BacklogStore>(Database::open_read_only(file, backlog_kind()));
}

Result<void> BacklogStore::save(const std::vector<BacklogRow>& rows) {
    return m_database->in_transaction([&] { return write(rows); });
}

Result<void> BacklogStore::write(const std::vector<BacklogRow>& rows) {
    Result<Statement> insert =
        m_database->prepare("INSERT OR REPLACE INTO samples VALUES(?1, ?2, ?3, ?4, ?5)");
    if (!insert)
        return std::move(insert).error();
    for (const BacklogRow& row : rows)
        if (Result<void> done = insert->bind(1, row.group)
                                    .bind(2, row.topic)
                                    .bind(3, row.partition.value())
                                    .bind(4, row.seen.value())
                                    .bind(5, row.samples)
                                    .run();
            !done)
            return done;
    return {};
}

Result<void> BacklogStore::load(const std::function<void(BacklogRow)>& visit) {
    Result<Statement> rows = m_database->prepare(
        "SELECT consumer_group, topic, partition, seen_us, samples FROM samples");
    if (!rows)
        return std::move(rows).error();
    for (;;) {
        const Result<bool> row = rows->step();
        if (!row)
            return row.error();
        if (!*row)
            return {};
        visit({std::string(rows->bytes(0)), std::string(rows->bytes(1)),
               PartitionId(static_cast<std::int32_t>(rows->integer(2))), Micros(rows->integer(3)),
               std::string(rows->bytes(4))});
    }
}

Result<void> BacklogStore::forget(Micros before) {
    Result<Statement> old = m_database->prepare("DELETE FROM samples WHERE seen_us < ?1");
    if (!old)
        return std::move(old).error();
    return old->bind(1, before.value()).run();
}

Result<std::string> backlog_file(const std::string& cluster_id) {
    return own_file({"WEIR_BACKLOG", "backlog", "keeping what was seen of consumer groups"},
                    cluster_id.substr(0, cluster_id_bytes_max));
}

} // namespace weir::store
