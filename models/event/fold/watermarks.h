// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How far has each place been read: as much data as what was read. A place's watermark is the least
// over its partitions; an event is never called missing by the wall clock, only by these.
// Thread contract: one owner. Bound: one entry a partition seen.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "models/event/sighting.h"

namespace weir {

class Watermarks {
  public:
    /// Takes newer marks; a partition's record time never goes back, its offset does on Recreated.
    void absorb(std::span<const Watermark> marks);

    /// Everything at this place up to this record time has been read; nullopt: nothing was.
    std::optional<Micros> place(PlaceId place) const;
    /// Everything at this place from this record time on is read; nullopt: not known.
    std::optional<Micros> since(PlaceId place) const;
    /// The mark of a partition; null: nothing is known of it.
    const Watermark* find(PlaceId place, PartitionId partition) const;
    /// The least over all places; nullopt: nothing was read.
    std::optional<Micros> least() const;
    bool all_caught_up() const;

    /// One mark a partition, by place and partition.
    std::vector<Watermark> all() const;

  private:
    std::map<std::pair<PlaceId, PartitionId>, Watermark> m_marks;
};

} // namespace weir
