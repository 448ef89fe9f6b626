// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The paths that an event has, as a filter may name them: properties.price,
// properties.items[*].sku. Thread contract: pure functions. Bound: path_names_max, path_depth_max.
#pragma once

#include <set>
#include <string>

#include "models/event/json/json_tape.h"

namespace weir {

inline constexpr std::size_t path_names_max = 400;
inline constexpr std::size_t path_depth_max = 6;

/// Adds those of its members that are no objects; of an array also those within its first element.
void collect_path_names(const JsonTape& tape, std::set<std::string>& found);

} // namespace weir
