// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/filter/filter_tree.h"

#include <array>

#include "models/event/filter/filter.h"

namespace weir {

namespace {

std::string literal_text(const FilterLiteral& literal) {
    if (literal.kind != FilterLiteral::Kind::Text && !literal.quoted)
        return literal.written;
    return (literal.matcher.fold_case() ? "i" : "") + filter_quoted(literal.written);
}

std::string term_text(const FilterTerm& term) {
    if (term.op == FilterOperator::Search)
        return filter_quoted(term.literals.front().written);
    std::string out = term.field.text() + ' ' + std::string(operator_text(term.op));
    if (term.op == FilterOperator::Exists)
        return out;
    if (term.op != FilterOperator::In)
        return out + ' ' + literal_text(term.literals.front());
    out += " (";
    for (std::size_t i = 0; i < term.literals.size(); ++i)
        out += (i > 0 ? ", " : "") + literal_text(term.literals[i]);
    return out + ')';
}

/// How tightly a node holds together: what binds looser than its parent needs brackets.
int strength(const FilterNode& node) {
    switch (node.kind) {
    case FilterNode::Kind::Or:
        return 0;
    case FilterNode::Kind::And:
        return 1;
    case FilterNode::Kind::Not:
        return 2;
    default:
        return 3;
    }
}

std::string node_text(const FilterTree& tree, const FilterNode& node) {
    const auto child_text = [&](const FilterNode& child) {
        const std::string text = node_text(tree, child);
        const bool loose = strength(child) < strength(node) ||
                           (child.kind == node.kind && node.kind != FilterNode::Kind::Not);
        return loose ? '(' + text + ')' : text;
    };
    switch (node.kind) {
    case FilterNode::Kind::All:
        return {};
    case FilterNode::Kind::Term:
        return term_text(tree.terms[node.term]);
    case FilterNode::Kind::Not:
        return "not " + child_text(node.children.front());
    case FilterNode::Kind::And:
    case FilterNode::Kind::Or:
        break;
    }
    std::string out;
    for (const FilterNode& child : node.children) {
        if (!out.empty())
            out += node.kind == FilterNode::Kind::And ? " and " : " or ";
        out += child_text(child);
    }
    return out;
}

} // namespace

std::string FilterField::text() const {
    if (kind == FilterFieldKind::Path)
        return path.text();
    if (kind == FilterFieldKind::Header)
        return "header[" + filter_quoted(name) + ']';
    return name;
}

std::string_view operator_text(FilterOperator op) {
    static constexpr std::array<std::string_view, 13> texts{
        "",   "==",       "!=",         "<",        "<=",      ">",     ">=",
        "in", "contains", "startsWith", "endsWith", "matches", "exists"};
    return texts[static_cast<std::size_t>(op)];
}

std::string canonical_text(const FilterTree& tree) {
    return node_text(tree, tree.root);
}

} // namespace weir
