// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/filter/filter_compare.h"
#include "models/event/filter/filter_parser.h"
#include "models/event/filter/time_text.h"

namespace weir {

namespace {

bool is_ordering(FilterOperator op) {
    return op >= FilterOperator::Less && op <= FilterOperator::GreaterEqual;
}

bool is_text_operator(FilterOperator op) {
    return op >= FilterOperator::Contains && op <= FilterOperator::Matches;
}

Error expected(const FilterLexeme& lexeme, const FilterField& field, const char* what,
               const char* advice) {
    return filter_error(lexeme.begin, "'" + field.text() + "' is compared with " + what, advice);
}

/// Literals of fields that are numbers, sizes, durations or times.
Result<FilterLiteral> read_measure(const FilterField& field, const FilterLexeme& lexeme, Micros now,
                                   FilterLiteral literal) {
    literal.kind = FilterLiteral::Kind::Integer;
    const std::string_view text = literal.written;
    if (field.type == FilterFieldType::Time) {
        std::optional<Micros> time = parse_instant(text);
        if (!time && !literal.quoted)
            time = parse_relative(text, now);
        if (!time)
            return expected(lexeme, field, "a time",
                            "Write 2026-05-01T12:00:00Z, 2026-05-01, or now-15m (no spaces).");
        literal.kind = FilterLiteral::Kind::Instant;
        literal.integer = time->value();
        return literal;
    }
    if (literal.quoted)
        return expected(lexeme, field, "a number, without quotes", "Remove the quotes.");
    if (field.type == FilterFieldType::Duration) {
        const std::optional<Micros> duration = parse_duration(text);
        if (!duration)
            return expected(lexeme, field, "a duration", "Write 250ms, 5s, 15m, 1h30m or 2d.");
        literal.integer = duration->value();
        return literal;
    }
    if (field.type == FilterFieldType::Size) {
        const std::optional<std::int64_t> size = parse_size(text);
        if (!size)
            return expected(lexeme, field, "a number of bytes", "Write 512, 1kB, 1.5MB or 2MiB.");
        literal.integer = *size;
        return literal;
    }
    if (!is_decimal(text) || !Decimal(text).to_int64(literal.integer))
        return expected(lexeme, field, "a whole number", "Write it in digits.");
    return literal;
}

/// What a word without quotes stands for beside JSON or text.
void read_plain_word(const FilterField& field, FilterOperator op, Micros now,
                     FilterLiteral& literal) {
    const std::string_view text = literal.written;
    const bool json = field.type == FilterFieldType::Json;
    const bool number = is_decimal(text) && !is_version(field); // 5.10 is not 5.1
    if (text == "null") {
        literal.kind = FilterLiteral::Kind::Null;
    } else if (json && (text == "true" || text == "false")) {
        literal.kind = text == "true" ? FilterLiteral::Kind::True : FilterLiteral::Kind::False;
    } else if (number) {
        literal.kind = FilterLiteral::Kind::Number;
        literal.number = Decimal(text);
    } else if (json || is_ordering(op)) {
        std::optional<Micros> time = parse_instant(text);
        if (!time)
            time = parse_relative(text, now);
        if (time) {
            literal.kind = FilterLiteral::Kind::Instant;
            literal.integer = time->value();
        }
    }
}

} // namespace

Result<FilterLiteral> read_filter_literal(const FilterField& field, FilterOperator op,
                                          const FilterLexeme& lexeme, Micros now) {
    FilterLiteral literal;
    literal.quoted = lexeme.kind == FilterLexeme::Kind::Quoted;
    literal.written = lexeme.text;
    const bool measure = field.type != FilterFieldType::Json && field.type != FilterFieldType::Text;
    if (measure)
        return read_measure(field, lexeme, now, std::move(literal));
    if (!literal.quoted && !is_text_operator(op))
        read_plain_word(field, op, now, literal);
    const bool version = is_version(field);
    if (is_ordering(op) && literal.kind >= FilterLiteral::Kind::True)
        return filter_error(lexeme.begin, "'" + literal.written + "' has no order",
                            "Use == or !=.");
    if (is_ordering(op) && !version && literal.kind == FilterLiteral::Kind::Text && !literal.quoted)
        return filter_error(lexeme.begin,
                            "'" + literal.written + "' is neither a number nor a time",
                            "Quote it to compare by the order of its characters.");
    if (is_ordering(op) && lexeme.fold)
        return filter_error(lexeme.begin, "text that ignores case has no order",
                            "Remove the i before the quote.");
    if (literal.kind == FilterLiteral::Kind::Text)
        literal.matcher = TextMatcher(literal.written, lexeme.fold);
    return literal;
}

} // namespace weir
