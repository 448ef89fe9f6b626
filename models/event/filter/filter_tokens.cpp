// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/filter/filter.h"

#include "models/event/decimal.h"
#include "models/event/filter/filter_fields.h"
#include "models/event/filter/filter_lexer.h"
#include "models/event/filter/json_path.h"
#include "models/event/filter/time_text.h"

namespace weir {

namespace {

using TokenKind = FilterToken::Kind;

bool is_comparison(const FilterLexeme& lexeme) {
    if (lexeme.kind == FilterLexeme::Kind::Symbol)
        return lexeme.text != "&&" && lexeme.text != "||" && lexeme.text != "!";
    const std::string_view word =
        lexeme.kind == FilterLexeme::Kind::Word ? filter_word(lexeme.text) : std::string_view();
    return !word.empty() && word != "and" && word != "or" && word != "not";
}

TokenKind kind_of_value(const FilterLexeme& lexeme) {
    const std::string_view text = lexeme.text;
    if (is_decimal(text) || parse_size(text))
        return TokenKind::Number;
    if (text == "null" || text == "true" || text == "false")
        return TokenKind::Keyword;
    if (parse_duration(text) || parse_instant(text) || parse_relative(text, Micros(0)))
        return TokenKind::Time;
    return TokenKind::String;
}

} // namespace

std::vector<FilterToken> filter_tokens(std::string_view text) {
    const std::vector<FilterLexeme> lexemes =
        lex_filter(text.substr(0, std::numeric_limits<std::uint32_t>::max()));
    std::vector<FilterToken> tokens;
    bool in_list = false;
    for (std::size_t i = 0; i + 1 < lexemes.size(); ++i) {
        const FilterLexeme& lexeme = lexemes[i];
        const FilterLexeme& next = lexemes[i + 1];
        const bool value = i > 0 && (in_list || (is_comparison(lexemes[i - 1]) &&
                                                 filter_word(lexemes[i - 1].text) != "exists"));
        TokenKind kind = TokenKind::Word;
        switch (lexeme.kind) {
        case FilterLexeme::Kind::Mistake:
            kind = TokenKind::Mistake;
            break;
        case FilterLexeme::Kind::Open:
        case FilterLexeme::Kind::Close:
        case FilterLexeme::Kind::Comma:
            kind = TokenKind::Bracket;
            in_list = lexeme.kind == FilterLexeme::Kind::Comma
                          ? in_list
                          : value && lexeme.kind == FilterLexeme::Kind::Open;
            break;
        case FilterLexeme::Kind::Quoted:
            kind = TokenKind::String;
            break;
        case FilterLexeme::Kind::Symbol:
            kind = is_comparison(lexeme) ? TokenKind::Operator : TokenKind::Keyword;
            break;
        default: {
            const bool field = is_comparison(next) || (filter_word(next.text) == "not") ||
                               (i > 0 && filter_word(lexemes[i - 1].text) == "exists");
            if (is_comparison(lexeme))
                kind = TokenKind::Operator;
            else if (!filter_word(lexeme.text).empty())
                kind = TokenKind::Keyword;
            else if (value)
                kind = kind_of_value(lexeme);
            else if (field && JsonPath::parse(lexeme.text))
                kind = TokenKind::Field;
        }
        }
        tokens.push_back({kind, lexeme.begin, lexeme.size});
    }
    return tokens;
}

} // namespace weir
