// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A filter as the parser leaves it: terms, and the tree that joins them.
// Thread contract: immutable once parsed. Bound: FilterLimits.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "connectors/base/types.h"
#include "models/event/decimal.h"
#include "models/event/filter/filter_fields.h"
#include "models/event/filter/json_path.h"
#include "models/event/filter/text_matcher.h"

namespace re2 {
class RE2;
}

namespace weir {

struct FilterLimits {
    static constexpr std::size_t text_bytes = 1u << 20;
    static constexpr std::size_t depth = 64;
    static constexpr std::size_t terms = 1'000;
    static constexpr std::size_t list_members = 20'000;
    static constexpr std::int64_t regex_bytes = 1 << 20; // of RE2's program and its caches
};

enum class FilterOperator : std::uint8_t {
    Search, // a word alone
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    Contains,
    StartsWith,
    EndsWith,
    Matches,
    Exists,
};

struct FilterLiteral {
    enum class Kind : std::uint8_t { Text, Number, Integer, Instant, True, False, Null };
    Kind kind = Kind::Text;
    bool quoted = false;
    std::uint32_t begin = 0, size = 0; // where it stands in the filter's text
    std::string written;               // without quotes
    Decimal number;                    // Number
    std::int64_t integer = 0;          // Integer (also bytes and durations), Instant: microseconds
    TextMatcher matcher{"", false};
};

struct FilterField {
    FilterFieldKind kind = FilterFieldKind::Path;
    FilterFieldType type = FilterFieldType::Json;
    std::string name; // of a Named field or a header
    JsonPath path;    // of a Path
    std::string text() const;
};

struct FilterTerm {
    FilterField field; // means nothing for Search
    FilterOperator op = FilterOperator::Search;
    std::vector<FilterLiteral> literals;
    std::vector<std::string> exact;        // In: the literals that are plain text, sorted
    bool only_exact = false;               // In: there are no others
    std::shared_ptr<const re2::RE2> regex; // Matches
};

struct FilterNode {
    enum class Kind : std::uint8_t { All, Term, Not, And, Or };
    Kind kind = Kind::All;
    std::uint32_t term = 0;
    std::vector<FilterNode> children; // of Not one, of And and Or two or more
};

struct FilterHint;

struct FilterTree {
    std::vector<FilterTerm> terms;
    FilterNode root;
    std::vector<FilterHint> hints;
};

/// The tree as text that parses to the same tree.
std::string canonical_text(const FilterTree& tree);
/// "==", "contains", …
std::string_view operator_text(FilterOperator op);

} // namespace weir
