// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Values that were written with a blank in them.
#include "models/event/filter/filter_parser.h"
#include "models/event/filter/time_text.h"

namespace weir {

namespace {

bool is_sign(char c) {
    return c == '+' || c == '-';
}

/// Whether a value of the field may read so.
bool is_value(const FilterField& field, const std::string& text) {
    switch (field.type) {
    case FilterFieldType::Duration:
        return parse_duration(text).has_value();
    case FilterFieldType::Size:
        return parse_size(text).has_value();
    case FilterFieldType::Number:
        return false;
    default:
        return parse_instant(text) || parse_relative(text, Micros(0));
    }
}

/// Whether `word` hardly stands for itself behind a value of that kind.
bool looks_like_a_part(FilterLiteral::Kind kind, std::string_view word) {
    const std::string unit = '1' + std::string(word);
    if (word.front() == '+' || word == "-" ||
        (word.front() == '-' && (is_decimal(word) || parse_duration(word))))
        return true;
    if (kind == FilterLiteral::Kind::Instant)
        return parse_instant("2000-01-01T" + std::string(word)).has_value();
    const bool letters = word.front() < '0' || word.front() > '9';
    return letters && (parse_size(unit) || parse_duration(unit));
}

} // namespace

std::optional<Error> value_in_two_words(const FilterField& field, const FilterLiteral& literal,
                                        const FilterLexeme& next, const FilterLexeme& after) {
    using Kind = FilterLiteral::Kind;
    const bool measured = literal.kind == Kind::Instant || literal.kind == Kind::Integer ||
                          literal.kind == Kind::Number;
    if (literal.quoted || !measured)
        return std::nullopt;
    const std::string& word = next.text;
    const bool sign_alone = word.size() == 1 && is_sign(word.front());
    std::string meant;
    for (const std::string& whole :
         {literal.written + word, literal.written + 'T' + word,
          literal.written + word + (sign_alone ? after.text : std::string())})
        if (is_value(field, whole))
            meant = whole;
    const bool whole_number = word.find_first_not_of("0123456789") == std::string::npos;
    if (whole_number || (meant.empty() && !looks_like_a_part(literal.kind, word)))
        return std::nullopt;
    return filter_error(
        next.begin, "'" + word + "' behind " + literal.written + " would be a text to search for",
        (meant.empty() ? "Write the value in one word, as in 2026-05-01T12:00, "
                         "now-15m or 5kB"
                       : "Write " + meant) +
            "; put a text in quotes to search for it.");
}

} // namespace weir
