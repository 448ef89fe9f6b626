// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Small strong types for numbers that must not be mixed. They cost nothing at run time.
// Thread contract: plain values.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <functional>
#include <limits>

namespace weir {

template <class Tag, class Rep>
class Strong {
  public:
    constexpr Strong() = default;
    constexpr explicit Strong(Rep value)
        : m_value(value) {}
    constexpr Rep value() const { return m_value; }
    constexpr auto operator<=>(const Strong&) const = default; // NOLINT(modernize-use-nullptr)

  private:
    Rep m_value{};
};

/// A record's position in its partition.
using Offset = Strong<struct OffsetTag, std::int64_t>;
/// A partition's number within its topic.
using PartitionId = Strong<struct PartitionTag, std::int32_t>;
/// 64-bit XXH3 (fixed seed) of an event's canonical id; see models/event/sighting.h.
using EventHash = Strong<struct EventHashTag, std::uint64_t>;

/// A point in time or a duration: microseconds, points counted from 1970-01-01T00:00:00Z.
class Micros : public Strong<struct MicrosTag, std::int64_t> {
  public:
    using Strong::Strong;
    static constexpr Micros from_ms(std::int64_t ms) { return Micros(ms * 1000); }
    constexpr std::int64_t ms() const { return value() / 1000; }
    static Micros now() {
        using namespace std::chrono;
        return Micros(duration_cast<microseconds>(system_clock::now().time_since_epoch()).count());
    }
    constexpr friend Micros operator+(Micros a, Micros b) { return Micros(a.value() + b.value()); }
    constexpr friend Micros operator-(Micros a, Micros b) { return Micros(a.value() - b.value()); }
};

} // namespace weir

template <class Tag, class Rep>
struct std::hash<weir::Strong<Tag, Rep>> {
    std::size_t operator()(weir::Strong<Tag, Rep> s) const noexcept {
        return std::hash<Rep>{}(s.value());
    }
};
