// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A fold: how many events of each type and version were seen at each place, from which source, and
// when the first and the last of them. Counts are exact, since the start of the observation; it
// emits no deltas.
//
// Thread contract: as Fold: one instance a lane; snapshots from any thread.
// Bound: cells_max cells a lane, 48 bytes each; an event that would need one more is counted under
// `left_out`.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "models/event/fold/fold.h"

namespace weir {

/// One combination of place, type, version and source.
struct VersionCount {
    PlaceId place = no_place;
    ValueId type;    // no_value: the event says none; so for the others
    ValueId version; // of its contract
    ValueId source;
    std::uint64_t events = 0;
    std::uint64_t failed = 0;  // of these: at a dead-letter place
    std::uint64_t refused = 0; // of the failed: that were not written anywhere before
    Micros first_seen;         // record time, Weir's own clock where the record has none
    Micros last_seen;
};

/// One lane's counts as they stood at publish().
struct VersionCountsSnapshot {
    std::vector<VersionCount> counts; // in no order
    std::uint64_t left_out = 0;       // events beyond cells_max
};

class VersionCounts final : public Fold {
  public:
    static constexpr std::size_t cells_max = 16'384;

    explicit VersionCounts(const Vocabulary& vocabulary);

    std::string_view name() const override { return "versions"; }
    void absorb(const SightingBatch& batch) override;
    void publish() override;

    /// The newest published snapshot; never null.
    std::shared_ptr<const VersionCountsSnapshot> snapshot() const { return m_published.get(); }

  private:
    VersionCount* cell(const Sighting& sighting);
    ValueId value(const Sighting& sighting, int dimension) const {
        return dimension < 0 ? no_value : sighting.dimensions[static_cast<std::size_t>(dimension)];
    }

    const int m_version_dimension; // -1: the workspace does not keep it
    const int m_source_dimension;
    VersionCountsSnapshot m_state;
    std::unordered_map<std::uint64_t, std::size_t> m_cells; // by the four ids
    std::uint64_t m_last_key = 0;
    std::size_t m_last_cell = SIZE_MAX; // where events of one kind follow each other
    bool m_changed = true;
    Published<VersionCountsSnapshot> m_published;
};

} // namespace weir
