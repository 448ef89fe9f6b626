// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What becomes of an event of a type that no contract knows, where events are held against them:
// chosen in a workspace, done by models/contract. Thread contract: plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace weir {

enum class UnknownTypes : std::uint8_t { Refuse, Flag, Pass };

/// "refuse", "flag", "pass"; nullopt: another word.
inline std::optional<UnknownTypes> unknown_types_of(std::string_view word) {
    if (word == "refuse")
        return UnknownTypes::Refuse;
    if (word == "flag")
        return UnknownTypes::Flag;
    return word == "pass" ? std::optional(UnknownTypes::Pass) : std::nullopt;
}

} // namespace weir
