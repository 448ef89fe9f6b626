// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Recursive descent from a filter's text to its tree. The grammar, loosest first:
//
//   either   = both { ("or" | "||") both }
//   both     = single { ["and" | "&&"] single }          side by side means and
//   single   = ("not" | "!") single | "(" either ")" | term
//   term     = field operator literal | field ["not"] "in" "(" literal { "," literal } ")"
//            | field "exists" | "exists" field | text
//
// Thread contract: free function. Bound: FilterLimits; recursion is at most their depth.
#pragma once

#include <optional>
#include <string_view>

#include "connectors/base/result.h"
#include "models/event/filter/filter_lexer.h"
#include "models/event/filter/filter_tree.h"

namespace weir {

/// Errors: Usage with the 0-based byte column of the mistake, what was expected, and a mend.
Result<FilterTree> parse_filter(std::string_view text, Micros now);

/// A mistake in a filter's text.
Error filter_error(std::size_t column, std::string what, std::string advice);

/// What a word means as the left side of an operator; `column` is where it begins. Errors: Usage
/// with column.
Result<FilterField> read_filter_field(std::string_view text, std::size_t column);

/// What a lexeme means as the right side of `field op`. Errors: Usage with column.
Result<FilterLiteral> read_filter_literal(const FilterField& field, FilterOperator op,
                                          const FilterLexeme& lexeme, Micros now);

/// A value without quotes that probably goes on in the `next` word, as in 2026-05-01 12:00,
/// now - 15m or 5 kB: a mistake at that word. Nothing: `next` stands for itself. `after` follows
/// it.
std::optional<Error> value_in_two_words(const FilterField& field, const FilterLiteral& literal,
                                        const FilterLexeme& next, const FilterLexeme& after);

} // namespace weir
