// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/filter/filter_parser.h"

#include <re2/re2.h>

#include <algorithm>

#include "models/event/decode/dialect.h"
#include "models/event/filter/filter.h"

namespace weir {

namespace {

using Lexeme = FilterLexeme;

const std::vector<std::string_view>& operator_words() {
    static const std::vector<std::string_view> words{"contains", "startsWith", "endsWith",
                                                     "matches", "exists"};
    return words;
}

std::optional<FilterOperator> comparison(std::string_view text) {
    for (int op = int(FilterOperator::Equal); op <= int(FilterOperator::Exists); ++op) {
        if (operator_text(FilterOperator(op)) == text)
            return FilterOperator(op);
    }
    return std::nullopt;
}

std::string named(const Lexeme& lexeme) {
    switch (lexeme.kind) {
    case Lexeme::Kind::End:
        return "the end";
    case Lexeme::Kind::Open:
        return "'('";
    case Lexeme::Kind::Close:
        return "')'";
    case Lexeme::Kind::Comma:
        return "','";
    default:
        return "'" + lexeme.text + "'";
    }
}

class Parser {
  public:
    Parser(std::string_view text, Micros now)
        : m_lexemes(lex_filter(text))
        , m_now(now) {}

    Result<FilterTree> run() {
        if (peek().kind == Lexeme::Kind::End)
            return std::move(m_tree);
        FilterNode root;
        if (!either(root, 0))
            return std::move(m_error);
        if (peek().kind != Lexeme::Kind::End) {
            unexpected("a term, 'and' or 'or'", peek().kind == Lexeme::Kind::Close
                                                    ? "No bracket is open here: remove it."
                                                    : "Put text with commas in quotes.");
            return std::move(m_error);
        }
        m_tree.root = std::move(root);
        return std::move(m_tree);
    }

  private:
    const Lexeme& peek(std::size_t ahead = 0) const {
        return m_lexemes[std::min(m_at + ahead, m_lexemes.size() - 1)];
    }
    bool at_word(std::string_view word, std::string_view symbol = {}) const {
        const Lexeme& next = peek();
        return (next.kind == Lexeme::Kind::Word && filter_word(next.text) == word) ||
               (next.kind == Lexeme::Kind::Symbol && next.text == symbol);
    }

    bool fail(std::size_t column, std::string what, std::string advice) {
        m_error = filter_error(column, std::move(what), std::move(advice));
        return false;
    }
    bool unexpected(const std::string& wanted, std::string advice) {
        const Lexeme& next = peek();
        if (next.kind == Lexeme::Kind::Mistake)
            return fail(next.begin, next.what, next.advice);
        return fail(next.begin, "expected " + wanted + ", found " + named(next), std::move(advice));
    }

    bool either(FilterNode& out, std::size_t depth) {
        return joined(out, FilterNode::Kind::Or, depth);
    }
    bool both(FilterNode& out, std::size_t depth) {
        return joined(out, FilterNode::Kind::And, depth);
    }

    bool joined(FilterNode& out, FilterNode::Kind kind, std::size_t depth) {
        const bool any = kind == FilterNode::Kind::Or;
        std::vector<FilterNode> parts(1);
        for (;;) {
            if (!(any ? both(parts.back(), depth) : single(parts.back(), depth)))
                return false;
            if (any ? at_word("or", "||") : at_word("and", "&&"))
                ++m_at;
            else if (any || peek().kind == Lexeme::Kind::End ||
                     peek().kind == Lexeme::Kind::Close || peek().kind == Lexeme::Kind::Comma ||
                     at_word("or", "||"))
                break;
            parts.emplace_back();
        }
        if (parts.size() == 1) {
            out = std::move(parts.front());
            return true;
        }
        out.kind = kind;
        out.children = std::move(parts);
        return true;
    }

    bool single(FilterNode& out, std::size_t depth) {
        const Lexeme& first = peek();
        const bool open = first.kind == Lexeme::Kind::Open;
        if (!open && !at_word("not", "!"))
            return term(out);
        if (depth == FilterLimits::depth)
            return fail(first.begin, "more than 64 brackets and nots within each other",
                        "Write the filter flatter.");
        ++m_at;
        if (!open) {
            out.kind = FilterNode::Kind::Not;
            out.children.resize(1);
            return single(out.children.front(), depth + 1);
        }
        if (!either(out, depth + 1))
            return false;
        if (peek().kind != Lexeme::Kind::Close)
            return unexpected("')'", "The bracket at column " + std::to_string(first.begin + 1) +
                                         " is not closed.");
        ++m_at;
        return true;
    }

