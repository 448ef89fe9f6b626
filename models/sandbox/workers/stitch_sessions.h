// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// enriched_events → the table sessions: what belongs together by session id and event time
// (stitch/session_parts.h). The rows are the memory: those that a batch touches are read, changed
// and written back in the transaction that moves the offsets. An event that comes again (the
// embedded cluster hands in what it handed in before; a client sends again after the window of
// deduplication) is known by its id, in session_event_ids, which the same transaction writes.
//
// Thread contract: as Stage. Bound: the worker's batch, and the parts near it.
#pragma once

#include <map>
#include <vector>

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
    struct Event {
        std::string key;
        std::string session;
        SessionPart part;
    };
    /// What the batch tells of one session.
    struct Told {
        std::vector<const Event*> events;
        std::vector<SessionPart> parts; // as the table has them, then with the events
    };
    using Sessions = std::map<std::string, Told>;
    Result<std::uint64_t> write(warehouse::WritableWarehouse& db, Micros now) override;
    void clear() override { m_events.clear(); }
    Result<std::vector<std::size_t>> insert_ids(warehouse::WritableWarehouse& db, Micros now) const;
    static Result<void> read(warehouse::WritableWarehouse& db, Sessions& sessions,
                             Sessions::iterator first, Sessions::iterator past);
    static Result<void> replace(warehouse::WritableWarehouse& db, Sessions& sessions, Micros now);

    std::vector<Event> m_events; // of the batch at hand, in the order in which they came
};

} // namespace weir::sandbox
