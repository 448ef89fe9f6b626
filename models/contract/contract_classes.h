// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The classes of personal data that a contract gives its fields, as a tree to walk beside a
// payload. Thread contract: a plain function.
#pragma once

#include "models/contract/contract.h"
#include "models/event/disclosure/field_classes.h"

namespace weir {

/// REQUIRES: its fields are filled in (add_contract_fields()).
FieldClasses classes_of(const Contract& contract);

} // namespace weir
