// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/flow/flow_join.h"

#include <algorithm>
#include <xxhash.h>

#include "connectors/base/time_units.h"

namespace weir {
namespace {

constexpr unsigned flow_sampling_most = 20;
constexpr std::size_t kinds_max = 1u << 20;

std::uint32_t seconds_of(std::int64_t time_us) {
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(time_us / second_us, 0, UINT32_MAX));
}

std::uint16_t content_of(const JoinEntry& entry) {
    return static_cast<std::uint16_t>(entry.value_hash >> 48);
}

bool is_event(Outcome outcome) {
    return outcome == Outcome::Seen || outcome == Outcome::Failed;
}

} // namespace

FlowJoin::FlowJoin(const FlowGraph& graph, Limits limits, FlowBook& book)
    : m_graph(graph)
    , m_limits(limits)
    , m_book(book)
    , m_slots(limits.open_max)
    , m_ids(limits.ids_max, limits.duplicate_window_s) {
    FlowKind beyond;
    beyond.dimensions.fill(other_value);
    beyond.reason = other_value;
    m_kinds.push_back(beyond);
}

// ---- what an event is counted by

std::size_t FlowJoin::KindHash::operator()(const FlowKind& kind) const {
    static_assert(std::has_unique_object_representations_v<FlowKind>);
    return static_cast<std::size_t>(XXH3_64bits(&kind, sizeof kind));
}

/// What comes beyond the bound is counted as "(other)" throughout.
std::uint32_t FlowJoin::kind_of(const JoinEntry& entry) {
    FlowKind kind;
    kind.dimensions = entry.dimensions;
    kind.partition = static_cast<std::uint16_t>(
        std::clamp<std::int32_t>(entry.partition.value(), 0, UINT16_MAX - 1));
    kind.reason = entry.reason;
    const auto known = m_kind_numbers.find(kind);
    if (known != m_kind_numbers.end())
        return known->second;
    if (m_kinds.size() >= kinds_max)
        return 0;
    const auto number = static_cast<std::uint32_t>(m_kinds.size());
    m_kinds.push_back(kind);
    m_kind_numbers.emplace(kind, number);
    return number;
}

FlowChange FlowJoin::change_of(const Slot& slot, std::uint16_t stage) const {
    FlowChange change;
    change.stage = stage;
    change.time_s = slot.time_s;
    change.kind = &m_kinds[slot.kind];
    return change;
}

// ---- the bound

bool FlowJoin::kept_out(std::uint64_t key) const {
    return m_sampling > 0 && (key >> (64 - m_sampling)) != 0;
}

void FlowJoin::set_covered(std::int64_t time_us) {
    m_covered_s = std::max(m_covered_s, seconds_of(time_us));
}

/// What has been missing for too long goes before the table grows; then fewer ids are joined.
void FlowJoin::make_room() {
    if (m_covered_s >= m_sifted_s + m_limits.wait_s / 4)
        sift();
    if (!m_slots.full() || m_slots.grow()) {
        if (m_sampling > 0 && m_slots.size() < m_slots.entries_max() / 8)
            --m_sampling;
        return;
    }
    sift();
    if (m_slots.size() > m_slots.entries_max() / 8 * 7 && m_sampling < flow_sampling_most) {
        ++m_sampling;
        sift();
    }
}

void FlowJoin::sift() {
    m_sifted_s = m_covered_s;
    const std::uint32_t oldest_s =
        m_covered_s > m_limits.wait_s ? m_covered_s - m_limits.wait_s : 0;
    m_slots.sift([&](Slot& slot) { return slot.time_s >= oldest_s && raise(slot); });
}

/// Lets an event stand for as many as are joined no more, or go. What is open of it is booked so.
bool FlowJoin::raise(Slot& slot) {
    if (slot.level >= m_sampling)
        return true;
    const bool stays = !kept_out(slot.key);
    const std::int64_t by = (stays ? static_cast<std::int64_t>(sampled()) : 0) - slot.weight();
    const FlowGraph::Node& here = *m_graph.node(PlaceId(slot.place));
    for (std::size_t i = 0; i < here.readers.size(); ++i) {
        const FlowGraph::Reader& reader = here.readers[i];
        if (!reader.judged() || reader.passed(slot.out_done) || (slot.rejected >> i & 1) != 0)
            continue;
        FlowChange change = change_of(slot, reader.stage);
        change.add(FlowCount::Joined, by);
        m_book.book(change);
    }
    if (stays)
        slot.level = static_cast<std::uint8_t>(m_sampling);
    return stays;
}