    /// The operator `ahead` lexemes on, if there is one; a word needs what follows to be told from
    /// text: `in` is an operator only before a bracket.
    std::optional<FilterOperator> operator_at(std::size_t ahead) const {
        const Lexeme& next = peek(ahead);
        if (next.kind == Lexeme::Kind::Symbol)
            return comparison(next.text);
        if (next.kind != Lexeme::Kind::Word)
            return std::nullopt;
        const std::string_view word = filter_word(next.text);
        if (word == "in" && peek(ahead + 1).kind != Lexeme::Kind::Open)
            return std::nullopt;
        return word.empty() ? std::nullopt : comparison(word);
    }

    bool term(FilterNode& out) {
        const Lexeme& first = peek();
        if (first.kind != Lexeme::Kind::Word && first.kind != Lexeme::Kind::Quoted)
            return unexpected("a word, a quoted text or a field",
                              m_at == 0 ? "Write a field before the operator: type == \"purchase\"."
                                        : "Write a term here, or remove what stands before.");
        const std::string_view word =
            first.kind == Lexeme::Kind::Word ? filter_word(first.text) : std::string_view();
        if (word == "exists" && peek(1).kind == Lexeme::Kind::Word && !operator_at(1)) {
            ++m_at;
            return comparison_term(out, FilterOperator::Exists, true);
        }
        if (!word.empty())
            return fail(first.begin, "expected a field or text, found '" + first.text + "'",
                        "Put it in quotes to search for the word.");
        const bool negated = peek(1).kind == Lexeme::Kind::Word &&
                             filter_word(peek(1).text) == "not" && operator_at(2);
        if (const auto op = operator_at(negated ? 2 : 1)) {
            if (negated) {
                out.kind = FilterNode::Kind::Not;
                out.children.resize(1);
            }
            m_operator = m_at + (negated ? 2 : 1);
            return comparison_term(negated ? out.children.front() : out, *op, false);
        }
        return text_term(out);
    }

    bool text_term(FilterNode& out) {
        const Lexeme& text = peek();
        const Lexeme& next = peek(1);
        const bool field_like = text.kind == Lexeme::Kind::Word &&
                                next.kind == Lexeme::Kind::Word &&
                                (find_filter_field(text.text) != nullptr ||
                                 text.text.find_first_of(".[") != std::string::npos);
        if (field_like && next.text.size() >= 5 && peek(2).kind == Lexeme::Kind::Quoted) {
            const std::string_view meant = likely_meant(next.text, operator_words());
            if (!meant.empty())
                return fail(next.begin, "'" + next.text + "' is no operator",
                            "Did you mean " + std::string(meant) +
                                "? Put words in quotes to search for them.");
        }
        FilterTerm term;
        FilterLiteral literal;
        literal.quoted = true;
        literal.written = text.text;
        literal.matcher = TextMatcher(text.text, true);
        term.literals.push_back(std::move(literal));
        ++m_at;
        return add(out, std::move(term), text);
    }

    bool comparison_term(FilterNode& out, FilterOperator op, bool prefix) {
        const Lexeme& first = peek();
        FilterTerm term;
        term.op = op;
        if (!read_field(first, term.field))
            return false;
        if (prefix) {
            ++m_at;
            return add(out, std::move(term), first);
        }
        const Lexeme& sign = m_lexemes[m_operator];
        const bool measure =
            term.field.type != FilterFieldType::Json && term.field.type != FilterFieldType::Text;
        if (measure && op >= FilterOperator::Contains && op <= FilterOperator::Matches)
            return fail(sign.begin, "'" + term.field.text() + "' is not a text",
                        "Use ==, !=, <, <=, >, >= or in.");
        m_at = m_operator + 1;
        if (op == FilterOperator::In) {
            if (!list(term))
                return false;
        } else if (op != FilterOperator::Exists) {
            if (!literal(term) || (op == FilterOperator::Matches && !compile(term)) ||
                !literal_ends(term))
                return false;
        }
        return add(out, std::move(term), first);
    }

    bool add(FilterNode& out, FilterTerm term, const Lexeme& at) {
        if (m_tree.terms.size() == FilterLimits::terms)
            return fail(at.begin, "more than 1,000 terms",
                        "Use FIELD in (…), which takes 20,000 values.");
        out.kind = FilterNode::Kind::Term;
        out.term = static_cast<std::uint32_t>(m_tree.terms.size());
        m_tree.terms.push_back(std::move(term));
        return true;
    }

    bool read_field(const Lexeme& lexeme, FilterField& field) {
        if (lexeme.kind == Lexeme::Kind::Quoted)
            return fail(lexeme.begin, "expected a field before the operator, found a quoted text",
                        "Write $[" + filter_quoted(lexeme.text) + "] for a field of that name.");
        Result<FilterField> read = read_filter_field(lexeme.text, lexeme.begin);
        if (!read) {
            m_error = read.error();
            return false;
        }
        field = std::move(*read);
        if (field.kind == FilterFieldKind::Path && field.path.is_one_word())
            hint_at_field(lexeme);
        return true;
    }

