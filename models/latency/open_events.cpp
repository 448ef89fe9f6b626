// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/latency/open_events.h"

#include <algorithm>
#include <map>

namespace weir {
namespace {

constexpr std::size_t slots_least = 1'024;
constexpr unsigned sampling_most = 20;

/// Slots may be filled to three quarters.
std::size_t room_in(std::size_t slots) {
    return slots / 4 * 3;
}

std::size_t slots_for(std::size_t entries) {
    std::size_t slots = slots_least;
    while (room_in(slots) < entries)
        slots *= 2;
    return slots;
}

} // namespace

bool OpenEvents::AtPlace::complete(std::uint8_t in_done, std::uint8_t out_done) const {
    if (awaited != 0 && (in_done & awaited) == 0)
        return false;
    return std::all_of(groups.begin(), groups.end(), [&](const Group& group) {
        const int done = out_done & group.ways;
        return group.all ? done == group.ways : done != 0;
    });
}

OpenEvents::OpenEvents(std::vector<StageWay> ways, Limits limits)
    : m_ways(std::move(ways))
    , m_limits(limits)
    , m_slots(slots_least) {
    const auto at = [this](PlaceId place) -> AtPlace& {
        if (place.value() >= m_places.size())
            m_places.resize(place.value() + 1U);
        return m_places[place.value()];
    };
    std::map<std::pair<PlaceId, std::uint16_t>, std::size_t> groups; // by place and stage
    for (std::size_t i = 0; i < m_ways.size(); ++i) {
        const StageWay& way = m_ways[i];
        if (at(way.from).out.size() >= ways_max || at(way.to).in.size() >= ways_max)
            continue; // nobody draws such a pipeline
        at(way.to).in.push_back(static_cast<std::uint16_t>(i));
        if (!way.rare)
            at(way.to).awaited |= static_cast<std::uint8_t>(1U << (at(way.to).in.size() - 1));
        AtPlace& from = at(way.from);
        from.out.push_back(static_cast<std::uint16_t>(i));
        const auto [group, is_new] = groups.try_emplace({way.from, way.stage}, from.groups.size());
        if (is_new)
            from.groups.push_back({0, way.all});
        from.groups[group->second].ways |= static_cast<std::uint8_t>(1U << (from.out.size() - 1));
    }
}

const OpenEvents::AtPlace* OpenEvents::at_place(PlaceId place) const {
    if (place.value() >= m_places.size())
        return nullptr;
    const AtPlace& at = m_places[place.value()];
    return at.in.empty() && at.out.empty() ? nullptr : &at;
}

/// By bits that neither lanes (the lowest) nor sampling (the highest) choose by.
std::size_t OpenEvents::home(std::uint64_t key, std::uint16_t place) const {
    return static_cast<std::size_t>((key >> 13U) + place * 0x9E37'79B9ULL) & (m_slots.size() - 1);
}

OpenEvents::Slot* OpenEvents::find(std::uint64_t key, PlaceId place) {
    for (std::size_t at = home(key, place.value());; at = (at + 1) & (m_slots.size() - 1)) {
        Slot& slot = m_slots[at];
        if (slot.place == no_place.value())
            return nullptr;
        if (slot.key == key && slot.place == place.value())
            return &slot;
    }
}

OpenEvents::Slot* OpenEvents::insert(const Slot& slot) {
    std::size_t at = home(slot.key, slot.place);
    while (m_slots[at].place != no_place.value())
        at = (at + 1) & (m_slots.size() - 1);
    m_slots[at] = slot;
    ++m_used;
    return &m_slots[at];
}

/// Moves what follows back, so that no look-up ends at the hole.
void OpenEvents::erase(Slot* slot) {
    const std::size_t mask = m_slots.size() - 1;
    auto hole = static_cast<std::size_t>(slot - m_slots.data());
    for (std::size_t at = (hole + 1) & mask; m_slots[at].place != no_place.value();
         at = (at + 1) & mask) {
        const std::size_t wanted = home(m_slots[at].key, m_slots[at].place);
        if (((at - wanted) & mask) < ((at - hole) & mask))
            continue; // it stands no further back than it wants to
        m_slots[hole] = m_slots[at];
        hole = at;
    }
    m_slots[hole] = Slot();
    --m_used;
}

bool OpenEvents::kept_out(std::uint64_t key) const {
    return m_sampling > 0 && (key >> (64 - m_sampling)) != 0;
}

/// More slots as long as there may be; then the expired ones go, and if that does not help, fewer
/// ids are joined.
void OpenEvents::make_room() {
    if (m_used < m_limits.entries_max) {
        rehash(slots_for(std::min(m_used * 2, m_limits.entries_max)), INT64_MIN);
        return;
    }
    const std::int64_t oldest_us = m_newest_us - m_limits.wait_us_max;
    const std::size_t before = m_used;
    rehash(m_slots.size(), oldest_us);
    m_expired += before - m_used;
    if (m_used > m_limits.entries_max / 8 * 7 && m_sampling < sampling_most) {
        ++m_sampling;
        rehash(m_slots.size(), oldest_us);
    } else if (m_sampling > 0 && m_used < m_limits.entries_max / 8) {
        --m_sampling;
    }
}

/// Into so many slots, without what is older or not sampled.
void OpenEvents::rehash(std::size_t slots, std::int64_t oldest_us) {
    std::vector<Slot> before(slots);
    before.swap(m_slots);
    m_used = 0;
    for (const Slot& slot : before)
        if (slot.place != no_place.value() && slot.time_us >= oldest_us && !kept_out(slot.key))
            insert(slot);
}

void OpenEvents::close_if_done(Slot* slot) {
    if (m_places[slot->place].complete(slot->in_done, slot->out_done))
        erase(slot);
}

/// The ways into the place, from where it was seen already.
void OpenEvents::arrive(const AtPlace& here, const JoinEntry& entry, Slot& mine,
                        const std::function<void(const Passage&)>& passed) {
    for (std::size_t i = 0; i < here.in.size(); ++i) {
        const std::uint16_t way = here.in[i];
        Slot* const before = find(mine.key, m_ways[way].from);
        if (before == nullptr)
            continue;
        const auto& outs = m_places[before->place].out;
        const auto out = std::find(outs.begin(), outs.end(), way) - outs.begin();
        mine.in_done |= static_cast<std::uint8_t>(1U << i);
        if ((before->out_done >> out & 1) != 0)
            continue; // it went this way already
        before->out_done |= static_cast<std::uint8_t>(1U << out);
        passed({way, mine.time_us - before->time_us, entry.record_time,
                PartitionId(before->partition), sampled()});
        close_if_done(before);
    }
}

/// The ways out of the place, to where it was seen already: that partition was read sooner.
void OpenEvents::depart(const AtPlace& here, const JoinEntry& entry, Slot& mine,
                        const std::function<void(const Passage&)>& passed) {
    for (std::size_t i = 0; i < here.out.size(); ++i) {
        const std::uint16_t way = here.out[i];
        Slot* const after = find(mine.key, m_ways[way].to);
        if (after == nullptr)
            continue;
        const auto& ins = m_places[after->place].in;
        const auto in = std::find(ins.begin(), ins.end(), way) - ins.begin();
        mine.out_done |= static_cast<std::uint8_t>(1U << i);
        if ((after->in_done >> in & 1) != 0)
            continue;
        after->in_done |= static_cast<std::uint8_t>(1U << in);
        passed({way, after->time_us - mine.time_us, Micros(after->time_us), entry.partition,
                sampled()});
        close_if_done(after);
    }
}

void OpenEvents::take(const JoinEntry& entry, const std::function<void(const Passage&)>& passed) {
    const AtPlace* const here = at_place(entry.place);
    const std::uint64_t key = entry.key.value();
    if (here == nullptr || entry.timestamp_type == TimestampType::None || kept_out(key))
        return;
    m_newest_us = std::max(m_newest_us, entry.record_time.value());
    if (Slot* const again = find(key, entry.place)) { // a duplicate: the first of them counts
        again->time_us = std::min(again->time_us, entry.record_time.value());
        return;
    }
    if (m_used >= std::min(room_in(m_slots.size()), m_limits.entries_max)) {
        make_room();
        if (kept_out(key))
            return;
    }
    Slot mine{key, entry.record_time.value(), entry.place.value(),
              static_cast<std::uint16_t>(entry.partition.value())};
    arrive(*here, entry, mine, passed);
    depart(*here, entry, mine, passed);
    if (!here->complete(mine.in_done, mine.out_done))
        insert(mine);
}

} // namespace weir
