// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/schema/same_schema.h"

#include <algorithm>
#include <set>
#include <utility>

#include "models/contract/schema/json_values.h"

namespace weir::schema {

namespace {

bool same_pattern(const std::shared_ptr<const EcmaPattern>& a,
                  const std::shared_ptr<const EcmaPattern>& b) {
    return (a == nullptr) == (b == nullptr) && (a == nullptr || a->text() == b->text());
}

bool same_strings(const StringRules& a, const StringRules& b) {
    return a.length_min == b.length_min && a.length_max == b.length_max &&
           same_pattern(a.pattern, b.pattern) && a.format == b.format && a.base64 == b.base64 &&
           a.json == b.json;
}

bool same_numbers(const NumberRules& a, const NumberRules& b) {
    const auto same_limit = [](const Limit& x, const Limit& y) {
        return x.kind == y.kind && x.bound.compare(y.bound.text()) == 0;
    };
    const bool multiples = a.multiple_of.has_value() == b.multiple_of.has_value() &&
                           (!a.multiple_of || (a.multiple_of->divides(b.multiple_of->text()) &&
                                               b.multiple_of->divides(a.multiple_of->text())));
    return multiples && std::equal(a.limits.begin(), a.limits.end(), b.limits.begin(),
                                   b.limits.end(), same_limit);
}

bool same_values(const EnumRules& a, const EnumRules& b) {
    return a.is_const == b.is_const && json_equal(a.origin.document->tape, a.origin.node,
                                                  b.origin.document->tape, b.origin.node);
}

/// Whether both lists have the same by name, in whatever order; names are there once.
template <class Item, class Name, class Same>
bool same_by_name(const std::vector<Item>& a, const std::vector<Item>& b, Name name, Same same) {
    return a.size() == b.size() && std::all_of(a.begin(), a.end(), [&](const Item& one) {
               const auto other = std::find_if(b.begin(), b.end(), [&](const Item& candidate) {
                   return name(candidate) == name(one);
               });
               return other != b.end() && same(one, *other);
           });
}

/// One question; what has been asked within it is taken for true, as it is unless a "no" ends all.
class Sameness {
  public:
    Sameness(const Program& a, const Program& b)
        : m_a(a)
        , m_b(b) {}
    bool schemas(SchemaId a, SchemaId b);
    bool lists(const std::vector<SchemaId>& a, const std::vector<SchemaId>& b) {
        return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                          [this](SchemaId x, SchemaId y) { return schemas(x, y); });
    }
    bool further_members(const ObjectRules& a, const ObjectRules& b);
    bool dependencies(const ObjectRules::Dependency& a, const ObjectRules::Dependency& b) {
        return a.name == b.name && a.names == b.names && schemas(a.schema, b.schema);
    }

  private:
    template <class Rules, class Same>
    static bool tables(std::uint32_t a, const std::vector<Rules>& of_a, std::uint32_t b,
                       const std::vector<Rules>& of_b, Same same) {
        if (a == no_rules || b == no_rules)
            return a == b;
        return same(of_a[a], of_b[b]);
    }
    bool objects(const ObjectRules& a, const ObjectRules& b);
    bool arrays(const ArrayRules& a, const ArrayRules& b);
    bool any(const AnyRules& a, const AnyRules& b);

