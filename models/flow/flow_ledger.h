// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A fold: the ledger of flow. For every stage, how many events came in and what became of them, by
// second as a whole, by minute for the values of each dimension, the partition and the reason why
// they were rejected; both are merged upward into hours. What is still open is judged by whoever
// reads a snapshot (flow_report.h), against how far the stage's places have been read.
//
// Its deltas are FlowHistory's: what came before the observation began is one more lane.
//
// Thread contract: as Fold: one instance a lane; snapshots from any thread.
// Bound, a lane: seconds for ten minutes, minutes for a day, hours for 30 days; with dimensions
// minutes for three hours, hours for two days; cells_max cells of 150 bytes each way; FlowJoin's.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/event/fold/fold.h"
#include "models/event/fold/watermarks.h"
#include "models/flow/flow_join.h"
#include "models/workspace/observed_stages.h"

namespace weir {

struct FlowOptions {
    std::string connection;        // of the places
    std::vector<StageSpec> stages; // observed_stages(); may be none
    std::size_t cells_max = 65'536;
    std::size_t open_max = 8'000'000; // of all lanes together
    std::size_t ids_max = 6'000'000;  // likewise
    std::size_t lanes = 2;
};

/// Of the stages between places of that connection; of those places alone that are observed.
FlowOptions flow_options(const Workspace& workspace, const std::string& connection,
                         const IsObserved& observed, int lanes);

/// How long an event may be under way through a stage.
std::int64_t pending_limit_us(const StageSpec& stage);

/// One lane's ledger as it stood at publish(): of every event that was read up to the marks and
/// whose key is the lane's.
struct FlowSnapshot {
    std::shared_ptr<const FlowOptions> options; // never null
    FlowBuckets whole;                          // one table of one cell a scope
    FlowBuckets by_value; // a table a dimension, then by partition, then by reason of rejection
    Watermarks marks;     // of all lanes
    std::size_t open = 0;
    std::uint64_t sampled = 1; // one in so many ids is joined
    std::uint64_t let_go = 0;  // events too old to be counted anywhere
    bool duplicates_cut_short = false;
};

class FlowKeys;

class FlowLedger final : public Fold, private FlowBook {
  public:
    FlowLedger(const Vocabulary& vocabulary, std::shared_ptr<const FlowOptions> options);
    ~FlowLedger() override;

    std::string_view name() const override { return "flow"; }
    void absorb(const SightingBatch& batch) override;
    bool joins() const override { return !m_options->stages.empty(); }
    bool compares_values() const override { return joins(); }
    void absorb_entries(const std::vector<JoinEntry>& entries) override;
    void absorb_watermarks(std::span<const Watermark> marks) override;
    bool keeps() const override { return true; }
    void drain(DeltaSink& sink) override;
    void publish() override;

    /// The newest published snapshot; never null.
    std::shared_ptr<const FlowSnapshot> snapshot() const { return m_published.get(); }

  private:
    void book(const FlowChange& change) override;

    const std::shared_ptr<const FlowOptions> m_options;
    const std::size_t m_dimensions;
    const std::unique_ptr<const FlowKeys> m_keys;
    const FlowGraph m_graph;
    FlowTrail m_whole, m_by_value;
    FlowJoin m_join;
    Watermarks m_marks;
    bool m_changed = true;
    Published<FlowSnapshot> m_published;
};

} // namespace weir
