// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A stage's offsets in the warehouse (table loader_offsets), moved in the transaction that keeps
// what the stage made of the records before them. A batch begins where the last one that was kept
// ended, or not at all: whoever believes it to be elsewhere has been overtaken, and is refused.
// Whatever happens to the process or the connection, these offsets say what is done.
//
// Thread contract: one owner. Bound: one connection; an entry a partition.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connectors/warehouse/sandbox/writable.h"
#include "models/sandbox/workers/keeper.h"

namespace weir::sandbox {

class OffsetFence {
  public:
    using Next = std::vector<kafka::TopicPartitionOffset>;

    struct Options {
        std::chrono::milliseconds connect_timeout{10'000};
        std::chrono::milliseconds statement_timeout{15'000}; // a lock, a full disk: tried again
    };

    /// Without a ticket nothing can be opened.
    OffsetFence(std::string stage, std::optional<warehouse::DatabaseTicket> ticket,
                Options options);

    /// Connects. `cluster`: whose offsets they are. Errors: as WritableWarehouse::open().
    Result<void> open(const std::string& cluster, const std::string& instance);
    /// Where to go on; -1: at the beginning. Errors, of both: as WritableWarehouse::execute().
    Result<void> find_starts(Next& partitions);
    /// Runs `keep` in a transaction that moves the offsets first; if it fails nothing has happened.
    /// `batch`: by what name that is noted. Errors: Refused (overtaken), and those of `keep`.
    using Keep = std::function<Result<Keeper::Kept>(warehouse::WritableWarehouse&)>;
    Result<Keeper::Kept> in_transaction(const Next& next, const std::string& batch,
                                        const Keep& keep);

    /// A name for a batch that is begun now: who, and when.
    std::string batch_name(Micros now) const;
    /// REQUIRES: it was opened.
    warehouse::WritableWarehouse& db() { return *m_db; }

  private:
    Result<std::int64_t> kept_offset(const kafka::TopicPartitionOffset& at);
    Result<void> move(const Next& next, const std::string& batch);

    const std::string m_stage;
    const std::optional<warehouse::DatabaseTicket> m_ticket;
    const Options m_options;
    std::unique_ptr<warehouse::WritableWarehouse> m_db;
    std::string m_cluster;
    std::string m_instance;
    std::map<kafka::TopicPartition, std::int64_t> m_next; // as the warehouse has them
};

} // namespace weir::sandbox
