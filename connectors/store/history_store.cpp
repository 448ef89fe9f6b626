// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/store/history_store.h"

#include <algorithm>
#include <limits>
#include <map>

#include "connectors/store/own_file.h"

namespace weir::store {
namespace {

const FileKind& history_kind() {
    static const FileKind kind{
        0x57656869, // "Wehi"
        1,
        1,
        "history",
        {"CREATE TABLE cells(fold BLOB NOT NULL, width_us INTEGER NOT NULL,"
         " begin_us INTEGER NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL);"
         "CREATE UNIQUE INDEX cells_by_time ON cells(fold, width_us, begin_us, key);"
         "CREATE TABLE ranges(topic BLOB NOT NULL, partition INTEGER NOT NULL,"
         " first INTEGER NOT NULL, next INTEGER NOT NULL, newest_us INTEGER NOT NULL,"
         " PRIMARY KEY(topic, partition, first)) WITHOUT ROWID;"
         "CREATE TABLE watched(run INTEGER NOT NULL, place BLOB NOT NULL,"
         " since_us INTEGER NOT NULL, read_to_us INTEGER NOT NULL,"
         " PRIMARY KEY(run, place)) WITHOUT ROWID;"}};
    return kind;
}

constexpr std::uint64_t page_bytes = 4'096;
constexpr std::size_t name_part_bytes = 40;
constexpr std::size_t cluster_part_bytes = 44;

/// The multiple of `width_us` at or before `time_us`.
std::int64_t floor_to(std::int64_t time_us, std::int64_t width_us) {
    const std::int64_t rest = time_us % width_us;
    return time_us - (rest < 0 ? rest + width_us : rest);
}

/// Calls `take` for each row; it answers an Error to end with, or whether to go on.
Result<void> each_row(Statement& rows, const std::function<bool(const Statement&)>& take) {
    for (;;) {
        const Result<bool> row = rows.step();
        if (!row)
            return row.error();
        if (!*row || !take(rows))
            return {};
    }
}

HistoryCell cell_at(std::string_view fold, const Statement& row) {
    return {std::string(fold), row.integer(0), row.integer(1), std::string(row.bytes(2)),
            std::string(row.bytes(3))};
}

} // namespace

Result<std::unique_ptr<HistoryStore>> HistoryStore::open(const std::string& file,
                                                         std::uint64_t bytes_max) {
    auto database = Database::open_for_writing(file, history_kind());
    if (database && bytes_max > 0) {
        const std::string limit =
            "PRAGMA max_page_count=" +
            std::to_string(std::max<std::uint64_t>(1, bytes_max / page_bytes));
        if (const Result<void> set = (*database)->execute(limit.c_str()); !set)
            return set.error();
    }
    return opened<HistoryStore>(std::move(database));
}

Result<std::unique_ptr<HistoryStore>> HistoryStore::open_read_only(const std::string& file) {
    return opened<HistoryStore>(Database::open_read_only(file, history_kind()));
}

Result<std::uint64_t> HistoryStore::bytes() {
    Result<Statement> pages = m_database->prepare("PRAGMA page_count");
    if (!pages)
        return std::move(pages).error();
    const Result<bool> row = pages->step();
    if (!row)
        return row.error();
    return *row ? static_cast<std::uint64_t>(pages->integer(0)) * page_bytes : 0;
}

// ---- writing

Result<void> HistoryStore::commit(const HistoryRows& rows, const Add& add) {
    return m_database->in_transaction([&]() -> Result<void> {
        Result<void> done = add_cells(rows.cells, add);
        if (done)
            done = write_ranges(rows.ranges);
        if (done)
            done = write_watches(rows.watched);
        return done;
    });
}

Result<void> HistoryStore::add_cells(const std::vector<HistoryCell>& cells, const Add& add) {
    Result<Statement> known = m_database->prepare("SELECT value FROM cells WHERE fold = ?1 AND"
                                                  " width_us = ?2 AND begin_us = ?3 AND key = ?4");
    Result<Statement> put = m_database->prepare(
        "INSERT INTO cells VALUES(?1, ?2, ?3, ?4, ?5)"
        " ON CONFLICT(fold, width_us, begin_us, key) DO UPDATE SET value = excluded.value");
    for (const Result<Statement>* statement : {&known, &put})
        if (!*statement)
            return statement->error();
    std::string sum;
    for (const HistoryCell& cell : cells) {
        known->bind(1, cell.fold).bind(2, cell.width_us).bind(3, cell.begin_us).bind(4, cell.key);
        const Result<bool> row = known->step();
        if (!row)
            return row.error();
        if (*row) {
            sum = known->bytes(0);
            add(cell.fold, sum, cell.value);
        }
        const Result<void> done = put->bind(1, cell.fold)
                                      .bind(2, cell.width_us)
                                      .bind(3, cell.begin_us)
                                      .bind(4, cell.key)
                                      .bind(5, *row ? sum : cell.value)
                                      .run();
        known->reset();
        if (!done)
            return done;
    }
    return {};
}

Result<void> HistoryStore::write_ranges(const std::vector<HistoryRanges>& all) {
    Result<Statement> old =
        m_database->prepare("DELETE FROM ranges WHERE topic = ?1 AND partition = ?2");
    Result<Statement> put = m_database->prepare("INSERT INTO ranges VALUES(?1, ?2, ?3, ?4, ?5)");
    for (const Result<Statement>* statement : {&old, &put})
        if (!*statement)
            return statement->error();
    for (const HistoryRanges& one : all) {
        Result<void> done = old->bind(1, one.topic).bind(2, one.partition.value()).run();
        for (const HistoryRange& range : one.ranges)
            if (done)
                done = put->bind(1, one.topic)
                           .bind(2, one.partition.value())
                           .bind(3, range.first.value())
                           .bind(4, range.next.value())
                           .bind(5, range.newest.value())
                           .run();
        if (!done)
            return done;
    }
    return {};
}

Result<void> HistoryStore::write_watches(const std::vector<HistoryWatch>& watches) {
    Result<Statement> put =
        m_database->prepare("INSERT OR REPLACE INTO watched VALUES(?1, ?2, ?3, ?4)");
    if (!put)
        return std::move(put).error();
    for (const HistoryWatch& one : watches)
        if (Result<void> done = put->bind(1, one.run)
                                    .bind(2, one.place)
                                    .bind(3, one.since.value())
                                    .bind(4, one.read_to.value())
                                    .run();
            !done)
            return done;
    return {};
}

// ---- reading

Result<void> HistoryStore::at_one_moment(const std::function<Result<void>()>& read) {
    if (Result<void> begun = m_database->execute("BEGIN"); !begun)
        return begun;
    const Result<void> done = read();
    (void)m_database->execute("ROLLBACK"); // nothing was changed
    return done;
}

Result<void> HistoryStore::cells(std::string_view fold,
                                 const std::function<bool(HistoryCell)>& visit) {
    Result<Statement> rows =
        m_database->prepare("SELECT width_us, begin_us, key, value FROM cells WHERE fold = ?1"
                            " ORDER BY width_us DESC, begin_us, key");
    if (!rows)
        return std::move(rows).error();
    rows->bind(1, fold);
    return each_row(*rows, [&](const Statement& row) { return visit(cell_at(fold, row)); });
}

Result<std::vector<HistoryRanges>> HistoryStore::ranges() {
    Result<Statement> rows = m_database->prepare(
        "SELECT topic, partition, first, next, newest_us FROM ranges ORDER BY 1, 2, 3");
    if (!rows)
        return std::move(rows).error();
    std::vector<HistoryRanges> all;
    const Result<void> done = each_row(*rows, [&](const Statement& row) {
        const PartitionId partition(static_cast<std::int32_t>(row.integer(1)));
        if (all.empty() || all.back().topic != row.bytes(0) || all.back().partition != partition)
            all.push_back({std::string(row.bytes(0)), partition, {}});
        all.back().ranges.push_back(
            {Offset(row.integer(2)), Offset(row.integer(3)), Micros(row.integer(4))});
        return true;
    });
    if (!done)
        return done.error();
    return all;
}

Result<std::vector<HistoryWatch>> HistoryStore::watched() {
    Result<Statement> rows =
        m_database->prepare("SELECT run, place, since_us, read_to_us FROM watched ORDER BY 1, 2");
    if (!rows)
        return std::move(rows).error();
    std::vector<HistoryWatch> all;
    const Result<void> done = each_row(*rows, [&](const Statement& row) {
        all.push_back({row.integer(0), std::string(row.bytes(1)), Micros(row.integer(2)),
                       Micros(row.integer(3))});
        return true;
    });
    if (!done)
        return done.error();
    return all;
}

// ---- what becomes of it

Result<void> HistoryStore::change(std::string_view fold, std::int64_t width_us,
                                  std::int64_t from_us,
                                  const std::function<bool(HistoryCell&)>& change) {
    return m_database->in_transaction([&]() -> Result<void> {
        Result<Statement> rows = m_database->prepare(
            "SELECT width_us, begin_us, key, value, rowid FROM cells WHERE fold = ?1"
            " AND width_us = ?2 AND begin_us >= ?3");
        Result<Statement> put = m_database->prepare("UPDATE cells SET value = ?2 WHERE rowid = ?1");
        for (const Result<Statement>* statement : {&rows, &put})
            if (!*statement)
                return statement->error();
        rows->bind(1, fold).bind(2, width_us).bind(3, from_us);
        std::vector<std::pair<std::int64_t, std::string>> changed;
        Result<void> done = each_row(*rows, [&](const Statement& row) {
            HistoryCell cell = cell_at(fold, row);
            if (change(cell))
                changed.emplace_back(row.integer(4), std::move(cell.value));
            return true;
        });
        for (const auto& [row, value] : changed)
            if (done)
                done = put->bind(1, row).bind(2, value).run();
        return done;
    });
}

Result<std::vector<HistoryCell>> HistoryStore::oldest(std::string_view fold, std::int64_t width_us,
                                                      std::int64_t before_us) {
    Result<Statement> rows = m_database->prepare(
        "SELECT width_us, begin_us, key, value FROM cells WHERE fold = ?1 AND width_us = ?2"
        " AND begin_us < ?3 ORDER BY begin_us, key LIMIT ?4");
    if (!rows)
        return std::move(rows).error();
    rows->bind(1, fold).bind(2, width_us).bind(3, before_us).bind(4, rows_max);
    std::vector<HistoryCell> cells;
    const Result<void> done = each_row(*rows, [&](const Statement& row) {
        cells.push_back(cell_at(fold, row));
        return true;
    });
    if (!done)
        return done.error();
    return cells;
}

Result<void> HistoryStore::remove(const std::vector<HistoryCell>& cells) {
    Result<Statement> gone = m_database->prepare(
        "DELETE FROM cells WHERE fold = ?1 AND width_us = ?2 AND begin_us = ?3 AND key = ?4");
    if (!gone)
        return std::move(gone).error();
    for (const HistoryCell& cell : cells)
        if (Result<void> done = gone->bind(1, cell.fold)
                                    .bind(2, cell.width_us)
                                    .bind(3, cell.begin_us)
                                    .bind(4, cell.key)
                                    .run();
            !done)
            return done;
    return {};
}

Result<bool> HistoryStore::roll_up(std::string_view fold, std::int64_t width_us,
                                   std::int64_t before_us, std::int64_t into_us, const Add& add) {
    bool any = false;
    const Result<void> done = m_database->in_transaction([&]() -> Result<void> {
        auto cells = oldest(fold, width_us, before_us);
        if (!cells)
            return cells.error();
        any = !cells->empty();
        std::map<std::pair<std::int64_t, std::string>, HistoryCell> sums;
        for (const HistoryCell& cell : *cells) {
            const std::int64_t begin_us = floor_to(cell.begin_us, into_us);
            const auto [at, is_new] =
                sums.try_emplace({begin_us, cell.key},
                                 HistoryCell{cell.fold, into_us, begin_us, cell.key, cell.value});
            if (!is_new)
                add(fold, at->second.value, cell.value);
        }
        std::vector<HistoryCell> wider;
        for (auto& [where, cell] : sums)
            wider.push_back(std::move(cell));
        // Those that go make room for those that come: also a full file gets smaller.
        if (Result<void> gone = remove(*cells); !gone)
            return gone;
        return add_cells(wider, add);
    });
    if (!done)
        return done.error();
    return any;
}

Result<bool> HistoryStore::forget(std::string_view fold, std::int64_t width_us,
                                  std::int64_t before_us) {
    bool any = false;
    const Result<void> done = m_database->in_transaction([&]() -> Result<void> {
        const auto cells = oldest(fold, width_us, before_us);
        if (!cells)
            return cells.error();
        any = !cells->empty();
        return remove(*cells);
    });
    if (!done)
        return done.error();
    return any;
}

Result<void> HistoryStore::forget_watches(Micros before) {
    Result<Statement> old = m_database->prepare(
        "DELETE FROM watched WHERE read_to_us < ?1 OR run < (SELECT min(run) FROM"
        " (SELECT run FROM watched ORDER BY run DESC LIMIT ?2))");
    if (!old)
        return std::move(old).error();
    return old->bind(1, before.value()).bind(2, watches_max).run();
}

Result<std::string> history_file(const std::string& workspace, const std::string& connection,
                                 const std::string& cluster_id) {
    return own_file({"WEIR_HISTORY", "history", "keeping what was observed"},
                    workspace.substr(0, name_part_bytes) + "-" +
                        connection.substr(0, name_part_bytes) + "-" +
                        cluster_id.substr(0, cluster_part_bytes));
}

} // namespace weir::store
