// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Keeps records that a history holds from being counted once more by those who keep one.
//
// An event that came in before the history ended may have come out among the records that it
// holds: nobody who counts the rest sees that. So a place counts as read from where what is held
// ends, and what came in before is outside of it, never missing.
//
// Thread contract: one owner (a lane). Bound: CountedRanges', an entry a partition.
#pragma once

#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "models/event/fold/counted_ranges.h"
#include "models/event/sighting.h"

namespace weir {

class AlreadyCounted {
  public:
    /// Null: nothing is.
    explicit AlreadyCounted(const std::shared_ptr<const CountedRanges>& counted);

    /// Takes the sightings of records that are counted out of the batch, and moves its marks.
    /// Answers all of them, as they were; empty: none was counted.
    std::vector<Sighting> take_out(SightingBatch& batch);

  private:
    bool holds(const Record& record);

    CountedRanges m_ranges;
    /// Up to when a partition's records are counted.
    std::map<std::pair<PlaceId, PartitionId>, Micros> m_counted_to;
    CountedRanges::Key m_last; // of the record before: most records follow one of their own
    const std::vector<ReadStretch>* m_last_ranges = nullptr;
};

} // namespace weir
