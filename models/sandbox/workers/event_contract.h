// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The contract of an event that a stage holds. Thread contract: a pure function.
#pragma once

#include "models/contract/contract_set.h"
#include "models/sandbox/workers/stage.h"

namespace weir::sandbox {

/// That of its type and version; without a version the newest of its type. Null: there is none.
const Contract* contract_of(const StageInput& input, const ContractSet& contracts);

} // namespace weir::sandbox