// ---- a sighting

void FlowJoin::prefetch(const JoinEntry& entry) const {
    if (m_graph.node(entry.place) == nullptr)
        return;
    m_slots.prefetch(entry.key.value(), entry.place.value());
    m_ids.prefetch(entry.key.value(), entry.place.value());
}

void FlowJoin::take(const JoinEntry& entry) {
    const FlowGraph::Node* const here = m_graph.node(entry.place);
    if (here == nullptr || entry.outcome == Outcome::Tombstone)
        return;
    Slot mine;
    mine.key = entry.key.value();
    mine.time_s = seconds_of(entry.written.value());
    mine.kind = kind_of(entry);
    mine.content = content_of(entry);
    mine.place = entry.place.value();
    if (entry.key_source == KeySource::Coordinates || !is_event(entry.outcome)) {
        count_in(*here, entry, mine, FlowCount::Unjoinable);
        return;
    }
    const Slot* const open = m_slots.find(mine.key, mine.place);
    const auto again = open != nullptr ? std::optional(open->content)
                                       : m_ids.find(mine.key, mine.place, mine.time_s);
    if (again) {
        count_in(*here, entry, mine,
                 *again == mine.content ? FlowCount::SameBytes : FlowCount::OtherContent);
        return;
    }
    if (m_slots.full() && !kept_out(mine.key))
        make_room();
    mine.level = static_cast<std::uint8_t>(m_sampling);
    if (kept_out(mine.key) || m_slots.full())
        count_in(*here, entry, mine, FlowCount::In);
    else
        enter(*here, entry, mine);
}

/// Counts it at every stage that reads the place; but for In, as what it is besides.
void FlowJoin::count_in(const FlowGraph::Node& here, const JoinEntry& entry, const Slot& slot,
                        FlowCount as) {
    for (const FlowGraph::Reader& reader : here.readers) {
        FlowChange change = change_of(slot, reader.stage);
        change.add(FlowCount::In, 1);
        if (entry.replay_count > 0)
            change.add(FlowCount::Replayed, 1);
        if (as == FlowCount::Joined && reader.judged())
            change.add(as, slot.weight());
        else if (as == FlowCount::SameBytes || as == FlowCount::OtherContent)
            change.add(as, static_cast<std::int64_t>(sampled()));
        else if (as == FlowCount::Unjoinable)
            change.add(as, 1);
        m_book.book(change);
    }
}

void FlowJoin::enter(const FlowGraph::Node& here, const JoinEntry& entry, Slot& mine) {
    count_in(here, entry, mine, FlowCount::Joined);
    arrive(here, mine);
    depart(here, mine);
    if (!here.rejecters.empty())
        blame(mine);
    look_for_rejections(here, mine);
    if (is_complete(mine))
        m_ids.add(mine.key, mine.place, mine.content, mine.time_s);
    else
        m_slots.insert(mine);
}

/// The ways into the place, from where it was seen already.
void FlowJoin::arrive(const FlowGraph::Node& here, Slot& mine) {
    for (const std::uint16_t number : here.in) {
        const FlowGraph::Way& way = m_graph.ways[number];
        Slot* const before = m_slots.find(mine.key, way.from.value());
        if (before == nullptr)
            continue;
        mine.in_done |= way.to_bit;
        pass(*before, way);
        if (is_complete(*before))
            finish(before);
    }
}

/// The ways out of the place, to where it was seen already: that partition was read sooner.
void FlowJoin::depart(const FlowGraph::Node& here, Slot& mine) {
    for (const std::uint16_t number : here.out) {
        const FlowGraph::Way& way = m_graph.ways[number];
        Slot* const after = m_slots.find(mine.key, way.to.value());
        if (after == nullptr)
            continue;
        after->in_done |= way.to_bit;
        pass(mine, way);
        if (is_complete(*after))
            finish(after);
    }
}

