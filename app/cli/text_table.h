// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Columns side by side, for people at a terminal.
// Thread contract: pure functions. Every code point takes one column.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir::cli {

using Cells = std::vector<std::string>;

/// A line a row, each behind `indent`; the first `left` columns and the last are written from the
/// left, the others to the right. REQUIRES: at least one row, and as many cells in each.
std::string aligned(const std::vector<Cells>& rows, std::size_t left, std::string_view indent = {});

} // namespace weir::cli