    const Program& m_a;
    const Program& m_b;
    std::set<std::pair<SchemaId, SchemaId>> m_asked;
};

bool Sameness::further_members(const ObjectRules& a, const ObjectRules& b) {
    using ByPattern = ObjectRules::ByPattern;
    return schemas(a.additional, b.additional) &&
           same_by_name(
               a.patterns, b.patterns, [](const ByPattern& one) { return one.pattern->text(); },
               [this](const ByPattern& x, const ByPattern& y) {
                   return schemas(x.schema, y.schema);
               });
}

bool Sameness::objects(const ObjectRules& a, const ObjectRules& b) {
    const auto& entries_a = a.properties.entries();
    const auto& entries_b = b.properties.entries();
    if (entries_a.size() != entries_b.size() || a.size_min != b.size_min ||
        a.size_max != b.size_max || !schemas(a.names, b.names))
        return false;
    for (const PropertyTable::Entry& entry : entries_a) {
        const std::size_t at = b.properties.find(entry.name, entries_b.size());
        if (at == entries_b.size() ||
            (entry.required == no_limit) != (entries_b[at].required == no_limit) ||
            !schemas(entry.schema, entries_b[at].schema))
            return false;
    }
    using Dependency = ObjectRules::Dependency;
    return further_members(a, b) &&
           same_by_name(
               a.dependencies, b.dependencies, [](const Dependency& one) { return one.name; },
               [this](const Dependency& x, const Dependency& y) { return dependencies(x, y); });
}

bool Sameness::arrays(const ArrayRules& a, const ArrayRules& b) {
    return a.size_min == b.size_min && a.size_max == b.size_max && a.unique == b.unique &&
           lists(a.first, b.first) && schemas(a.rest, b.rest) && schemas(a.contains, b.contains);
}

bool Sameness::any(const AnyRules& a, const AnyRules& b) {
    const auto same_lists = [this](const auto& x, const auto& y) { return lists(x, y); };
    return std::equal(a.enums.begin(), a.enums.end(), b.enums.begin(), b.enums.end(),
                      same_values) &&
           lists(a.all_of, b.all_of) &&
           std::equal(a.any_of.begin(), a.any_of.end(), b.any_of.begin(), b.any_of.end(),
                      same_lists) &&
           std::equal(a.one_of.begin(), a.one_of.end(), b.one_of.begin(), b.one_of.end(),
                      same_lists) &&
           schemas(a.not_this, b.not_this) && schemas(a.condition, b.condition) &&
           schemas(a.then, b.then) && schemas(a.otherwise, b.otherwise);
}

bool Sameness::schemas(SchemaId a, SchemaId b) {
    const bool simple_a = a == no_schema || a <= accept_none;
    const bool simple_b = b == no_schema || b <= accept_none;
    if (simple_a || simple_b)
        return a == b;
    if (&m_a == &m_b && a == b)
        return true;
    if (m_asked.size() >= same_schema_pairs_max)
        return false;
    if (!m_asked.insert({a, b}).second)
        return true;
    const SchemaNode& x = m_a.schemas[a];
    const SchemaNode& y = m_b.schemas[b];
    return x.types == y.types && x.whole_by_spelling == y.whole_by_spelling &&
           tables(x.string, m_a.strings, y.string, m_b.strings, same_strings) &&
           tables(x.number, m_a.numbers, y.number, m_b.numbers, same_numbers) &&
           tables(x.object, m_a.objects, y.object, m_b.objects,
                  [this](const auto& l, const auto& r) { return objects(l, r); }) &&
           tables(x.array, m_a.arrays, y.array, m_b.arrays,
                  [this](const auto& l, const auto& r) { return arrays(l, r); }) &&
           tables(x.any, m_a.any, y.any, m_b.any,
                  [this](const auto& l, const auto& r) { return any(l, r); });
}

} // namespace

bool same_schema(const Program& a, SchemaId id_a, const Program& b, SchemaId id_b) {
    return Sameness(a, b).schemas(id_a, id_b);
}

bool same_schemas(const SchemaList& a, const SchemaList& b) {
    return Sameness(a.program, b.program).lists(a.ids, b.ids);
}

bool same_further_members(const Program& a, const ObjectRules& rules_a, const Program& b,
                          const ObjectRules& rules_b) {
    return Sameness(a, b).further_members(rules_a, rules_b);
}

bool same_dependency(const Program& a, const ObjectRules::Dependency& one_a, const Program& b,
                     const ObjectRules::Dependency& one_b) {
    return Sameness(a, b).dependencies(one_a, one_b);
}

} // namespace weir::schema
