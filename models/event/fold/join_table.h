// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A hash table of what was seen of events at places, for joins: open addressing, linear probing,
// nothing allocated a sighting, no tombstones.
//
// A Slot has `std::uint64_t key` and `std::uint16_t place`, and is free where that is no_place.
// Thread contract: one owner. Bound: entries_max, each of four thirds of a slot's size; while it
// grows, the one before besides.
#pragma once

#include <algorithm>
#include <vector>

#include "models/event/place.h"

namespace weir {

template <class Slot>
class JoinTable {
  public:
    explicit JoinTable(std::size_t entries_max)
        : m_entries_max(entries_max)
        , m_slots(slots_for(std::min(entries_least, entries_max))) {}

    /// Null: there is none. Valid until the next insert(), erase(), grow() or sift().
    Slot* find(std::uint64_t key, std::uint16_t place);
    /// find() will be asked for it soon.
    void prefetch(std::uint64_t key, std::uint16_t place) const {
        __builtin_prefetch(&m_slots[home(key, place)]);
    }
    /// REQUIRES: !full(), and no slot of that key and place.
    Slot* insert(const Slot& slot);
    void erase(Slot* slot);

    std::size_t size() const { return m_used; }
    std::size_t entries_max() const { return m_entries_max; }
    std::size_t bytes() const { return m_slots.size() * sizeof(Slot); }
    /// Nothing more fits without grow() or sift().
    bool full() const { return slots_for(m_used + 1) > m_slots.size(); }
    /// Makes room as far as there may be more; false: there may not.
    bool grow();
    /// Calls `keep(slot)` for every slot, which may change all but its key and place, and lets
    /// those go for which it answers false.
    template <class Keep>
    void sift(const Keep& keep) {
        rehash(m_slots.size(), keep);
    }

  private:
    static constexpr std::size_t entries_least = 768;

    /// Slots may be filled to three quarters.
    static std::size_t slots_for(std::size_t entries) { return entries + entries / 3 + 1; }
    /// By bits that neither lanes (the lowest) nor sampling (the highest) choose by.
    std::size_t home(std::uint64_t key, std::uint16_t place) const {
        const std::uint64_t mixed = (key + place) * 0x9E37'79B9'7F4A'7C15ULL;
        return static_cast<std::size_t>(static_cast<unsigned __int128>(mixed) * m_slots.size() >>
                                        64);
    }
    std::size_t after(std::size_t at) const { return at + 1 == m_slots.size() ? 0 : at + 1; }
    /// How far `to` lies behind `from`.
    std::size_t steps(std::size_t from, std::size_t to) const {
        return to >= from ? to - from : to + m_slots.size() - from;
    }
    template <class Keep>
    void rehash(std::size_t slots, const Keep& keep);

    const std::size_t m_entries_max;
    std::vector<Slot> m_slots;
    std::size_t m_used = 0;
};

template <class Slot>
Slot* JoinTable<Slot>::find(std::uint64_t key, std::uint16_t place) {
    for (std::size_t at = home(key, place);; at = after(at)) {
        Slot& slot = m_slots[at];
        if (slot.place == no_place.value())
            return nullptr;
        if (slot.key == key && slot.place == place)
            return &slot;
    }
}

template <class Slot>
Slot* JoinTable<Slot>::insert(const Slot& slot) {
    std::size_t at = home(slot.key, slot.place);
    while (m_slots[at].place != no_place.value())
        at = after(at);
    m_slots[at] = slot;
    ++m_used;
    return &m_slots[at];
}

/// Moves what follows back, so that no look-up ends at the hole.
template <class Slot>
void JoinTable<Slot>::erase(Slot* slot) {
    auto hole = static_cast<std::size_t>(slot - m_slots.data());
    for (std::size_t at = after(hole); m_slots[at].place != no_place.value(); at = after(at)) {
        const std::size_t wanted = home(m_slots[at].key, m_slots[at].place);
        if (steps(wanted, at) < steps(hole, at))
            continue; // it stands no further back than it wants to
        m_slots[hole] = m_slots[at];
        hole = at;
    }
    m_slots[hole] = Slot();
    --m_used;
}

template <class Slot>
bool JoinTable<Slot>::grow() {
    if (m_used >= m_entries_max)
        return false;
    rehash(slots_for(std::min(std::max(m_used * 2, entries_least), m_entries_max)),
           [](Slot&) { return true; });
    return true;
}

template <class Slot>
template <class Keep>
void JoinTable<Slot>::rehash(std::size_t slots, const Keep& keep) {
    std::vector<Slot> before(slots);
    before.swap(m_slots);
    m_used = 0;
    for (Slot& slot : before)
        if (slot.place != no_place.value() && keep(slot))
            insert(slot);
}

} // namespace weir
