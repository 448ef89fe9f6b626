// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A stage that makes rows of the warehouse from a batch as a whole: it gathers while records come,
// and what it gathered is written in the transaction that moves its offsets. What it makes of a
// batch that fails it makes again.
//
// Thread contract: as Stage. Bound: the worker's batch.
#pragma once

#include "models/sandbox/warehouse/offset_fence.h"
#include "models/sandbox/workers/stage.h"

namespace weir::sandbox {

class RowStage : public Stage, public Keeper {
  public:
    const StageInfo& info() const final { return m_info; }
    Keeper* keeper() final { return this; }

    Result<void> open(const std::string& cluster, const std::string& instance) final;
    Result<void> find_starts(std::vector<kafka::TopicPartitionOffset>& partitions) final {
        return m_fence.find_starts(partitions);
    }
    Result<Kept> keep(const std::vector<kafka::TopicPartitionOffset>& next,
                      const Refuse& refuse) final;

  protected:
    /// Without a warehouse it can be asked what it is, and no more.
    RowStage(StageInfo info, std::optional<warehouse::DatabaseTicket> warehouse,
             OffsetFence::Options options);

    /// The record at hand is in the batch.
    void count_taken() { ++m_taken; }
    /// An event's field where it fits a key of the warehouse, else "".
    std::string key_field(const StageInput& input, EventField field);
    /// "" is null. `text` is borrowed.
    static warehouse::Value text_or_null(const std::string& text);

    std::string m_scratch;

  private:
    /// Writes what was gathered; how many of the records told of were known already.
    /// REQUIRES: it may be asked again.
    virtual Result<std::uint64_t> write(warehouse::WritableWarehouse& db, Micros now) = 0;
    /// Forgets what was gathered.
    virtual void clear() = 0;
    void begin_batch();

    const StageInfo m_info;
    OffsetFence m_fence;
    std::uint64_t m_taken = 0; // records in the batch at hand
};

} // namespace weir::sandbox
