// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A contract's defaults for what an event leaves out, written into its text. Null is not missing,
// and a default stands as it is: nothing is filled in below it.
// Thread contract: a pure function. Bound: the contract's defaults times the arrays they lie in.
#pragma once

#include "models/contract/contract.h"
#include "models/sandbox/splice.h"

namespace weir::sandbox {

/// REQUIRES: the tape's last parse() returned true, and `splice` is for its text.
void fill_defaults(const Contract& contract, const JsonTape& tape, Splice& splice);

} // namespace weir::sandbox
