// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Checks one of Weir's own JSON files against its schema and says what is wrong in words: the
// place, what was found, the mend. Knows the part of JSON Schema draft-07 that our own schemas use
// ($ref within the file, type, enum, required, properties, additionalProperties, items, pattern,
// minimum, maximum, minLength, maxLength, minItems, maxItems); events are judged by
// models/contract.
//
// Thread contract: plain functions. Bound: stops at the first mistake.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "connectors/base/result.h"

namespace weir {

struct SchemaCheckOptions {
    /// The file was written by a newer Weir that says this one may read it: members that are not in
    /// the schema are let through (and kept).
    bool allow_unknown_members = false;
};

/// The first mistake, or nullopt. Error::where is the JSON pointer. A value whose schema is
/// `#/definitions/secret` is never repeated in the error.
std::optional<Error> check_against_schema(const nlohmann::ordered_json& schema,
                                          const nlohmann::ordered_json& document,
                                          SchemaCheckOptions options = {});

/// `token` as one step of an RFC 6901 pointer, with its leading slash.
std::string pointer_step(std::string_view token);

} // namespace weir
