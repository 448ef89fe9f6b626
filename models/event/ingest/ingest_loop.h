// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The sharded ingest loop: one lane (a thread) per stream of a source. A lane polls, decodes, lets
// its own folds absorb, scatters join entries to the lane that owns the key, and publishes.
//
// Thread contract: start() and stop() from the owner's thread; the rest from any.
// Bound: one batch per lane in work, `inbox_entries` join entries waiting per lane; a full inbox
// slows the sender down, nothing is dropped.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "connectors/base/record_source.h"
#include "models/event/decode/decoder.h"
#include "models/event/fold/checkpoint.h"
#include "models/event/fold/counted_ranges.h"
#include "models/event/fold/fold.h"

namespace weir {

struct IngestOptions {
    std::chrono::milliseconds publish_every{50};
    std::size_t inbox_entries = 262'144;
    /// Where checkpoints go; null: none are taken. Must outlive the loop.
    CheckpointSink* checkpoints = nullptr;
    std::chrono::milliseconds checkpoint_every{10'000};
    /// Which records folds that keep their deltas have counted already; null: none.
    std::shared_ptr<const CountedRanges> counted;
    /// The checkpoint to go on from; the source must start at its offsets and have as many streams.
    const Checkpoint* resume = nullptr;
};

/// What the source said of a partition, and when.
struct IngestNote {
    PartitionEvent event;
    Micros time;
};

/// Exact counts since the start, over all lanes, and how far behind the stream Weir itself is.
struct IngestStats {
    std::uint64_t records = 0;
    std::uint64_t events = 0;
    std::uint64_t bytes = 0; // keys and values
    std::uint64_t undecodable = 0;
    std::uint64_t cut_events = 0; // past what is read of one record: not read
    double events_per_s = 0;      // over the last two seconds
    std::int64_t behind_us = -1;  // now minus the least watermark; 0: caught up; -1: nothing read
    std::vector<Watermark> watermarks; // the newest of every partition
    std::vector<IngestNote> notes;     // newest last, at most 1,000 a lane; no ends, no holes
    std::string trouble; // why the loop ended early, or why checkpoints fail; or empty
};

class IngestLoop {
  public:
    static std::unique_ptr<IngestLoop> start(const std::shared_ptr<RecordSource>& source,
                                             const DecoderFactory& decoders,
                                             const std::vector<FoldFactory>& folds,
                                             IngestOptions options);
    virtual ~IngestLoop() = default; // stops and joins

    virtual int lanes() const = 0;
    /// The lane's instance of fold `index`, for its thread-safe snapshot alone.
    virtual const Fold& fold(int lane, std::size_t index) const = 0;
    virtual IngestStats stats() const = 0;
    /// The source is finished and everything it gave has been absorbed and published.
    virtual bool finished() const = 0;
    virtual void stop() = 0;

  protected:
    IngestLoop() = default;
};

/// What fold `index`, an F, has published in every lane. REQUIRES: the loop was made with that one.
template <class F>
auto snapshots_of(const IngestLoop& loop, std::size_t index) {
    std::vector<decltype(std::declval<const F&>().snapshot())> all;
    for (int lane = 0; lane < loop.lanes(); ++lane)
        all.push_back(static_cast<const F&>(loop.fold(lane, index)).snapshot());
    return all;
}

} // namespace weir
