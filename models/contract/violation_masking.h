// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Law 8 for violations: what was found is masked where the contract gives the field a class of
// personal data, or the policy says so. Pointers, names and what was expected stay.
// Thread contract: a plain function.
#pragma once

#include "models/contract/contract.h"
#include "models/contract/violation.h"
#include "models/event/disclosure/disclosure.h"

namespace weir {

/// `contract`: that the event was held against; null: none. Objects and arrays are masked whole if
/// the policy masks at all.
void mask_found(Violation& violation, const Contract* contract, const DisclosurePolicy& policy);

} // namespace weir
