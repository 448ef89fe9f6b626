// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Takes checkpoints of all lanes at one moment: the lanes stop at a batch boundary, empty their
// inboxes, hand in their parts, and the last one commits.
// Thread contract: each method says who calls it. Bound: one checkpoint; while one cannot be
// committed it is kept and tried again, and the folds keep merging what comes after it.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>

#include "models/event/fold/checkpoint.h"
#include "models/event/ingest/lane_gate.h"

namespace weir {

class Checkpointer {
  public:
    Checkpointer(CheckpointSink* sink, std::chrono::milliseconds every, int lanes);

    bool enabled() const { return m_sink != nullptr; }

    /// Any lane: is a round due that this lane has not been part of? `done` is the lane's counter.
    bool due(std::uint64_t done);

    /// Every lane, together: `empty_inbox` is called while waiting, `part` adds the lane's deltas,
    /// open entries and offsets. Returns the round for `due()`.
    std::uint64_t take_part(const std::function<void()>& empty_inbox,
                            const std::function<void(Checkpoint&)>& part);

    /// A lane that ends for good.
    void leave();

    /// Any thread: why the last commit failed; empty if it did not.
    std::string trouble() const;

  private:
    void begin_round();
    void commit();

    CheckpointSink* const m_sink;
    const std::chrono::milliseconds m_every;
    LaneGate m_begin;
    LaneGate m_end;
    std::atomic<std::uint64_t> m_round{0};
    std::atomic<std::int64_t> m_next_us;
    mutable std::mutex m_mutex;
    Checkpoint m_checkpoint;
    bool m_uncommitted = false; // m_checkpoint still waits for a commit
    std::string m_trouble;
};

} // namespace weir
