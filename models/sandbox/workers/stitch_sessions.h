// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// enriched_events → the table sessions: what belongs together by session id and event time
// (stitch/session_parts.h). The rows are the memory: those that a batch touches are read, changed
// and written back in the transaction that moves the offsets.
//
// Thread contract: as Stage. Bound: the worker's batch, and the parts near it.
#pragma once

#include <map>

#include "models/sandbox/stitch/session_parts.h"
#include "models/sandbox/warehouse/offset_fence.h"
#include "models/sandbox/workers/stage.h"

namespace weir::sandbox {

class StitchSessions final : public Stage, public Keeper {
  public:
    /// Without a warehouse it can be asked what it is, and no more.
    explicit StitchSessions(std::optional<warehouse::DatabaseTicket> warehouse,
                            OffsetFence::Options options = {});

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
    /// What the batch tells of one session, in the order in which it came.
    struct Told {
        std::vector<SessionPart> events;
        std::vector<SessionPart> parts; // as the table has them, then with the events
    };
    using Sessions = std::map<std::string, Told>;
    Result<void> stitch(warehouse::WritableWarehouse& db, Micros now);
    Result<void> read(warehouse::WritableWarehouse& db, Sessions::iterator first,
                      Sessions::iterator past);

    const StageInfo m_info;
    OffsetFence m_fence;
    Sessions m_sessions; // of the batch at hand
    std::uint64_t m_taken = 0;
    std::string m_scratch;
};

} // namespace weir::sandbox
