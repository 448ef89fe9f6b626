// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How a masked value looks: `203.0.113.7` as `•••.•.•••.•`. One character stands for one, ASCII
// punctuation and white space stay, so length and shape can still be compared.
// Thread contract: plain functions.
#pragma once

#include <string>
#include <string_view>

namespace weir {

/// Stands for one letter, digit or other character: U+2022.
inline constexpr std::string_view mask_character = "•";

/// Appends plain text (any bytes) masked; a byte that is not UTF-8 counts as one character.
void append_masked_text(std::string_view text, std::string& out);

/// Appends the content of a JSON string masked, still escaped where it must be. REQUIRES: `raw` is
/// the content of a valid JSON string.
void append_masked_json(std::string_view raw, std::string& out);

/// Walks the content of a JSON string and knows how far its text, the escapes resolved, has come.
/// REQUIRES: `raw` is the content of a valid JSON string; places are asked for in ascending order.
class EscapedPlace {
  public:
    explicit EscapedPlace(std::string_view raw)
        : m_raw(raw) {}
    /// Where in `raw` the byte `text_at` of the text is spelt.
    std::size_t raw_at(std::size_t text_at);

  private:
    std::string_view m_raw;
    std::size_t m_raw_at = 0, m_text_at = 0;
};

/// Appends a JSON number masked: digits become 9, those of an exponent 0, so that it stays a valid
/// number of the same length. REQUIRES: `digits` is a valid JSON number.
void append_masked_number(std::string_view digits, std::string& out);

/// True if text that was masked may hold `literal` although the original does not: it is then no
/// safe pre-match on raw bytes.
bool could_be_made_by_masking(std::string_view literal);

} // namespace weir
