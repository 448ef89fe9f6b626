// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/filter/filter_program.h"

#include <algorithm>

#include "models/event/filter/filter_compare.h"
#include "models/event/filter/filter_parser.h"

namespace weir {

namespace {

/// Rough cost of a term, in units of a comparison of numbers.
int cost(const FilterTerm& term) {
    if (term.op == FilterOperator::Search)
        return 40;
    const int text = term.op == FilterOperator::Matches ? 20 : 0;
    switch (term.field.kind) {
    case FilterFieldKind::Path:
        return 200 + text;
    case FilterFieldKind::Named:
        return (is_identity(term.field) ? 200 : 2) + text;
    case FilterFieldKind::Value:
        return 60 + text;
    case FilterFieldKind::Id:
        return term.op == FilterOperator::Equal || term.op == FilterOperator::In ? 3 : 200;
    case FilterFieldKind::Header:
    case FilterFieldKind::Stage:
        return 10 + text;
    case FilterFieldKind::SentTime: // of a stored row they are decoded again
    case FilterFieldKind::ReplayRun:
        return 300 + text;
    case FilterFieldKind::Violation: // the whole event is judged
        return 1'000 + text;
    default:
        return 1 + text;
    }
}

int cost(const FilterTree& tree, const FilterNode& node) {
    if (node.kind == FilterNode::Kind::Term)
        return cost(tree.terms[node.term]);
    int sum = 0;
    for (const FilterNode& child : node.children)
        sum += cost(tree, child);
    return sum;
}

bool looks_around(const FilterTerm& term) {
    const bool in_text = term.op == FilterOperator::Contains || term.op == FilterOperator::Matches;
    return term.op == FilterOperator::Search ||
           (in_text && term.field.kind == FilterFieldKind::Value);
}

} // namespace

FilterProgram::FilterProgram(std::string text, Micros now, FilterTree tree)
    : m_text(std::move(text))
    , m_canonical(weir::canonical_text(tree))
    , m_now(now)
    , m_tree(std::move(tree))
    , m_scope(filter_scope(m_tree, now))
    , m_literal(filter_literal(m_tree))
    , m_finder(m_literal.bytes, m_literal.fold_case) {
    m_entry = emit(m_tree.root, accept, reject);
    m_looks_around = std::any_of(m_tree.terms.begin(), m_tree.terms.end(), looks_around);
}

std::uint32_t FilterProgram::emit(const FilterNode& node, std::uint32_t on_true,
                                  std::uint32_t on_false) {
    switch (node.kind) {
    case FilterNode::Kind::All:
        return on_true;
    case FilterNode::Kind::Not:
        return emit(node.children.front(), on_false, on_true);
    case FilterNode::Kind::Term:
        m_steps.push_back({node.term, on_true, on_false});
        return static_cast<std::uint32_t>(m_steps.size() - 1);
    case FilterNode::Kind::And:
    case FilterNode::Kind::Or:
        break;
    }
    std::vector<const FilterNode*> dearest_first;
    for (const FilterNode& child : node.children)
        dearest_first.push_back(&child);
    std::stable_sort(dearest_first.begin(), dearest_first.end(),
                     [this](const FilterNode* a, const FilterNode* b) {
                         return cost(m_tree, *a) > cost(m_tree, *b);
                     });
    const bool all = node.kind == FilterNode::Kind::And;
    std::uint32_t entry = all ? on_true : on_false;
    for (const FilterNode* child : dearest_first)
        entry = all ? emit(*child, entry, on_false) : emit(*child, on_true, entry);
    return entry;
}

namespace {

enum class Answer { No, Perhaps, Yes };

Answer denied(Answer answer) {
    return answer == Answer::Perhaps ? answer : answer == Answer::Yes ? Answer::No : Answer::Yes;
}

/// Three-valued: what the place alone says; No is less than Perhaps is less than Yes.
Answer answer_in(const FilterTree& tree, const FilterNode& node, std::string_view topic,
                 PartitionId partition) {
    if (node.kind == FilterNode::Kind::All)
        return Answer::Yes;
    if (node.kind == FilterNode::Kind::Not)
        return denied(answer_in(tree, node.children.front(), topic, partition));
    if (node.kind == FilterNode::Kind::Term) {
        const FilterTerm& term = tree.terms[node.term];
        if (term.op == FilterOperator::Search)
            return Answer::Perhaps;
        bool yes = false;
        if (term.field.kind == FilterFieldKind::Topic)
            yes = satisfies(term, {FilterValue::Kind::Text, topic});
        else if (term.field.kind == FilterFieldKind::Partition)
            yes = satisfies(term, partition.value());
        else
            return Answer::Perhaps;
        return yes ? Answer::Yes : Answer::No;
    }
    const bool all = node.kind == FilterNode::Kind::And;
    Answer sum = all ? Answer::Yes : Answer::No;
    for (const FilterNode& child : node.children) {
        const Answer own = answer_in(tree, child, topic, partition);
        sum = all ? std::min(sum, own) : std::max(sum, own);
    }
    return sum;
}

} // namespace

bool FilterProgram::may_match_in(std::string_view topic, PartitionId partition) const {
    return !m_scope.nothing && answer_in(m_tree, m_tree.root, topic, partition) != Answer::No;
}

bool FilterProgram::asks_for_violations() const {
    const auto asks = [](const FilterTerm& term) {
        return term.op != FilterOperator::Search && term.field.kind == FilterFieldKind::Violation;
    };
    return std::any_of(m_tree.terms.begin(), m_tree.terms.end(), asks);
}

std::vector<FilterHint> FilterProgram::violations_named() const {
    std::vector<FilterHint> named;
    for (const FilterTerm& term : m_tree.terms) {
        const bool whole = term.op == FilterOperator::Equal ||
                           term.op == FilterOperator::NotEqual || term.op == FilterOperator::In;
        if (!whole || term.field.kind != FilterFieldKind::Violation)
            continue;
        for (const FilterLiteral& literal : term.literals)
            named.push_back({literal.begin, literal.size, literal.written});
    }
    return named;
}

std::vector<FilterSubject> FilterProgram::subjects() const {
    using Kind = FilterFieldKind;
    std::vector<FilterSubject> subjects;
    for (const FilterTerm& term : m_tree.terms) {
        const FilterField& field = term.field;
        if (term.op == FilterOperator::Search) {
            FilterSubject text;
            text.anywhere = true;
            subjects.push_back(std::move(text));
            continue;
        }
        const bool of_event = field.kind == Kind::Path || field.kind == Kind::Named ||
                              field.kind == Kind::Id || field.kind == Kind::Key ||
                              field.kind == Kind::Header;
        if (of_event)
            subjects.push_back({field.kind, field.kind == Kind::Id ? "id" : field.name, field.path,
                                field.text(), term.op != FilterOperator::Exists});
    }
    return subjects;
}

Result<std::shared_ptr<const Filter>> Filter::parse(std::string_view text, Micros now) {
    Result<FilterTree> tree = parse_filter(text, now);
    if (!tree)
        return tree.error();
    return std::shared_ptr<const Filter>(
        std::make_shared<FilterProgram>(std::string(text), now, std::move(*tree)));
}

std::string both_filters(const std::string& first, const std::string& second) {
    const auto part = [](const std::string& text) {
        const Result<FilterTree> tree = parse_filter(text, Micros(0));
        if (tree && tree->root.kind == FilterNode::Kind::All)
            return std::string();
        return !tree || tree->root.kind == FilterNode::Kind::Or ? '(' + text + ')' : text;
    };
    const std::string left = part(first);
    const std::string right = part(second);
    return left.empty() ? second : right.empty() ? first : left + " and " + right;
}

} // namespace weir
