// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The fields that a schema names, with what stands beside them (description, pii, unit, default)
// and what is asked of them. References are followed; a schema within itself is listed once, and
// the field where it comes again says so. Thread contract: a plain function. Bound:
// Contract::fields_max fields, 256 levels, 500,000 steps, 64 MiB said of fields; a contract that
// asks for more is an error, for what was left out could be personal.
#pragma once

#include "connectors/base/result.h"
#include "models/contract/contract.h"

namespace weir {

/// Fills `pii`, `fields` and `defaults`. REQUIRES: the schema is compiled. Errors: Config (a class
/// of personal data that there is not; a default that its own schema refuses; a bound), with file,
/// line and pointer.
Result<void> add_contract_fields(schema::Library& library, const schema::Document& document,
                                 Contract& contract);

} // namespace weir
