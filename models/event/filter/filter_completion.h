// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What could stand at the cursor of a filter bar: fields, operators, keywords, and values that were
// seen. Thread contract: free function; the vocabulary's interners take their own locks.
// Bound: items_max completions; at most values_max values of a dimension are looked at.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/event/sighting.h"

namespace weir {

struct FilterCompletion {
    enum class Kind : std::uint8_t { Field, Operator, Keyword, Value };
    Kind kind = Kind::Field;
    std::string insert; // in place of the piece at the cursor, quoted where it must be
    std::string description;
    bool operator==(const FilterCompletion&) const = default;
};

struct FilterCompletions {
    static constexpr std::size_t items_max = 50;
    static constexpr std::size_t values_max = 65'536;
    std::uint32_t begin = 0; // the piece of text that an item replaces
    std::uint32_t size = 0;
    std::vector<FilterCompletion> items; // in the order to show
    bool more = false;                   // items_max was reached
};

/// What has been seen and may be offered; all of it may be empty. A masked value cannot be searched
/// for, and is not offered.
struct FilterSeen {
    std::shared_ptr<const Vocabulary> vocabulary;
    std::vector<std::string> topics;
    std::vector<std::string> headers; // names
    std::vector<std::string> paths;   // into JSON, e.g. properties.price, as a filter writes them
    std::vector<std::string> violations; // the reasons there are
    std::function<bool(const std::string& field, const std::string& value)> masked; // null: nothing
};

/// `cursor` is a byte position in `text`, at most its size.
FilterCompletions filter_completions(std::string_view text, std::size_t cursor,
                                     const FilterSeen& seen);

} // namespace weir
