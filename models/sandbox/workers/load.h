// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// enriched_events → the table analytics.events, exactly once. A batch is one transaction of the
// warehouse, behind the fence of its offsets (warehouse/offset_fence.h): its ids go in first, and
// only events whose ids were new become rows, with what enrichment says it did to them
// (enrichment_audit).
//
// An event that the database refuses (a NUL in a text, an id that no index takes) is found by
// halving the batch, told to the worker, and passed over; but only if the database takes an
// ordinary event: else it is the database that is in trouble, and the batch is tried again later.
//
// Thread contract: as Stage. Bound: the worker's batch.
#pragma once

#include <optional>
#include <set>

#include "models/sandbox/warehouse/event_rows.h"
#include "models/sandbox/warehouse/offset_fence.h"
#include "models/sandbox/workers/stage.h"

namespace weir::sandbox {

using LoadOptions = OffsetFence::Options;

class Load final : public Stage, public Keeper {
  public:
    /// Without a warehouse it can be asked what it is, and no more.
    explicit Load(std::optional<warehouse::DatabaseTicket> warehouse, LoadOptions options = {});

    const StageInfo& info() const override { return m_info; }
    void process(const StageInput& input, StageOutput& output) override;
    Keeper* keeper() override { return this; }

    Result<void> open(const std::string& cluster, const std::string& instance) override;
    Result<void> find_starts(std::vector<kafka::TopicPartitionOffset>& partitions) override {
        return m_fence.find_starts(partitions);
    }
    Result<Kept> keep(const std::vector<kafka::TopicPartitionOffset>& next,
                      const Refuse& refuse) override;

  private:
    using Next = OffsetFence::Next;
    Result<Kept> load_whole(const Next& next);
    Result<Kept> load_piecewise(const Next& next, const Refuse& refuse);
    /// Runs `inserts` in a transaction that moves the offsets.
    template <class Inserts>
    Result<Kept> in_transaction(const Next& next, Inserts inserts);
    Result<void> make_days();
    Result<Kept> insert(const EventRows& rows, std::size_t first, std::size_t past);
    Result<void> halve(std::size_t first, std::size_t past, Kept& kept,
                       std::vector<Refused>& refused);
    Result<void> try_ordinary_event();

    const StageInfo m_info;
    OffsetFence m_fence;
    std::set<Day> m_days;            // there is room for
    std::optional<EventRows> m_rows; // of the batch at hand
};

} // namespace weir::sandbox
