// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Text compared as it is, or ignoring case: simple case folding of Unicode (one code point to one;
// "ß" is not "ss"), where ASCII stays with ASCII ("k" does not match the Kelvin sign). Bytes that
// are not UTF-8 match themselves only.
//
// Thread contract: immutable, const use from any thread. Bound: as LiteralFinder; with a letter
// beyond ASCII and ignoring case, one code point at a time.
#pragma once

#include <string>
#include <string_view>

#include "models/event/filter/literal_finder.h"

namespace weir {

class TextMatcher {
  public:
    TextMatcher(std::string_view text, bool fold_case);

    bool equals(std::string_view other) const;
    bool is_start_of(std::string_view other) const;
    bool is_end_of(std::string_view other) const;
    bool is_in(std::string_view other) const;

    const std::string& text() const { return m_text; }
    bool fold_case() const { return m_fold; }

  private:
    std::string m_text; // folded if folding
    bool m_fold;
    bool m_ascii; // LiteralFinder alone decides
    LiteralFinder m_finder;
};

/// `text` with every code point folded.
std::string folded(std::string_view text);
/// The longest run of ASCII bytes in `text`.
std::string_view longest_ascii_run(std::string_view text);

} // namespace weir
