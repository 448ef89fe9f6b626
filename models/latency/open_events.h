// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The events that are under way between two places: seen at one, and the other sighting is still
// awaited, in whichever order the two are read. The time between them is told once for each stage.
//
// Thread contract: one owner (the lane that owns the keys).
// Bound: entries_max events and places, 32 bytes each (24 and the table's free slots); by default
// 25 MB. At the bound, what has waited for longer than wait_us_max of record time is let go, and
// counted; if that is not enough only every second, fourth, … id is joined, the same ids at every
// place, and each counts for so many.
#pragma once

#include <functional>
#include <vector>

#include "models/event/fold/fold.h"
#include "models/event/fold/join_table.h"

namespace weir {

/// One way that events take: out of `from`, into `to`.
struct StageWay {
    std::uint16_t stage = 0; // the caller's number
    PlaceId from = no_place;
    PlaceId to = no_place;
    /// Events at `to` mostly come another way (a repair of dead letters): none waits for this one.
    bool rare = false;
    /// An event goes all ways of its stage; else it has gone on once it went one of them.
    bool all = true;
};

class OpenEvents {
  public:
    static constexpr std::size_t ways_max = 8; // into, and out of, one place

    struct Limits {
        std::size_t entries_max = (1u << 20) / 4 * 3;
        std::int64_t wait_us_max = 3'600LL * 1'000'000;
    };
    struct Passage {
        std::uint16_t way = 0;   // index in the ways
        std::int64_t taken_us;   // between the two sightings' record times
        Micros arrived;          // record time at `to`
        PartitionId partition;   // at `from`
        std::uint64_t times = 1; // events that it stands for
    };

    OpenEvents(std::vector<StageWay> ways, Limits limits);

    /// Calls `passed` for every way that this sighting completes.
    void take(const JoinEntry& entry, const std::function<void(const Passage&)>& passed);

    const std::vector<StageWay>& ways() const { return m_ways; }
    std::size_t size() const { return m_slots.size(); }
    std::uint64_t expired() const { return m_expired; } // whose other sighting never came
    /// One in so many ids is joined: 1, 2, 4, …
    std::uint64_t sampled() const { return std::uint64_t{1} << m_sampling; }

  private:
    struct Slot {
        std::uint64_t key = 0;
        std::int64_t time_us = 0;
        std::uint16_t place = no_place.value(); // no_place: free
        std::uint16_t partition = 0;
        std::uint8_t out_done = 0; // a bit a way out of the place
        std::uint8_t in_done = 0;  // likewise into it
    };
    static_assert(sizeof(Slot) == 24);
    struct AtPlace {
        std::vector<std::uint16_t> in, out; // ways
        std::uint8_t awaited = 0;           // of `in`, of which one is awaited: bits
        struct Group {
            std::uint8_t ways; // of `out`: bits
            bool all;
        };
        std::vector<Group> groups; // one a stage

        bool complete(std::uint8_t in_done, std::uint8_t out_done) const;
    };

    void make_room();
    bool kept_out(std::uint64_t key) const;
    void arrive(const AtPlace& here, const JoinEntry& entry, Slot& mine,
                const std::function<void(const Passage&)>& passed);
    void depart(const AtPlace& here, const JoinEntry& entry, Slot& mine,
                const std::function<void(const Passage&)>& passed);
    void close_if_done(Slot* slot);
    const AtPlace* at_place(PlaceId place) const;

    const std::vector<StageWay> m_ways;
    const Limits m_limits;
    std::vector<AtPlace> m_places; // by place number
    JoinTable<Slot> m_slots;
    std::int64_t m_newest_us = INT64_MIN;
    std::uint64_t m_expired = 0;
    unsigned m_sampling = 0;
};

} // namespace weir
