// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a workspace says of its stages, as the book of invalid events needs it.
// Thread contract: a pure function.
#pragma once

#include "models/invalid/invalid_book.h"
#include "models/workspace/workspace.h"

namespace weir {

/// Places and connection; dialects and checkers are the caller's to add. Events enter at what a
/// stage reads and none but one that reads dead letters writes; without stages anywhere.
InvalidOptions invalid_options(const Workspace& workspace, const std::string& connection);

} // namespace weir
