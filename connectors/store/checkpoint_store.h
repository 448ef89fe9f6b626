// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Rows of bytes that are committed together: deltas (appended), open entries (replaced), offsets
// (replaced). What they mean is for models/event/fold to know.
//
// Thread contract: one thread. Bound: compact() leaves one row a (fold, bucket, key); between two
// compactions at most what was committed.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/base/result.h"
#include "connectors/base/types.h"
#include "connectors/store/database.h"

namespace weir::store {

struct DeltaRow {
    std::string fold;
    Micros bucket;
    std::string key;
    std::string value;
};

struct OpenEntriesRow {
    std::string fold;
    std::int64_t lane = 0;
    std::string bytes;
};

struct OffsetRow {
    std::string topic;
    PartitionId partition;
    Offset next;
};

struct CheckpointRows {
    std::vector<DeltaRow> deltas;
    std::vector<OpenEntriesRow> open_entries;
    std::vector<OffsetRow> offsets;
};

class CheckpointStore {
  public:
    /// For open() and open_read_only().
    explicit CheckpointStore(std::unique_ptr<Database> database)
        : m_database(std::move(database)) {}
    static Result<std::unique_ptr<CheckpointStore>> open(const std::string& file);
    static Result<std::unique_ptr<CheckpointStore>> open_read_only(const std::string& file);

    /// All of it in one transaction.
    Result<void> commit(const CheckpointRows& rows);

    /// Deltas of one fold with from <= bucket < to, oldest first; several of one cell may come.
    Result<void> deltas(std::string_view fold, Micros from, Micros to,
                        const std::function<void(const DeltaRow&)>& visit);
    Result<std::vector<OpenEntriesRow>> open_entries();
    Result<std::vector<OffsetRow>> offsets();

    /// Merges the rows of each cell of a fold into one with `add(into, delta)`.
    Result<void> compact(std::string_view fold,
                         const std::function<void(std::string&, std::string_view)>& add);

  private:
    Result<void> write(const CheckpointRows& rows);

    std::unique_ptr<Database> m_database;
};

} // namespace weir::store
