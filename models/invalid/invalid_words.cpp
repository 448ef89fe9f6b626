// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/invalid/invalid_words.h"

#include "models/event/sighting.h"

namespace weir {

namespace {

ValueId bounded_id(Interner& words, const std::string& text) {
    const ValueId known = words.find(text);
    if (known != no_value || text.empty())
        return known;
    return words.size() >= InvalidWords::words_max ? other_value : words.id(text);
}

} // namespace

ValueId WordCache::id(std::string_view text) {
    if (text.empty())
        return no_value;
    if (text.size() > text_bytes_max)
        return bounded_id(m_words, m_form(text));
    const std::uint64_t hash = hash_value(text);
    Slot& slot = m_slots[hash % slot_count];
    if (slot.hash != hash || slot.text != text)
        slot = {hash, bounded_id(m_words, m_form(text)), std::string(text)};
    return slot.id;
}

} // namespace weir
