// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How a sentence names several things. Thread contract: pure function.
#pragma once

#include <string>
#include <vector>

namespace weir {

/// "a, b, c"; the first ten of more, then "and 3 more".
std::string names_text(const std::vector<std::string>& names);

} // namespace weir
