// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What two versions make of each other, as JSON and as lines of text.
// Thread contract: pure functions.
#pragma once

#include <string>

#include "models/contract/compatibility.h"

namespace weir {

/// Appends {"backward","forward","full","differences":[{"direction","breaking","pointer","what",
/// "rule"}]} without line breaks.
void append_compatibility_json(const Compatibility& found, std::string& out);
/// A line a difference, and one with the three answers.
std::string compatibility_text(const Compatibility& found);

} // namespace weir
