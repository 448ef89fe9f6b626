// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What was folded in the past: cells (rows of bytes by fold, stretch of time and key), which
// records they hold (ranges of offsets), and what was watched when. All that a checkpoint brings is
// one transaction. What the bytes mean, and how two of them add up, is for models/ to know.
//
// Thread contract: one thread at a time. Bound: bytes_max a file (it then says DiskFull);
// roll_up() and forget() change rows_max rows a call, so that nobody waits for long.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/base/types.h"
#include "connectors/store/database.h"

namespace weir::store {

struct HistoryCell {
    std::string fold;
    std::int64_t width_us = 0;
    std::int64_t begin_us = 0;
    std::string key;
    std::string value;
};

/// Records of a partition that the cells hold: first <= offset < next.
struct HistoryRange {
    Offset first, next;
    Micros newest; // record time, of those in it
};
struct HistoryRanges {
    std::string topic;
    PartitionId partition;
    std::vector<HistoryRange> ranges; // in order, apart from each other
};

/// One run's watch over a place: all that was written from `since` up to `read_to` was read.
struct HistoryWatch {
    std::int64_t run = 0;
    std::string place;
    Micros since, read_to;
};

struct HistoryRows {
    std::vector<HistoryCell> cells;    // added to those that are there
    std::vector<HistoryRanges> ranges; // in the place of all that is known of these partitions
    std::vector<HistoryWatch> watched; // in the place of the same run's and place's
};

class HistoryStore {
  public:
    static constexpr std::int64_t rows_max = 500; // that one roll_up() or forget() changes
    static constexpr std::int64_t watches_max = 10'000;

    /// Adds `delta` to `into`, both of `fold`.
    using Add =
        std::function<void(std::string_view fold, std::string& into, std::string_view delta)>;

    /// For open() and open_read_only().
    explicit HistoryStore(std::unique_ptr<Database> database)
        : m_database(std::move(database)) {}
    /// `bytes_max`: of the file, 0: any. Errors: Database::open_for_writing()'s.
    static Result<std::unique_ptr<HistoryStore>> open(const std::string& file,
                                                      std::uint64_t bytes_max = 0);
    static Result<std::unique_ptr<HistoryStore>> open_read_only(const std::string& file);

    const std::string& file() const { return m_database->file(); }
    /// How much room it takes. Errors: Timeout, Corrupt, Io.
    Result<std::uint64_t> bytes();

    /// All of it in one transaction. Errors: DiskFull, Timeout (another program holds it), Corrupt,
    /// Io; nothing is changed then.
    Result<void> commit(const HistoryRows& rows, const Add& add);

    /// Every cell of a fold: the widest first, then by time. `visit` answers whether to go on.
    Result<void> cells(std::string_view fold, const std::function<bool(HistoryCell)>& visit);
    Result<std::vector<HistoryRanges>> ranges();
    Result<std::vector<HistoryWatch>> watched(); // by run
    /// All of these under one read transaction, so that they are of one moment.
    Result<void> at_one_moment(const std::function<Result<void>()>& read);

    /// Has `change` look at each cell of one width and fold that begins at `from_us` or later, and
    /// keeps what it makes of them. One transaction.
    Result<void> change(std::string_view fold, std::int64_t width_us, std::int64_t from_us,
                        const std::function<bool(HistoryCell&)>& change);
    /// Adds the oldest cells of a width that begin before `before_us` up into cells of `into_us`,
    /// which is a multiple of it. False: there was nothing left to do.
    Result<bool> roll_up(std::string_view fold, std::int64_t width_us, std::int64_t before_us,
                         std::int64_t into_us, const Add& add);
    /// Drops the oldest cells of a width that begin before `before_us`. False: there are none left.
    Result<bool> forget(std::string_view fold, std::int64_t width_us, std::int64_t before_us);
    /// Drops what was watched before, and beyond watches_max.
    Result<void> forget_watches(Micros before);

  private:
    Result<void> add_cells(const std::vector<HistoryCell>& cells, const Add& add);
    Result<void> write_ranges(const std::vector<HistoryRanges>& all);
    Result<void> write_watches(const std::vector<HistoryWatch>& watches);
    Result<std::vector<HistoryCell>> oldest(std::string_view fold, std::int64_t width_us,
                                            std::int64_t before_us);
    Result<void> remove(const std::vector<HistoryCell>& cells);
    std::unique_ptr<Database> m_database;
};

/// The file for what is observed of a cluster by way of a workspace's connection, in this user's
/// data folder or in $WEIR_HISTORY; its folder is made. Errors: Io.
Result<std::string> history_file(const std::string& workspace, const std::string& connection,
                                 const std::string& cluster_id);

} // namespace weir::store
