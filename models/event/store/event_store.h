// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The event store is the first fold: the newest events with their payloads, byte for byte, in a
// ring of immutable segments. Events that failed or could not be decoded are kept in a ring of
// their own too, so that good events never evict them. It emits no deltas.
//
// Thread contract: as Fold: one instance a lane; snapshots from any thread. A snapshot pins its
// segments: what the ring lets go stays readable through it, and is counted as pinned.
// Bound: EventStoreLimits, split evenly over the lanes; what is let go is counted.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "models/event/fold/fold.h"
#include "models/event/store/segment.h"

namespace weir {

struct EventStoreLimits {
    std::uint64_t rows = 2'000'000;
    std::uint64_t bytes = 1ULL << 30;     // payload bytes + 96 a row
    std::uint64_t failure_rows = 100'000; // the ring of failures
    std::uint64_t failure_bytes = 64u << 20;
};

/// One lane's ring as it stood at publish().
struct LaneSnapshot {
    int lane = 0;
    std::vector<std::shared_ptr<const Segment>> segments; // oldest first; the last one may grow:
    std::uint32_t last_size = 0;                          // only its first last_size rows count
    std::vector<std::shared_ptr<const Segment>> failures; // the ring of failures, likewise
    std::uint32_t failures_last_size = 0;
    std::uint64_t rows_absorbed = 0; // since the start: exact
    std::uint64_t rows_released = 0; // no longer held
    std::uint64_t bytes_held = 0;
    std::uint64_t failures_absorbed = 0;
    std::uint64_t failures_released = 0;

    std::uint32_t rows_in(std::size_t segment) const {
        return segment + 1 == segments.size() ? last_size : segments[segment]->size();
    }
};

class EventStore final : public Fold {
  public:
    EventStore(int lane, int lanes, EventStoreLimits limits);
    ~EventStore() override;

    std::string_view name() const override { return "events"; }
    void absorb(const SightingBatch& batch) override;
    void publish() override;

    /// The newest published snapshot; never null.
    std::shared_ptr<const LaneSnapshot> snapshot() const { return m_published.get(); }

  private:
    class Ring;
    const int m_lane;
    std::unique_ptr<Ring> m_events;
    std::unique_ptr<Ring> m_failures;
    Published<LaneSnapshot> m_published;
};

} // namespace weir
