// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/flow/seen_ids.h"

#include <algorithm>
#include <utility>

namespace weir {
namespace {

constexpr std::uint64_t content_mask = 0xFFFF;
constexpr std::size_t entries_least = 1'024;

/// The event at that place, with room for the content. Never 0 above it.
std::uint64_t entry_of(std::uint64_t key, std::uint16_t place) {
    std::uint64_t mixed = (key ^ (std::uint64_t{place} << 32)) * 0x9E37'79B9'7F4A'7C15ULL;
    mixed ^= mixed >> 29;
    mixed *= 0xBF58'476D'1CE4'E5B9ULL;
    mixed = (mixed ^ (mixed >> 32)) & ~content_mask;
    return mixed == 0 ? content_mask + 1 : mixed;
}

} // namespace

std::size_t SeenIds::Set::home(std::uint64_t entry) const {
    const std::uint64_t event = entry & ~content_mask;
    return static_cast<std::size_t>(static_cast<unsigned __int128>(event) * entries.size() >> 64);
}

std::optional<std::uint16_t> SeenIds::Set::find(std::uint64_t entry) const {
    if (used == 0)
        return {};
    for (std::size_t at = home(entry); entries[at] != 0; at = at + 1 == entries.size() ? 0 : at + 1)
        if ((entries[at] & ~content_mask) == entry)
            return static_cast<std::uint16_t>(entries[at] & content_mask);
    return {};
}

void SeenIds::Set::insert(std::uint64_t entry) {
    std::size_t at = home(entry);
    while (entries[at] != 0)
        at = at + 1 == entries.size() ? 0 : at + 1;
    entries[at] = entry;
    ++used;
}

void SeenIds::Set::grow() {
    std::vector<std::uint64_t> before(std::max(entries_least, entries.size() * 2));
    before.swap(entries);
    used = 0;
    for (const std::uint64_t entry : before)
        if (entry != 0)
            insert(entry);
}

SeenIds::SeenIds(std::size_t entries_max, std::uint32_t window_s)
    : m_set_max(std::max<std::size_t>(1, entries_max / sets))
    , m_window_s(window_s)
    , m_set_s(std::max<std::uint32_t>(1, window_s / static_cast<std::uint32_t>(sets - 1))) {}

void SeenIds::rotate(std::uint32_t time_s) {
    std::rotate(m_sets.begin(), m_sets.end() - 1, m_sets.end());
    Set& newest = m_sets.front();
    newest.used = 0;
    newest.begin_s = time_s;
    std::fill(newest.entries.begin(), newest.entries.end(), 0);
}

void SeenIds::add(std::uint64_t key, std::uint16_t place, std::uint16_t content,
                  std::uint32_t time_s) {
    const Set& newest = m_sets.front();
    const bool over = newest.used > 0 && time_s >= newest.begin_s + m_set_s;
    const bool full = newest.used >= m_set_max;
    if (over || full || newest.used == 0) {
        const Set& oldest = m_sets.back();
        m_cut_short = m_cut_short || (full && !over && oldest.used > 0);
        if (newest.used > 0)
            rotate(time_s);
        else
            m_sets.front().begin_s = time_s;
    }
    Set& set = m_sets.front();
    if (set.used + set.used / 3 + 1 >= set.entries.size())
        set.grow();
    set.insert(entry_of(key, place) | content);
}

std::optional<std::uint16_t> SeenIds::find(std::uint64_t key, std::uint16_t place,
                                           std::uint32_t time_s) const {
    const std::uint64_t entry = entry_of(key, place);
    for (const Set& set : m_sets) {
        const bool over = time_s > std::uint64_t{set.begin_s} + m_set_s + m_window_s;
        if (const auto found = over ? std::nullopt : set.find(entry))
            return found;
    }
    return {};
}

void SeenIds::prefetch(std::uint64_t key, std::uint16_t place) const {
    const std::uint64_t entry = entry_of(key, place);
    for (const Set& set : m_sets)
        if (set.used > 0)
            __builtin_prefetch(&set.entries[set.home(entry)]);
}

std::size_t SeenIds::size() const {
    std::size_t all = 0;
    for (const Set& set : m_sets)
        all += set.used;
    return all;
}

} // namespace weir
