// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A filter's text cut into lexemes with positions. Mistakes are lexemes too, so that colouring goes
// on behind them; the parser reports the first one it meets. Thread contract: free functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

struct FilterLexeme {
    enum class Kind : std::uint8_t {
        Word,   // anything without quotes: a field, an operator in letters, a number, text
        Quoted, // "…", '…' or i"…"
        Symbol, // == != < <= > >= && || !
        Open,
        Close,
        Comma,
        Mistake,
        End,
    };
    Kind kind = Kind::End;
    bool fold = false; // i"…"
    std::uint32_t begin = 0;
    std::uint32_t size = 0;
    std::string text;      // a word or symbol as it is written, a quoted text's content
    const char* what = ""; // of a mistake
    const char* advice = "";
};

/// Always ends with a lexeme of kind End. REQUIRES: text is less than 4 GiB.
std::vector<FilterLexeme> lex_filter(std::string_view text);

} // namespace weir
