// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A fold: how late events are. Within one place by their own times (event, sent, received, record),
// and between places, hop by hop, by the same id seen at both. As a whole in stretches of 10 s,
// and by the values of each dimension and by partition in minutes; both are merged upward into
// hours. Every clock policy is kept, the raw one always.
//
// Its deltas are LatencyHistory's: what came before the observation began is one more lane.
//
// Thread contract: as Fold: one instance a lane; snapshots from any thread.
// Bound, a lane: 10 s for an hour, minutes for a day, hours for 30 days; with dimensions minutes
// for three hours, hours for two days; 8,192 cells of 5 to 15 kB each way; OpenEvents'. An event of
// more than an hour ahead of Weir's clock is put where that is; one that is older than all this is
// counted in `let_go`.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "models/event/fold/fold.h"
#include "models/latency/latency_trail.h"
#include "models/latency/open_events.h"

namespace weir {

/// What the book must know of a stage; places by their names.
struct LatencyStage {
    std::string name;
    std::vector<std::string> inputs, outputs;
    std::string dead_letter;
    bool all_outputs = true;      // an event goes to each of them
    std::int64_t slo_p95_us = 0;  // 0: none
    std::int64_t wait_us_max = 0; // how long an event may be under way; 0: an hour
};

struct LatencyOptions {
    std::string connection;           // of the places
    std::vector<LatencyStage> stages; // may be none
    std::size_t cells_max = 8'192;
    std::size_t open_max = OpenEvents::Limits().entries_max;
};

/// What one lane has seen of a place.
struct LatencyPlace {
    PlaceId place = no_place;
    std::uint64_t events = 0;
    std::uint64_t untimed = 0;   // of these: without an event time that can be used
    std::uint64_t ahead = 0;     // of these: with one past the record's; for freshness cut to that
    std::uint64_t processed = 0; // of these: with a worker's own time
    std::uint8_t timestamp_types = 0;         // bits by TimestampType
    std::int64_t newest_event_us = INT64_MIN; // INT64_MIN: none
    std::int64_t newest_record_us = INT64_MIN;
};

/// One lane's book as it stood at publish().
struct LatencySnapshot {
    std::shared_ptr<const LatencyOptions> options; // what the book was told; never null
    LatencyBuckets whole;                          // one table of one cell a scope
    LatencyBuckets by_value; // a table a dimension of the vocabulary, then one by partition
    std::vector<LatencyPlace> places;
    std::uint64_t let_go = 0;  // events too old to be put anywhere
    std::uint64_t expired = 0; // sightings whose other one never came
    std::size_t open = 0;      // sightings that wait for it
    std::uint64_t sampled = 1; // one in so many ids is joined between places
    bool past = false;         // of a history, and of nothing that is being read
};

class LatencyKeys;

class LatencyBook final : public Fold {
  public:
    LatencyBook(const Vocabulary& vocabulary, std::shared_ptr<const LatencyOptions> options);
    ~LatencyBook() override;

    std::string_view name() const override { return "latency"; }
    void absorb(const SightingBatch& batch) override;
    bool joins() const override { return !m_open.ways().empty(); }
    void absorb_entries(const std::vector<JoinEntry>& entries) override;
    bool keeps() const override { return true; }
    void drain(DeltaSink& sink) override;
    void publish() override;

    /// The newest published snapshot; never null.
    std::shared_ptr<const LatencySnapshot> snapshot() const { return m_published.get(); }

  private:
    static constexpr std::size_t chunk_max = 128;

    LatencyPlace& place(const Sighting& sighting);
    PlaceSample measured(const SightingBatch& batch, const Sighting& sighting);
    void count_chunk();
    void passed(const JoinEntry& entry, const OpenEvents::Passage& passage, std::int64_t latest_us);

    const std::shared_ptr<const LatencyOptions> m_options;
    const std::size_t m_dimensions;
    const std::unique_ptr<const LatencyKeys> m_keys;
    LatencyTrail m_whole, m_by_value;
    OpenEvents m_open;
    std::vector<LatencyPlace> m_places;
    std::vector<LatencyPlace> m_drained_places; // as they were then, in the same order
    std::vector<std::uint16_t> m_place_at;      // by place number: where in m_places, plus 1
    // Neighbours of one place and stretch of time, which are counted together.
    std::vector<const Sighting*> m_chunk;
    std::vector<PlaceSample> m_samples; // one each
    std::vector<LatencyCell*> m_cells;
    bool m_changed = true;
    Published<LatencySnapshot> m_published;
};

/// The ways between places that stages make, as the book joins them; `stage` counts from 0.
std::vector<StageWay> stage_ways(PlaceTable& places, const LatencyOptions& options);

} // namespace weir
