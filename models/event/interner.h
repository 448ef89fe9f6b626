// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Values of dimensions as small numbers. Values come from the outside, so there are at most 65,535
// a dimension; what comes later is "(other)" and counted.
//
// Thread contract: Interner from any thread (one lock, held for a look-up, never during I/O);
// InternerCache belongs to one thread and spares it the lock for values it has met.
// Bound: 65,535 values of at most 256 bytes each (longer ones are cut, and end in "…").
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "connectors/base/types.h"

namespace weir {

/// 0 is "missing" (no value, null, or an empty text); 65,535 is "(other)".
using ValueId = Strong<struct ValueTag, std::uint16_t>;
inline constexpr ValueId no_value{0};
inline constexpr ValueId other_value{0xFFFF};

class Interner {
  public:
    Interner();
    ~Interner();
    Interner(const Interner&) = delete;
    Interner& operator=(const Interner&) = delete;

    ValueId id(std::string_view value);
    /// The id if the value is known, no_value otherwise; adds nothing.
    ValueId find(std::string_view value) const;
    /// "" for no_value, "(other)" for other_value.
    std::string text(ValueId id) const;
    /// Whether a value's text may be the beginning of a longer one.
    static bool was_cut(std::string_view text) { return text.size() >= 250 && text.ends_with("…"); }
    std::size_t size() const;
    std::uint64_t overflowed() const; // values counted under "(other)"

  private:
    struct Private;
    std::unique_ptr<Private> d;
};

class InternerCache {
  public:
    explicit InternerCache(std::shared_ptr<Interner> shared)
        : m_shared(std::move(shared)) {}
    ValueId id(std::string_view value);

  private:
    struct Slot {
        std::uint64_t hash = 0;
        ValueId id;
        std::string value;
    };
    std::shared_ptr<Interner> m_shared;
    static constexpr std::size_t slot_count = 1024;
    std::vector<Slot> m_slots = std::vector<Slot>(slot_count); // direct mapped
};

} // namespace weir
