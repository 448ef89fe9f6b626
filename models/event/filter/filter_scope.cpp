// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "models/event/filter/filter_compare.h"
#include "models/event/filter/filter_program.h"

namespace weir {

namespace {

constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();

/// first..last, both inclusive.
struct Range {
    std::int64_t first = lowest;
    std::int64_t last = highest;
    bool empty() const { return first > last; }
};

template <class T>
using Choice = std::optional<std::vector<T>>; // sorted; nullopt: any

/// A condition that every match fulfils, in a shape that and/or can join.
struct Bounds {
    Choice<std::string> topics;
    Choice<std::int32_t> partitions;
    Choice<std::string> keys;
    Range offset;
    Range time;
    bool nothing = false;
};

template <class T>
void intersect(Choice<T>& own, const Choice<T>& other) {
    if (!other)
        return;
    if (!own) {
        own = other;
        return;
    }
    std::vector<T> both;
    std::set_intersection(own->begin(), own->end(), other->begin(), other->end(),
                          std::back_inserter(both));
    own = std::move(both);
}

template <class T>
void unite(Choice<T>& own, const Choice<T>& other) {
    if (!own || !other) {
        own.reset();
        return;
    }
    std::vector<T> either;
    std::set_union(own->begin(), own->end(), other->begin(), other->end(),
                   std::back_inserter(either));
    own = std::move(either);
}

template <class T>
bool impossible(const Choice<T>& choice) {
    return choice && choice->empty();
}

void intersect(Bounds& own, const Bounds& other) {
    intersect(own.topics, other.topics);
    intersect(own.partitions, other.partitions);
    intersect(own.keys, other.keys);
    for (Range Bounds::*range : {&Bounds::offset, &Bounds::time}) {
        (own.*range).first = std::max((own.*range).first, (other.*range).first);
        (own.*range).last = std::min((own.*range).last, (other.*range).last);
    }
    own.nothing = own.nothing || other.nothing || impossible(own.topics) ||
                  impossible(own.partitions) || impossible(own.keys) || own.offset.empty() ||
                  own.time.empty();
}

void unite(Bounds& own, const Bounds& other) {
    if (other.nothing)
        return;
    if (own.nothing) {
        own = other;
        return;
    }
    unite(own.topics, other.topics);
    unite(own.partitions, other.partitions);
    unite(own.keys, other.keys);
    for (Range Bounds::*range : {&Bounds::offset, &Bounds::time}) {
        (own.*range).first = std::min((own.*range).first, (other.*range).first);
        (own.*range).last = std::max((own.*range).last, (other.*range).last);
    }
}

/// The exact texts that the term allows, if it names them.
Choice<std::string> named_texts(const FilterTerm& term) {
    if (term.op != FilterOperator::Equal && term.op != FilterOperator::In)
        return std::nullopt;
    std::vector<std::string> texts;
    for (const FilterLiteral& literal : term.literals) {
        const bool spelled =
            (literal.kind == FilterLiteral::Kind::Text && !literal.matcher.fold_case()) ||
            (literal.kind == FilterLiteral::Kind::Number && is_identity(term.field));
        if (!spelled)
            return std::nullopt;
        texts.push_back(literal.written);
    }
    std::sort(texts.begin(), texts.end());
    texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
    return texts;
}

Range range_of(const FilterTerm& term) {
    Range range;
    if (term.op == FilterOperator::Exists || term.op == FilterOperator::NotEqual)
        return range;
    std::vector<std::int64_t> values;
    for (const FilterLiteral& literal : term.literals)
        values.push_back(literal.integer);
    const auto [least, greatest] = std::minmax_element(values.begin(), values.end());
    const bool equal = term.op == FilterOperator::Equal || term.op == FilterOperator::In;
    if (equal || term.op == FilterOperator::Greater || term.op == FilterOperator::GreaterEqual)
        range.first = *least;
    if (equal || term.op == FilterOperator::Less || term.op == FilterOperator::LessEqual)
        range.last = *greatest;
    if ((term.op == FilterOperator::Greater && range.first == highest) ||
        (term.op == FilterOperator::Less && range.last == lowest))
        return {highest, lowest};
    range.first += term.op == FilterOperator::Greater ? 1 : 0;
    range.last -= term.op == FilterOperator::Less ? 1 : 0;
    return range;
}

/// age in range ⇔ time in [now - last, now - first].
Range time_of_age(Range age, Micros now) {
    Range time;
    if (age.last != highest && __builtin_sub_overflow(now.value(), age.last, &time.first))
        time.first = lowest;
    if (age.first != lowest && __builtin_sub_overflow(now.value(), age.first, &time.last))
        time.last = highest;
    return time;
}

Bounds bounds_of(const FilterTerm& term, Micros now) {
    Bounds bounds;
    if (term.op == FilterOperator::Search)
        return bounds;
    switch (term.field.kind) {
    case FilterFieldKind::Topic:
        bounds.topics = named_texts(term);
        break;
    case FilterFieldKind::Key:
        bounds.keys = named_texts(term);
        break;
    case FilterFieldKind::OffsetNumber:
        bounds.offset = range_of(term);
        break;
    case FilterFieldKind::Time:
        bounds.time = range_of(term);
        break;
    case FilterFieldKind::Age:
        bounds.time = time_of_age(range_of(term), now);
        break;
    case FilterFieldKind::Partition:
        if (term.op == FilterOperator::Equal || term.op == FilterOperator::In) {
            bounds.partitions.emplace();
            for (const FilterLiteral& literal : term.literals) {
                if (literal.integer >= 0 && literal.integer <= 0x7FFFFFFF)
                    bounds.partitions->push_back(static_cast<std::int32_t>(literal.integer));
            }
            std::sort(bounds.partitions->begin(), bounds.partitions->end());
        }
        break;
    default:
        break;
    }
    Bounds whole;
    intersect(whole, bounds);
    return whole;
}

/// `not`: a term's denial bounds nothing (a record without a time is not before any time either);
/// of a denied `and` the denials are alternatives, and the other way round.
Bounds bounds_of(const FilterTree& tree, const FilterNode& node, bool denied, Micros now) {
    switch (node.kind) {
    case FilterNode::Kind::All: {
        Bounds all;
        all.nothing = denied;
        return all;
    }
    case FilterNode::Kind::Term:
        return denied ? Bounds() : bounds_of(tree.terms[node.term], now);
    case FilterNode::Kind::Not:
        return bounds_of(tree, node.children.front(), !denied, now);
    case FilterNode::Kind::And:
    case FilterNode::Kind::Or:
        break;
    }
    const bool all = (node.kind == FilterNode::Kind::And) != denied;
    Bounds sum = bounds_of(tree, node.children.front(), denied, now);
    for (std::size_t i = 1; i < node.children.size(); ++i) {
        const Bounds child = bounds_of(tree, node.children[i], denied, now);
        if (all)
            intersect(sum, child);
        else
            unite(sum, child);
    }
    return sum;
}

} // namespace

FilterScope filter_scope(const FilterTree& tree, Micros now) {
    Bounds bounds = bounds_of(tree, tree.root, false, now);
    FilterScope scope;
    scope.nothing = bounds.nothing;
    scope.topics = std::move(bounds.topics);
    scope.keys = std::move(bounds.keys);
    if (bounds.partitions) {
        scope.partitions.emplace();
        for (const std::int32_t number : *bounds.partitions)
            scope.partitions->push_back(PartitionId(number));
    }
    if (bounds.offset.first != lowest)
        scope.offset_from = Offset(bounds.offset.first);
    if (bounds.offset.last != highest)
        scope.offset_to = Offset(bounds.offset.last + 1);
    if (bounds.time.first != lowest)
        scope.time_from = Micros(bounds.time.first);
    if (bounds.time.last != highest)
        scope.time_to = Micros(bounds.time.last + 1);
    return scope;
}

} // namespace weir
