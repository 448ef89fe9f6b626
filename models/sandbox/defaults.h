// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A contract's defaults for what an event leaves out, written into its text. Null is not missing,
// and a default stands as it is: nothing is filled in below it.
// Thread contract: a pure function. Bound: `bytes_max`.
#pragma once

#include "models/contract/contract.h"
#include "models/sandbox/splice.h"

namespace weir::sandbox {

/// False: more than `bytes_max` would be added; the splice is then of no use.
/// REQUIRES: the tape's last parse() returned true, and `splice` is for its text.
bool fill_defaults(const Contract& contract, const JsonTape& tape, std::size_t bytes_max,
                   Splice& splice);

} // namespace weir::sandbox