/// The event has gone that way. It was not rejected, then, even if it looked so.
void FlowJoin::pass(Slot& from, const FlowGraph::Way& way) {
    if ((from.out_done & way.from_bit) != 0)
        return;
    const FlowGraph::Node& here = *m_graph.node(way.from);
    const auto reader = std::find_if(here.readers.begin(), here.readers.end(),
                                     [&](const auto& one) { return one.stage == way.stage; });
    const bool before = reader->passed(from.out_done);
    from.out_done |= way.from_bit;
    FlowChange change = change_of(from, way.stage);
    change.add(output_count(way.output), from.weight());
    if (!before && reader->passed(from.out_done)) {
        change.add(FlowCount::Out, from.weight());
        const auto bit = static_cast<std::uint8_t>(1U << (reader - here.readers.begin()));
        if ((from.rejected & bit) == 0) {
            change.add(FlowCount::Settled, from.weight());
        } else {
            from.rejected &= static_cast<std::uint8_t>(~bit);
            take_back(from, *reader, change);
        }
    }
    m_book.book(change);
}

// ---- rejections

/// Another stage rejected it: its dead letter is to be accounted for by that one.
void FlowJoin::take_back(Slot& at, const FlowGraph::Reader& reader, FlowChange& change) {
    change.add(FlowCount::Rejected, -at.weight());
    if (Slot* const dead = m_slots.find(at.key, reader.dead_letter.value())) {
        change.reason = m_kinds[dead->kind].reason;
        dead->rejected &= static_cast<std::uint8_t>(~blamed);
    }
}

void FlowJoin::reject(Slot& at, std::size_t reader, Slot& dead_letter) {
    const FlowGraph::Reader& stage = m_graph.node(PlaceId(at.place))->readers[reader];
    at.rejected |= static_cast<std::uint8_t>(1U << reader);
    dead_letter.rejected |= blamed;
    FlowChange change = change_of(at, stage.stage);
    change.reason = m_kinds[dead_letter.kind].reason;
    change.add(FlowCount::Rejected, at.weight());
    change.add(FlowCount::Settled, at.weight());
    m_book.book(change);
}

/// Finds the stage that has rejected an event: the furthest that has it and has not passed it on.
void FlowJoin::blame(Slot& dead_letter) {
    for (const FlowGraph::Rejecter& rejecter :
         m_graph.node(PlaceId(dead_letter.place))->rejecters) {
        Slot* const at = m_slots.find(dead_letter.key, rejecter.input.value());
        if (at == nullptr || (at->rejected >> rejecter.reader & 1) != 0)
            continue;
        if (m_graph.node(rejecter.input)->readers[rejecter.reader].passed(at->out_done))
            continue;
        reject(*at, rejecter.reader, dead_letter);
        return;
    }
}

/// Its dead letter may have been read sooner; and where it was taken for one of a stage that it
/// has just been seen behind, it is this one's.
void FlowJoin::look_for_rejections(const FlowGraph::Node& here, Slot& mine) {
    for (std::size_t i = 0; i < here.readers.size(); ++i) {
        const FlowGraph::Reader& reader = here.readers[i];
        if (!reader.judged() || reader.dead_letter == no_place || reader.passed(mine.out_done))
            continue;
        Slot* const dead = m_slots.find(mine.key, reader.dead_letter.value());
        if (dead != nullptr && (dead->rejected & blamed) == 0)
            reject(mine, i, *dead);
    }
}

// ---- the end of it

bool FlowJoin::is_complete(const Slot& slot) const {
    const FlowGraph::Node& here = *m_graph.node(PlaceId(slot.place));
    if (!here.rejecters.empty() || (here.awaited != 0 && (slot.in_done & here.awaited) == 0))
        return false;
    return std::all_of(here.readers.begin(), here.readers.end(), [&](const auto& reader) {
        return !reader.judged() || reader.passed(slot.out_done);
    });
}

void FlowJoin::finish(Slot* slot) {
    m_ids.add(slot->key, slot->place, slot->content, slot->time_s);
    m_slots.erase(slot);
}

} // namespace weir
