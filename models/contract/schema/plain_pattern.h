// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The patterns most contracts have (^[A-Z]{3}$, ^SKU-[0-9]+$) matched without an automaton: a row
// of ASCII sets, each so many times, anchored at both ends, where no choice has ever to be taken
// back. All else is left to RE2.
//
// Thread contract: immutable. Bound: 64 sets; one pass over the text.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace weir::schema {

class PlainPattern {
  public:
    /// Nullopt: not that plain. REQUIRES: `pattern` is a regular expression of ECMA-262.
    static std::optional<PlainPattern> parse(std::string_view pattern);
    bool matches(std::string_view text) const;

  private:
    struct Piece {
        std::bitset<128> set;
        std::uint32_t least = 1;
        std::uint32_t most = 1;
    };
    static bool never_goes_back(const std::vector<Piece>& pieces);
    std::vector<Piece> m_pieces;
};

} // namespace weir::schema
