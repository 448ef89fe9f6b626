// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// events_by_user → the table identities: which devices (anonymous ids) are whose. What is known and
// what is likely are never mixed:
// - known (`deterministic`, confidence 1): an event carried both ids;
// - likely (`probabilistic`): a device that was never seen with a user shares signals (one address,
//   the same kind of device: `enrichment.signal`, read from enriched_events) with devices of a
//   user's. A signal that n users share says 1/2n for each of them, several say it together
//   (1 - Π(1 - 1/2n)); too little is not said, and a signal of a crowd says nothing
//   (stitch/likely_owners.h). As soon as a device is known, what was likely of it goes.
// Both depend on what was seen, not on the order in which it came.
//
// Thread contract: as Stage. Bound: the worker's batch, and what its new signals lead to.
// Processes take turns.
#pragma once

#include <compare>
#include <map>

#include "models/sandbox/workers/row_stage.h"

namespace weir::sandbox {

class StitchIdentities final : public RowStage {
  public:
    /// Without a warehouse it can be asked what it is, and no more.
    explicit StitchIdentities(std::optional<warehouse::DatabaseTicket> warehouse,
                              OffsetFence::Options options = {});

    void process(const StageInput& input, StageOutput& output) override;

  private:
    struct Span {
        Micros first, last;
    };
    struct Pair {
        std::string anonymous, user;
        auto operator<=>(const Pair&) const = default;
    };
    struct Seen {
        std::string signal, anonymous, user; // user: "" is nobody's
        auto operator<=>(const Seen&) const = default;
    };
    Result<std::uint64_t> write(warehouse::WritableWarehouse& db, Micros now) override;
    void clear() override;
    Result<void> keep_known(warehouse::WritableWarehouse& db, Micros now) const;
    Result<void> keep_signals(warehouse::WritableWarehouse& db, Micros now) const;

    std::map<Pair, Span> m_known;  // of the batch at hand
    std::map<Seen, Micros> m_seen; // and when first
};

} // namespace weir::sandbox
