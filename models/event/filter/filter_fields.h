// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The fields that a filter knows by name, and what may be asked of each. All else that looks like a
// path is one into the event's JSON. Thread contract: constant data.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace weir {

enum class FilterFieldKind : std::uint8_t {
    Path,   // into the event's JSON
    Named,  // a dimension, or a name that the dialect maps: type, platform, user, …
    Id,     // the event id; UUIDs in any spelling
    Header, // one header by name, all its values
    Key,
    Value,
    Topic,
    Stage,
    Reason,
    Violation, // the reasons for which an event breaks its contract, each a value
    Outcome,
    Dialect,
    ReplayRun,
    Partition, // whole numbers from here …
    OffsetNumber,
    Size,      // bytes of the record: key, value and headers
    EventSize, // the event's own bytes, as they were read
    Age,       // a duration: now, as the filter was given it, less `time`
    Time,      // of the record, as the broker has it
    EventTime,
    SentTime,
    ReceivedTime, // … to here
};

/// What literals a field is compared with.
enum class FilterFieldType : std::uint8_t { Json, Text, Number, Size, Duration, Time };

struct FilterFieldInfo {
    std::string_view name;
    FilterFieldKind kind;
    FilterFieldType type;
    std::string_view description; // one phrase, for completion and help
};

/// All fields with a name of their own, in the order in which help shows them.
const std::vector<FilterFieldInfo>& filter_fields();
/// Null: not one of them.
const FilterFieldInfo* find_filter_field(std::string_view name);

struct FilterOperatorInfo {
    std::string_view name;
    std::string_view description;
};
/// All operators in their canonical spelling.
const std::vector<FilterOperatorInfo>& filter_operators();
/// The operator or keyword written in letters, in its canonical spelling; "" if it is none.
/// contains, startsWith, endsWith, matches, in and exists in any case; and, or, not in lower or
/// upper case.
std::string_view filter_word(std::string_view text);

/// Of `names` the one that `text` most likely means (a slip or two away), or "".
std::string_view likely_meant(std::string_view text, const std::vector<std::string_view>& names);

} // namespace weir
