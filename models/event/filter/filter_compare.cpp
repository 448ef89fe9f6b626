// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/filter/filter_compare.h"

#include <re2/re2.h>

#include <algorithm>

#include "models/event/filter/time_text.h"

namespace weir {

namespace {

using Literal = FilterLiteral;
using Value = FilterValue;

bool is_textual(const Value& value) {
    return value.kind == Value::Kind::Text || value.kind == Value::Kind::String;
}

bool equal(const FilterTerm& term, const Literal& literal, const Value& value) {
    switch (literal.kind) {
    case Literal::Kind::Null:
        return value.kind == Value::Kind::Null;
    case Literal::Kind::True:
        return value.kind == Value::Kind::True;
    case Literal::Kind::False:
        return value.kind == Value::Kind::False;
    case Literal::Kind::Number:
        if (value.kind == Value::Kind::Text && is_identity(term.field))
            return value.text == literal.written;
        return (value.kind == Value::Kind::Number ||
                (value.kind == Value::Kind::Text && is_decimal(value.text))) &&
               literal.number.compare(value.text) == 0;
    case Literal::Kind::Instant: {
        const std::optional<Micros> time =
            is_textual(value) ? parse_instant(value.text) : std::nullopt;
        return time && time->value() == literal.integer;
    }
    default:
        return is_textual(value) && literal.matcher.equals(value.text);
    }
}

bool holds(FilterOperator op, int order) {
    switch (op) {
    case FilterOperator::Less:
        return order < 0;
    case FilterOperator::LessEqual:
        return order <= 0;
    case FilterOperator::Greater:
        return order > 0;
    default:
        return order >= 0;
    }
}

bool ordered(const FilterTerm& term, const Literal& literal, const Value& value) {
    if (is_version(term.field))
        return is_textual(value) && holds(term.op, compare_versions(value.text, literal.written));
    switch (literal.kind) {
    case Literal::Kind::Number:
        return (value.kind == Value::Kind::Number ||
                (value.kind == Value::Kind::Text && is_decimal(value.text))) &&
               holds(term.op, literal.number.compare(value.text));
    case Literal::Kind::Instant: {
        const std::optional<Micros> time =
            is_textual(value) ? parse_instant(value.text) : std::nullopt;
        if (!time)
            return false;
        return holds(term.op, time->value() < literal.integer   ? -1
                              : time->value() > literal.integer ? 1
                                                                : 0);
    }
    default:
        return is_textual(value) && holds(term.op, value.text.compare(literal.written));
    }
}

bool in_list(const FilterTerm& term, const Value& value) {
    if (is_textual(value) && std::binary_search(term.exact.begin(), term.exact.end(), value.text,
                                                std::less<std::string_view>()))
        return true;
    if (term.only_exact)
        return false;
    return std::any_of(term.literals.begin(), term.literals.end(),
                       [&](const Literal& literal) { return equal(term, literal, value); });
}

bool text_holds(const FilterTerm& term, std::string_view text) {
    const TextMatcher& matcher = term.literals.front().matcher;
    switch (term.op) {
    case FilterOperator::Contains:
        return matcher.is_in(text);
    case FilterOperator::StartsWith:
        return matcher.is_start_of(text);
    case FilterOperator::EndsWith:
        return matcher.is_end_of(text);
    default:
        return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *term.regex);
    }
}

/// Takes one run of digits, or one other byte, from the front.
std::string_view take_part(std::string_view& text) {
    std::size_t size = 0;
    while (size < text.size() && text[size] >= '0' && text[size] <= '9')
        ++size;
    const std::string_view part = text.substr(0, std::max<std::size_t>(size, 1));
    text.remove_prefix(part.size());
    return part;
}

std::string_view without_zeros(std::string_view digits) {
    const std::size_t first = digits.find_first_not_of('0');
    return first == std::string_view::npos ? std::string_view() : digits.substr(first);
}

} // namespace

bool is_identity(const FilterField& field) {
    return field.kind == FilterFieldKind::Id || field.kind == FilterFieldKind::Key ||
           (field.kind == FilterFieldKind::Named &&
            (field.name == "user" || field.name == "session"));
}

bool is_version(const FilterField& field) {
    return field.kind == FilterFieldKind::Named && field.name == "app_version";
}

int compare_versions(std::string_view a, std::string_view b) {
    while (!a.empty() && !b.empty()) {
        const std::string_view left = take_part(a);
        const std::string_view right = take_part(b);
        const bool digits = left[0] >= '0' && left[0] <= '9' && right[0] >= '0' && right[0] <= '9';
        int order = left.compare(right);
        if (digits) {
            const std::string_view x = without_zeros(left);
            const std::string_view y = without_zeros(right);
            order = x.size() != y.size() ? (x.size() < y.size() ? -1 : 1) : x.compare(y);
        }
        if (order != 0)
            return order;
    }
    return int(!a.empty()) - int(!b.empty());
}

bool satisfies(const FilterTerm& term, const FilterValue& value) {
    switch (term.op) {
    case FilterOperator::Exists:
        return true;
    case FilterOperator::Equal:
        return equal(term, term.literals.front(), value);
    case FilterOperator::NotEqual:
        return !equal(term, term.literals.front(), value);
    case FilterOperator::In:
        return in_list(term, value);
    case FilterOperator::Less:
    case FilterOperator::LessEqual:
    case FilterOperator::Greater:
    case FilterOperator::GreaterEqual:
        return value.kind != Value::Kind::Null && ordered(term, term.literals.front(), value);
    default:
        return value.kind != Value::Kind::Null && text_holds(term, value.text);
    }
}

bool satisfies(const FilterTerm& term, std::int64_t value) {
    const auto is = [&](const Literal& literal) { return literal.integer == value; };
    switch (term.op) {
    case FilterOperator::Exists:
        return true;
    case FilterOperator::Equal:
        return is(term.literals.front());
    case FilterOperator::NotEqual:
        return !is(term.literals.front());
    case FilterOperator::In:
        return std::any_of(term.literals.begin(), term.literals.end(), is);
    default: {
        const std::int64_t bound = term.literals.front().integer;
        return holds(term.op, value < bound ? -1 : value > bound ? 1 : 0);
    }
    }
}

} // namespace weir
