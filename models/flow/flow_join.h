// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What becomes of each event at each stage, by its sightings at the places around it, in whatever
// order they are read. Every sighting changes what is booked: an event counts as rejected as long
// as it was seen at the dead-letter place and not behind the stage.
//
// Thread contract: one owner (the lane that owns the keys).
// Bound: open_max events and places of 24 bytes, of which the table has four thirds; what is older
// than `wait_s` of covered time is let go first, and if that does not help, only every second,
// fourth, … id is joined, the same ids at every place, and each counts for so many. SeenIds'.
#pragma once

#include <array>
#include <unordered_map>

#include "models/event/fold/fold.h"
#include "models/event/fold/join_table.h"
#include "models/flow/flow_cell.h"
#include "models/flow/flow_graph.h"
#include "models/flow/seen_ids.h"

namespace weir {

/// What an event is counted by.
struct FlowKind {
    std::array<ValueId, max_dimensions> dimensions{};
    std::uint16_t partition = 0; // of its sighting
    ValueId reason;              // at a dead-letter place
    bool operator==(const FlowKind&) const = default;
};

/// Something to be added to the cells of a stage.
struct FlowChange {
    std::uint16_t stage = 0;
    std::uint32_t time_s = 0; // when the event came in
    const FlowKind* kind = nullptr;
    ValueId reason; // why it was rejected, if it was
    std::array<std::pair<FlowCount, std::int64_t>, 4> counts{};
    std::size_t size = 0;

    void add(FlowCount count, std::int64_t amount) { counts[size++] = {count, amount}; }
    /// It is one more event, and not news of one.
    bool comes_in() const { return size > 0 && counts[0].first == FlowCount::In; }
};

class FlowBook {
  public:
    virtual ~FlowBook() = default;
    virtual void book(const FlowChange& change) = 0;
};

class FlowJoin {
  public:
    struct Limits {
        std::size_t open_max = 8'000'000;
        std::size_t ids_max = 3'000'000;
        std::uint32_t duplicate_window_s = 3'600;
        std::uint32_t wait_s = 2 * 3'600; // an event that is missing for longer is not looked for
    };

    FlowJoin(const FlowGraph& graph, Limits limits, FlowBook& book);

    void take(const JoinEntry& entry);
    /// take() will be asked for it soon.
    void prefetch(const JoinEntry& entry) const;
    /// All places are read up to here.
    void set_covered(std::int64_t time_us);

    std::size_t open() const { return m_slots.size(); }
    std::size_t bytes() const { return m_slots.bytes(); }
    /// One in so many ids is joined: 1, 2, 4, …
    std::uint64_t sampled() const { return std::uint64_t{1} << m_sampling; }
    /// Events that came again may have been taken for new ones.
    bool duplicates_cut_short() const { return m_ids.cut_short(); }

  private:
    struct Slot {
        std::uint64_t key = 0;
        std::uint32_t time_s = 0;
        std::uint32_t kind = 0; // in m_kinds
        std::uint16_t content = 0;
        std::uint16_t place = no_place.value(); // no_place: free
        std::uint8_t out_done = 0;              // a bit a way out of the place
        std::uint8_t in_done = 0;               // likewise into it
        std::uint8_t rejected = 0;              // a bit a reader; of a dead letter: `blamed`
        std::uint8_t level = 0;                 // it counts for 2^level
        std::int64_t weight() const { return std::int64_t{1} << level; }
    };
    static_assert(sizeof(Slot) * 4 <= std::size_t{32} * 3);
    static constexpr std::uint8_t blamed = 0x80; // a stage was found that rejected it

    std::uint32_t kind_of(const JoinEntry& entry);
    bool kept_out(std::uint64_t key) const;
    void make_room();
    void sift();
    bool raise(Slot& slot);
    void count_in(const FlowGraph::Node& here, const JoinEntry& entry, const Slot& slot,
                  FlowCount as);
    void enter(const FlowGraph::Node& here, const JoinEntry& entry, Slot& mine);
    void arrive(const FlowGraph::Node& here, Slot& mine);
    void depart(const FlowGraph::Node& here, Slot& mine);
    void pass(Slot& from, const FlowGraph::Way& way);
    void look_for_rejections(const FlowGraph::Node& here, Slot& mine);
    void blame(Slot& dead_letter);
    void reject(Slot& at, std::size_t reader, Slot& dead_letter);
    void take_back(Slot& at, const FlowGraph::Reader& reader, FlowChange& change);
    bool is_complete(const Slot& slot) const;
    void finish(Slot* slot);
    FlowChange change_of(const Slot& slot, std::uint16_t stage) const;

    struct KindHash {
        std::size_t operator()(const FlowKind& kind) const;
    };

    const FlowGraph& m_graph;
    const Limits m_limits;
    FlowBook& m_book;
    JoinTable<Slot> m_slots;
    SeenIds m_ids;
    std::vector<FlowKind> m_kinds;
    std::unordered_map<FlowKind, std::uint32_t, KindHash> m_kind_numbers;
    std::uint32_t m_covered_s = 0;
    std::uint32_t m_sifted_s = 0; // m_covered_s, when the table was sifted last
    unsigned m_sampling = 0;
};

} // namespace weir
