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
#include "models/sandbox/workers/row_stage.h"

namespace weir::sandbox {

class StitchSessions final : public RowStage {
  public:
    /// Without a warehouse it can be asked what it is, and no more.
    explicit StitchSessions(std::optional<warehouse::DatabaseTicket> warehouse,
                            OffsetFence::Options options = {});

    void process(const StageInput& input, StageOutput& output) override;

  private:
    /// What the batch tells of one session, in the order in which it came.
    struct Told {
        std::vector<SessionPart> events;
        std::vector<SessionPart> parts; // as the table has them, then with the events
    };
    using Sessions = std::map<std::string, Told>;
    Result<void> write(warehouse::WritableWarehouse& db, Micros now) override;
    void clear() override { m_sessions.clear(); }
    Result<void> read(warehouse::WritableWarehouse& db, Sessions::iterator first,
                      Sessions::iterator past);

    Sessions m_sessions; // of the batch at hand
};

} // namespace weir::sandbox
