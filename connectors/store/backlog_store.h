// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What was seen of consumer groups' places in partitions, kept between two starts: one row of bytes
// a group and partition. What the bytes mean is for models/backlog to know.
// Thread contract: one thread. Bound: one row a place; forget() drops those not seen for long.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "connectors/base/types.h"
#include "connectors/store/database.h"

namespace weir::store {

struct BacklogRow {
    std::string group;
    std::string topic;
    PartitionId partition;
    Micros seen; // newest look
    std::string samples;
};

class BacklogStore {
  public:
    /// For open() and open_read_only().
    explicit BacklogStore(std::unique_ptr<Database> database)
        : m_database(std::move(database)) {}
    static Result<std::unique_ptr<BacklogStore>> open(const std::string& file);
    static Result<std::unique_ptr<BacklogStore>> open_read_only(const std::string& file);

    /// Replaces the rows of these places, in one transaction.
    Result<void> save(const std::vector<BacklogRow>& rows);
    Result<void> load(const std::function<void(BacklogRow)>& visit);
    /// Drops what was last seen before `before`.
    Result<void> forget(Micros before);

  private:
    Result<void> write(const std::vector<BacklogRow>& rows);
    std::unique_ptr<Database> m_database;
};

/// The file for a cluster, in this user's data folder or in $WEIR_BACKLOG; its folder is made.
/// Errors: Io.
Result<std::string> backlog_file(const std::string& cluster_id);

} // namespace weir::store
