// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a misspelt name was probably meant to be. Thread contract: pure functions. Bound: of a word
// its first 64 bytes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// Bytes to put in, take out or change until `a` is `b` (Levenshtein).
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate that `word` is most likely a misspelling of, or "". Case, blanks, _ and - do not
/// matter.
std::string nearest_word(std::string_view word, const std::vector<std::string>& candidates);

} // namespace weir
