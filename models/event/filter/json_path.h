// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A path into JSON as a filter writes it: properties.items[0].sku, properties.items[*].sku,
// properties["odd key"], $.type (from the root, where the name alone means something else).
// Thread contract: plain values. Bound: 64 segments.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

struct JsonPathStep {
    enum class Kind : std::uint8_t { Member, Element, AnyElement };
    Kind kind = Kind::Member;
    std::uint32_t index = 0;
    std::string name;
    bool operator==(const JsonPathStep&) const = default;
};

struct JsonPath {
    static constexpr std::size_t steps_max = 64;
    bool from_root = false; // written with a leading $
    std::vector<JsonPathStep> steps;
    bool operator==(const JsonPath&) const = default;

    /// A name alone, which a dimension may have too.
    bool is_one_word() const { return !from_root && steps.size() == 1; }

    /// Nullopt: not a path.
    static std::optional<JsonPath> parse(std::string_view text);
    /// As parse() reads it; names that are not plain words in brackets.
    std::string text() const;
};

/// `text` in double quotes as the filter's lexer reads it.
std::string filter_quoted(std::string_view text);

/// Reads a quoted text from `text[begin]`, which is the quote. Returns the position behind the
/// closing quote, or npos if there is none. A backslash escapes the quote, a backslash, n, r, t
/// and uXXXX; before all else it stands for itself, so that regular expressions stay readable.
std::size_t read_quoted(std::string_view text, std::size_t begin, std::string& content);

} // namespace weir
