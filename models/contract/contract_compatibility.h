// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Two versions of a contract held against each other: their schemas, but for the number of the
// version itself, and what refuses events beside these: a rule across fields that one version has
// and the other does not, or has otherwise; a reason that one blocks and the other lets pass.
// Thread contract: pure functions. Bound: as compare_schemas().
#pragma once

#include <string>

#include "connectors/base/result.h"
#include "models/contract/compatibility.h"
#include "models/contract/contract.h"

namespace weir {

/// As the catalogue and the command line compare them.
Compatibility compare_contracts(const Contract& older, const Contract& newer);

/// What two files make of each other: contracts as above, else their schemas. `folder`: where
/// `$ref` may lead; "": the files' own (open_schema()). Errors: as there, JsonSchema::compile()'s
/// and read_contract()'s.
Result<Compatibility> compare_files(const std::string& older, const std::string& newer,
                                    const std::string& folder);

} // namespace weir
