// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Rules that repair dead letters, as a file says them (resources/remedies.schema.json): replace,
// remove, cast or default one value of an event, where reason and type are the rule's.
//
// Thread contract: a value. Bound: file_bytes_max; 1,000 rules.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "connectors/base/result.h"

namespace weir::sandbox {

enum class RemedyAction : std::uint8_t { Replace, Remove, Cast, Default };
enum class RemedyType : std::uint8_t { String, Number, Integer, Boolean };

struct RemedyRule {
    std::string name;
    std::string reason; // a violation's; "": any
    std::string type;   // the event's; "": any
    std::string at;     // RFC 6901, into the event
    RemedyAction action = RemedyAction::Replace;
    std::string value;               // JSON text; replace and default
    std::optional<std::string> from; // JSON text; replace: only this value
    RemedyType to = RemedyType::String;
};

struct Remedies {
    static constexpr std::size_t file_bytes_max = 1u << 20;

    int rounds_max = 3; // how often one event may go in again
    std::vector<RemedyRule> rules;

    /// Errors: Config, with file, place and what is wrong.
    static Result<Remedies> parse(const std::string& text, const std::string& file);
    /// Errors: those of reading the file, and parse()'s.
    static Result<Remedies> load(const std::string& file);
};

} // namespace weir::sandbox
