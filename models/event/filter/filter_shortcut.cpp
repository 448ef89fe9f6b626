// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "models/event/filter/filter_compare.h"
#include "models/event/filter/filter_program.h"
#include "models/event/sighting.h"

namespace weir {

namespace {

using ByteLiteral = Filter::Literal;

/// Of text that ignores case only a run of ASCII is certain to stand in the bytes as it is.
ByteLiteral literal_of(const FilterLiteral& literal) {
    if (literal.kind != FilterLiteral::Kind::Text)
        return {};
    if (!literal.matcher.fold_case())
        return {literal.written, false};
    return {std::string(longest_ascii_run(literal.written)), true};
}

/// A UUID's last twelve digits stand together in every spelling.
ByteLiteral literal_of_id(const FilterLiteral& literal) {
    if (literal.kind != FilterLiteral::Kind::Text && literal.kind != FilterLiteral::Kind::Number)
        return {};
    std::array<std::uint8_t, 16> bytes{};
    if (!parse_uuid(literal.written, bytes))
        return literal.matcher.fold_case() ? literal_of(literal)
                                           : ByteLiteral{literal.written, false};
    std::string digits;
    for (const char c : literal.written) {
        if (c != '-' && c != '{' && c != '}')
            digits.push_back(c);
    }
    return {digits.substr(digits.size() - 12), true};
}

/// The last member's name in quotes: a value that is there has its name before it.
ByteLiteral literal_of_name(const JsonPath& path) {
    for (auto step = path.steps.rbegin(); step != path.steps.rend(); ++step) {
        if (step->kind == JsonPathStep::Kind::Member) {
            const bool plain = step->name.find_first_of("\"\\") == std::string::npos &&
                               std::all_of(step->name.begin(), step->name.end(), [](char c) {
                                   return static_cast<unsigned char>(c) >= 0x20;
                               });
            return plain ? ByteLiteral{'"' + step->name + '"', false} : ByteLiteral{};
        }
    }
    return {};
}

bool is_text_in_bytes(const FilterTerm& term) {
    switch (term.op) {
    case FilterOperator::Search:
    case FilterOperator::Equal:
    case FilterOperator::Contains:
    case FilterOperator::StartsWith:
    case FilterOperator::EndsWith:
        return true;
    case FilterOperator::In:
        return term.literals.size() == 1;
    default:
        return false;
    }
}

/// Fields that a dialect finds within a dead letter's event, and the workspace's dimensions. Words
/// and paths see the letter as it is written.
bool may_be_of_event(const FilterTerm& term) {
    const FilterField& field = term.field;
    if (term.op == FilterOperator::Search)
        return false;
    return field.kind == FilterFieldKind::Id || field.kind == FilterFieldKind::Named ||
           (field.kind == FilterFieldKind::Path && field.path.is_one_word());
}

ByteLiteral literal_of(const FilterTerm& term) {
    ByteLiteral best;
    if (is_text_in_bytes(term)) {
        const FilterLiteral& literal = term.literals.front();
        const FilterFieldKind kind = term.field.kind;
        const bool in_bytes = term.op == FilterOperator::Search || kind == FilterFieldKind::Path ||
                              kind == FilterFieldKind::Key || kind == FilterFieldKind::Value ||
                              kind == FilterFieldKind::Header || is_identity(term.field);
        // Values of dimensions and the like may be made by the decoder: not in the bytes.
        if (kind == FilterFieldKind::Id &&
            (term.op == FilterOperator::Equal || term.op == FilterOperator::In))
            best = literal_of_id(literal);
        else if (in_bytes)
            best = literal_of(literal);
    }
    const bool named = term.op != FilterOperator::Search &&
                       term.field.kind == FilterFieldKind::Path && term.field.path.steps.size() > 1;
    if (best.bytes.size() < 2 && named)
        return literal_of_name(term.field.path);
    best.of_event = may_be_of_event(term);
    return best;
}

ByteLiteral literal_of(const FilterTree& tree, const FilterNode& node) {
    if (node.kind == FilterNode::Kind::Term)
        return literal_of(tree.terms[node.term]);
    ByteLiteral best;
    if (node.kind == FilterNode::Kind::And) {
        for (const FilterNode& child : node.children) {
            ByteLiteral own = literal_of(tree, child);
            if (own.bytes.size() > best.bytes.size())
                best = std::move(own);
        }
    }
    return best; // or, not: none
}

} // namespace

Filter::Literal filter_literal(const FilterTree& tree) {
    return literal_of(tree, tree.root);
}

} // namespace weir
