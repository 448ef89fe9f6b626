// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Values that were written with a blank in them.
#include <algorithm>

#include "connectors/base/characters.h"
#include "models/event/filter/filter_fields.h"
#include "models/event/filter/filter_parser.h"
#include "models/event/filter/time_text.h"

namespace weir {

namespace {

bool is_sign(char c) {
    return c == '+' || c == '-';
}

/// The value of the field that `text` reads as, whatever the case of its unit; "": none.
std::string value_of(const FilterField& field, const std::string& text) {
    switch (field.type) {
    case FilterFieldType::Duration:
        return parse_duration(lower(text)) ? lower(text) : std::string();
    case FilterFieldType::Size: {
        const std::size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
        const std::string spelled =
            text.substr(0, digits).append(size_unit(std::string_view(text).substr(digits)));
        return parse_size(spelled) && (digits == text.size() || digits < spelled.size())
                   ? spelled
                   : std::string();
    }
    case FilterFieldType::Number:
        return {};
    default:
        return parse_instant(text) || parse_relative(text, Micros(0)) ? text : std::string();
    }
}

/// Whether `word` hardly stands for itself behind a value of that kind.
bool looks_like_a_part(FilterLiteral::Kind kind, std::string_view word) {
    if (word.front() == '+' || word == "-" ||
        (word.front() == '-' && (is_decimal(word) || parse_duration(word))))
        return true;
    if (kind == FilterLiteral::Kind::Instant)
        return parse_instant("2000-01-01T" + std::string(word)).has_value();
    const bool letters = word.front() < '0' || word.front() > '9';
    return letters && (!size_unit(word).empty() || parse_duration('1' + lower(word)));
}

/// Nobody looks for a text without quotes beside a number that may have a unit.
bool takes_no_text(const FilterField& field, const std::string& word) {
    return (field.type == FilterFieldType::Duration || field.type == FilterFieldType::Size) &&
           filter_word(word).empty();
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
        if (std::string value = value_of(field, whole); !value.empty())
            meant = std::move(value);
    const bool whole_number = word.find_first_not_of("0123456789") == std::string::npos;
    const bool text = whole_number || (meant.empty() && !looks_like_a_part(literal.kind, word));
    if (text && !takes_no_text(field, word))
        return std::nullopt;
    return filter_error(
        next.begin, "'" + word + "' behind " + literal.written + " would be a text to search for",
        (meant.empty() ? "Write the value in one word, as in 2026-05-01T12:00, "
                         "now-15m or 5kB"
                       : "Write " + meant) +
            "; put a text in quotes to search for it.");
}

} // namespace weir
