// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What one term says of one value. A JSON value has its type: the number 100 is not the text "100".
// What has no type of its own (key, headers, dimensions, named fields) is text, and equals a number
// if it reads as that number. A comparison with null is true of null only; null is neither less nor
// greater than anything.
//
// Thread contract: free functions. Bound: the cost of the text comparison.
#pragma once

#include <string_view>

#include "models/event/filter/filter_tree.h"

namespace weir {

struct FilterValue {
    enum class Kind : std::uint8_t { Text, String, Number, True, False, Null, Container };
    Kind kind = Kind::Text;
    std::string_view text; // content of texts and strings, JSON as written of all else
};

/// REQUIRES: term.op is not Search.
bool satisfies(const FilterTerm& term, const FilterValue& value);
/// The same for partition, offset, size, age and times (microseconds).
bool satisfies(const FilterTerm& term, std::int64_t value);

/// Identities are compared as they are spelled, never as numbers: id, key, user, session.
bool is_identity(const FilterField& field);

/// Versions are texts with an order of their own: app_version.
bool is_version(const FilterField& field);

/// "5.9" before "5.10" before "5.10.1"; runs of digits by value, all else by its bytes.
int compare_versions(std::string_view a, std::string_view b);

} // namespace weir
