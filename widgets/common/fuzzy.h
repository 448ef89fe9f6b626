// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Fuzzy matching for the command palette: every letter of the pattern, in order, anywhere in the
// text; letters at the start of words and in a row count more. Words of the pattern may come in any
// order ("dark theme" finds "Theme: dark").
// Thread contract: pure functions. Bound: the first 200 characters of text and pattern are looked
// at; the cost is their product.
#pragma once

#include <QString>

#include <vector>

namespace weir {

struct FuzzyMatch {
    int score = 0;              // higher is better; 0: no match
    std::vector<int> positions; // of the matched characters in the text, ascending
};

/// An empty pattern matches everything with score 1.
FuzzyMatch fuzzy_match(const QString& pattern, const QString& text);

} // namespace weir
