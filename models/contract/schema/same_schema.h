// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whether two compiled schemas, of one program or of two, demand the same: keyword by keyword, what
// a reference leads to in its place, a schema within itself taken for the same until it is not.
// "No" does not say that they differ in what they take.
//
// Thread contract: pure functions. Bound: pairs_max pairs of schemas; beyond, the answer is no.
#pragma once

#include <cstddef>
#include <vector>

#include "models/contract/schema/program.h"

namespace weir::schema {

inline constexpr std::size_t same_schema_pairs_max = 50'000;

/// Schemas of one program.
struct SchemaList {
    const Program& program;
    const std::vector<SchemaId>& ids;
};

bool same_schema(const Program& a, SchemaId id_a, const Program& b, SchemaId id_b);
/// One by one, in their order.
bool same_schemas(const SchemaList& a, const SchemaList& b);
/// The keywords patternProperties and additionalProperties for names that neither declares.
bool same_further_members(const Program& a, const ObjectRules& rules_a, const Program& b,
                          const ObjectRules& rules_b);
bool same_dependency(const Program& a, const ObjectRules::Dependency& one_a, const Program& b,
                     const ObjectRules::Dependency& one_b);

} // namespace weir::schema
