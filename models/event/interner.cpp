// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/interner.h"

#include <cstring>
#include <deque>
#include <mutex>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace weir {

namespace {

constexpr std::size_t value_bytes_max = 256;
constexpr std::string_view ellipsis = "\xE2\x80\xA6";

/// `value` as it is kept; `scratch` holds it where it had to be cut.
std::string_view kept(std::string_view value, std::string& scratch) {
    if (value.size() <= value_bytes_max)
        return value;
    std::size_t cut = value_bytes_max - ellipsis.size();
    while (cut > 0 && (static_cast<unsigned char>(value[cut]) & 0xC0U) == 0x80U)
        --cut;
    scratch.assign(value.substr(0, cut));
    scratch += ellipsis;
    return scratch;
}

/// Which slot of a cache a value goes to: cheap, and good enough for the short words that types and
/// platforms are.
std::uint64_t slot_hash(std::string_view value) {
    const std::size_t size = value.size();
    if (size > 16)
        return XXH3_64bits(value.data(), size);
    std::uint64_t head = 0;
    std::uint64_t tail = 0;
    if (size >= 8) {
        std::memcpy(&head, value.data(), 8);
        std::memcpy(&tail, value.data() + size - 8, 8);
    } else if (size >= 4) {
        std::memcpy(&head, value.data(), 4);
        std::memcpy(&tail, value.data() + size - 4, 4);
    } else {
        head = static_cast<unsigned char>(value[0]);
        tail = static_cast<std::uint64_t>(static_cast<unsigned char>(value[size / 2])) << 8 |
               static_cast<unsigned char>(value[size - 1]);
    }
    const std::uint64_t mixed =
        (head ^ (size << 56)) * 0x9E3779B97F4A7C15ULL ^ tail * 0xC2B2AE3D27D4EB4FULL;
    return mixed ^ mixed >> 32;
}

} // namespace

struct Interner::Private {
    mutable std::mutex mutex;
    std::deque<std::string> texts; // of ids 1, 2, …; a deque, because `ids` points into it
    std::unordered_map<std::string_view, ValueId> ids;
    std::uint64_t overflowed = 0;
};

Interner::Interner()
    : d(std::make_unique<Private>()) {}
Interner::~Interner() = default;

ValueId Interner::id(std::string_view value) {
    if (value.empty())
        return no_value;
    std::string scratch;
    value = kept(value, scratch);
    const std::lock_guard lock(d->mutex);
    if (const auto found = d->ids.find(value); found != d->ids.end())
        return found->second;
    if (d->texts.size() + 1 >= other_value.value()) {
        ++d->overflowed;
        return other_value;
    }
    d->texts.emplace_back(value);
    const ValueId id(static_cast<std::uint16_t>(d->texts.size()));
    d->ids.emplace(d->texts.back(), id);
    return id;
}

ValueId Interner::find(std::string_view value) const {
    std::string scratch;
    value = kept(value, scratch);
    const std::lock_guard lock(d->mutex);
    const auto found = d->ids.find(value);
    return found == d->ids.end() ? no_value : found->second;
}

std::string Interner::text(ValueId id) const {
    if (id == no_value)
        return {};
    if (id == other_value)
        return "(other)";
    const std::lock_guard lock(d->mutex);
    const std::size_t index = id.value() - std::size_t{1};
    return index < d->texts.size() ? d->texts[index] : std::string();
}

std::size_t Interner::size() const {
    const std::lock_guard lock(d->mutex);
    return d->texts.size();
}

std::uint64_t Interner::overflowed() const {
    const std::lock_guard lock(d->mutex);
    return d->overflowed;
}

ValueId InternerCache::id(std::string_view value) {
    if (value.empty())
        return no_value;
    const std::uint64_t hash = slot_hash(value);
    Slot& slot = m_slots[hash % slot_count];
    if (slot.hash == hash && slot.value == value)
        return slot.id;
    const ValueId id = m_shared->id(value);
    if (id != other_value && value.size() <= value_bytes_max) {
        slot.hash = hash;
        slot.id = id;
        slot.value.assign(value);
    }
    return id;
}

} // namespace weir