    void hint_at_field(const Lexeme& lexeme) {
        std::vector<std::string_view> names;
        for (const FilterFieldInfo& info : filter_fields())
            names.push_back(info.name);
        const std::string_view meant = likely_meant(lexeme.text, names);
        if (!meant.empty() && !is_event_member(lexeme.text))
            m_tree.hints.push_back(
                {lexeme.begin, lexeme.size,
                 "'" + lexeme.text + "' is looked up in the event's JSON. Did you mean " +
                     std::string(meant) + "? Any JSON path is allowed: properties." + lexeme.text});
    }

    bool literal(FilterTerm& term) {
        const Lexeme& lexeme = peek();
        const bool value = lexeme.kind == Lexeme::Kind::Quoted ||
                           (lexeme.kind == Lexeme::Kind::Word && filter_word(lexeme.text).empty());
        if (!value)
            return unexpected("a value after " + std::string(operator_text(term.op)),
                              lexeme.kind == Lexeme::Kind::Word ? "Put the word in quotes."
                                                                : "Write a number or a text.");
        Result<FilterLiteral> read = read_filter_literal(term.field, term.op, lexeme, m_now);
        if (!read) {
            m_error = read.error();
            return false;
        }
        if (!read->quoted && read->kind == FilterLiteral::Kind::Text &&
            find_filter_field(lexeme.text) != nullptr)
            m_tree.hints.push_back(
                {lexeme.begin, lexeme.size,
                 "Compared with the text '" + lexeme.text + "', not with the field of that name."});
        read->begin = lexeme.begin;
        read->size = lexeme.size;
        term.literals.push_back(std::move(*read));
        ++m_at;
        return true;
    }

    /// What follows a value is a text to search for, unless it was meant to be part of the value.
    bool literal_ends(const FilterTerm& term) {
        if (peek().kind != Lexeme::Kind::Word || operator_at(1))
            return true;
        auto slip = value_in_two_words(term.field, term.literals.back(), peek(), peek(1));
        if (slip)
            m_error = std::move(*slip);
        return !slip;
    }

    bool list(FilterTerm& term) {
        if (peek().kind != Lexeme::Kind::Open)
            return unexpected("'(' after in", "Write in (a, b).");
        do {
            ++m_at;
            if (term.literals.size() == FilterLimits::list_members)
                return fail(peek().begin, "more than 20,000 values in a list",
                            "Split the list into several filters.");
            if (!literal(term))
                return false;
        } while (peek().kind == Lexeme::Kind::Comma);
        if (peek().kind != Lexeme::Kind::Close)
            return unexpected("',' or ')'", "Separate values by commas and close the list.");
        ++m_at;
        index(term);
        return true;
    }

    /// Long lists of ids are looked up, not walked.
    static void index(FilterTerm& term) {
        term.only_exact = true;
        for (const FilterLiteral& literal : term.literals) {
            if (literal.kind == FilterLiteral::Kind::Text && !literal.matcher.fold_case())
                term.exact.push_back(literal.written);
            else
                term.only_exact = false;
        }
        std::sort(term.exact.begin(), term.exact.end());
    }

    bool compile(FilterTerm& term) {
        const FilterLiteral& pattern = term.literals.front();
        RE2::Options options;
        options.set_log_errors(false);
        options.set_max_mem(FilterLimits::regex_bytes);
        options.set_case_sensitive(!pattern.matcher.fold_case());
        auto regex = std::make_shared<RE2>(pattern.written, options);
        if (!regex->ok()) {
            const std::size_t at = pattern.written.find(regex->error_arg());
            const std::size_t column = m_lexemes[m_at - 1].begin + (pattern.quoted ? 1 : 0) +
                                       (pattern.matcher.fold_case() ? 1 : 0) +
                                       (at == std::string::npos ? 0 : at);
            return fail(column, "not a regular expression: " + regex->error(),
                        "The syntax is RE2's; escape a sign that stands for itself with \\.");
        }
        term.regex = std::move(regex);
        return true;
    }

    std::vector<Lexeme> m_lexemes;
    Micros m_now;
    std::size_t m_at = 0;
    std::size_t m_operator = 0;
    FilterTree m_tree;
    Error m_error;
};

} // namespace

Error filter_error(std::size_t column, std::string what, std::string advice) {
    Error error;
    error.code = ErrorCode::Usage;
    error.what = std::move(what);
    error.where = "filter, column " + std::to_string(column + 1);
    error.advice = std::move(advice);
    error.column = static_cast<int>(column);
    return error;
}

Result<FilterTree> parse_filter(std::string_view text, Micros now) {
    if (text.size() > FilterLimits::text_bytes)
        return filter_error(FilterLimits::text_bytes, "the filter is longer than 1 MiB",
                            "Split it into several filters.");
    return Parser(text, now).run();
}

} // namespace weir
