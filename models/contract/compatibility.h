// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Two versions of a schema held against each other: can a reader that knows one take every event
// that was written to the other? Backward: the new one reads what the old one allowed. Forward: the
// old one reads what the new one allows. The question is answered keyword by keyword; what cannot
// be shown to be harmless (another pattern, another condition) counts as breaking.
//
// Thread contract: pure functions. Bound: compatibility_steps_max comparisons, differences_max
// differences; beyond, the last difference says so.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/contract/schema/json_schema.h"

namespace weir {

inline constexpr std::size_t compatibility_steps_max = 200'000;
inline constexpr std::size_t differences_max = 1'000;

enum class Direction : std::uint8_t { Backward, Forward };
std::string_view to_word(Direction direction);

struct Difference {
    Direction direction = Direction::Backward; // which reader is at a loss
    bool breaking = true; // false: only events that nobody agreed on are concerned
    std::string pointer;  // into the event; `*` is any element
    std::string what;     // "price is required now, and was not"
    std::string rule;     // the keyword that the reader insists on
};

struct Compatibility {
    std::vector<Difference> differences;
    bool backward() const { return holds(Direction::Backward); }
    bool forward() const { return holds(Direction::Forward); }
    bool full() const { return backward() && forward(); }

  private:
    bool holds(Direction direction) const;
};

/// `ignored`: pointers that must differ between versions, such as /schema_version.
Compatibility compare_schemas(const schema::JsonSchema& older, const schema::JsonSchema& newer,
                              const std::vector<std::string>& ignored = {});

} // namespace weir
