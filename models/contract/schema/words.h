// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a schema asks for, in words for people who have never seen it. Violations, the catalogue and
// `weir contract list` say the same thing the same way.
//
// Thread contract: pure functions. Bound: demands_max demands a schema, enum_values_listed values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/contract/schema/program.h"

namespace weir::schema {

inline constexpr std::size_t enum_values_shown = 8; // in a violation
inline constexpr std::size_t enum_values_listed = 100;
inline constexpr std::size_t demands_max = 50;

/// "1 member", "3 members"
std::string counted(std::uint32_t count, const char* what);
/// "exactly 3 members", "at least 1 member", "2 to 5 characters"
std::string range_words(std::uint32_t least, std::uint32_t most, const char* what);
/// "a string or null"
std::string type_words(std::uint8_t types);
/// "at least 0", "below 100"
std::string limit_words(const Limit& limit);
/// `one of "EUR", "USD", …`; of a const its value.
std::string values_words(const EnumRules& rules, std::size_t shown_max = enum_values_shown);

/// All that is asked of a value beside its type and its members: "at least 0", "2 to 5 characters",
/// `one of "EUR", "USD"`. With that of what it must fit as well (allOf).
std::vector<std::string> demands_in_words(const Program& program, SchemaId id);

} // namespace weir::schema
