// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/schema/demand.h"

#include <algorithm>

#include "models/contract/schema/json_schema.h"

namespace weir::schema {

Demand demand_of(const Program& program, std::vector<SchemaId> roots) {
    Demand view{&program, {}, {}, false};
    while (!roots.empty()) {
        const SchemaId id = roots.back();
        roots.pop_back();
        if (id == accept_all || std::find(view.ids.begin(), view.ids.end(), id) != view.ids.end())
            continue;
        view.ids.push_back(id);
        const std::uint32_t any = program.schemas[id].any;
        if (any != no_rules)
            roots.insert(roots.end(), program.any[any].all_of.begin(),
                         program.any[any].all_of.end());
    }
    std::sort(view.ids.begin(), view.ids.end());
    return view;
}

namespace {

template <class Rules>
std::vector<const Rules*> rules_in(const Demand& view, std::uint32_t SchemaNode::*index,
                                   const std::vector<Rules>& table) {
    std::vector<const Rules*> all;
    for (const SchemaId id : view.ids)
        if (view.program->schemas[id].*index != no_rules)
            all.push_back(&table[view.program->schemas[id].*index]);
    return all;
}

} // namespace

std::vector<const ObjectRules*> objects(const Demand& v) {
    return rules_in(v, &SchemaNode::object, v.program->objects);
}
std::vector<const ArrayRules*> arrays(const Demand& v) {
    return rules_in(v, &SchemaNode::array, v.program->arrays);
}
std::vector<const StringRules*> strings(const Demand& v) {
    return rules_in(v, &SchemaNode::string, v.program->strings);
}
std::vector<const NumberRules*> numbers(const Demand& v) {
    return rules_in(v, &SchemaNode::number, v.program->numbers);
}
std::vector<const AnyRules*> anys(const Demand& v) {
    return rules_in(v, &SchemaNode::any, v.program->any);
}

std::uint8_t types_of(const Demand& view, int levels) {
    std::uint8_t types = type_any;
    for (const SchemaId id : view.ids)
        types = static_cast<std::uint8_t>(types & view.program->schemas[id].types);
    for (const AnyRules* rules : anys(view)) {
        for (const EnumRules& values : rules->enums) {
            std::uint8_t some = values.containers.empty() ? 0 : type_object | type_array;
            if (!values.strings.empty())
                some = static_cast<std::uint8_t>(some | type_string);
            if (!values.numbers.empty())
                some = static_cast<std::uint8_t>(some | type_number);
            if (values.allow_true || values.allow_false)
                some = static_cast<std::uint8_t>(some | type_boolean);
            if (values.allow_null)
                some = static_cast<std::uint8_t>(some | type_null);
            types = static_cast<std::uint8_t>(types & some);
        }
        if (levels == 0)
            continue;
        for (const auto* lists : {&rules->any_of, &rules->one_of}) {
            for (const auto& list : *lists) {
                std::uint8_t some = 0;
                for (const SchemaId id : list)
                    some = static_cast<std::uint8_t>(
                        some | types_of(demand_of(*view.program, {id}), levels - 1));
                types = static_cast<std::uint8_t>(types & some);
            }
        }
    }
    return types;
}

namespace {

/// Of a member with that name (null: one that nothing names) and those patterns that `fits` takes.
template <class Fits>
Demand demand_below(const Demand& view, const std::string* name, const Fits& fits) {
    std::vector<SchemaId> ids;
    bool declared = false;
    for (const ObjectRules* rules : objects(view)) {
        const std::size_t before = ids.size();
        if (name != nullptr)
            for (const auto& entry : rules->properties.entries())
                if (entry.name == *name && entry.schema != no_schema)
                    ids.push_back(entry.schema);
        for (const auto& one : rules->patterns)
            if (fits(*one.pattern))
                ids.push_back(one.schema);
        const bool known = ids.size() > before;
        if (!known)
            ids.push_back(rules->additional);
        declared = declared || known || rules->additional != accept_all;
    }
    Demand member = demand_of(*view.program, std::move(ids));
    member.undeclared = !declared;
    return member;
}

} // namespace

Demand member_demand(const Demand& view, const std::string& name) {
    return demand_below(view, &name,
                        [&](const EcmaPattern& pattern) { return pattern.found_in(name); });
}

Demand further_demand(const Demand& view, const std::vector<std::string>& patterns) {
    return demand_below(view, nullptr, [&](const EcmaPattern& pattern) {
        return std::find(patterns.begin(), patterns.end(), pattern.text()) != patterns.end();
    });
}

Demand element_demand(const Demand& view, std::size_t index) {
    std::vector<SchemaId> ids;
    for (const ArrayRules* rules : arrays(view))
        ids.push_back(index < rules->first.size() ? rules->first[index] : rules->rest);
    return demand_of(*view.program, std::move(ids));
}

bool never(const Demand& view) {
    return std::find(view.ids.begin(), view.ids.end(), accept_none) != view.ids.end();
}

namespace {

/// Whether one of the demand's lists of values has none that the other takes.
bool no_value_fits(const Demand& listed, const Demand& other) {
    for (const AnyRules* rules : anys(listed)) {
        for (const EnumRules& values : rules->enums) {
            const bool fits = any_value(values, [&](const JsonTape& value) {
                SchemaValidator validator;
                return std::all_of(other.ids.begin(), other.ids.end(), [&](SchemaId id) {
                    return validator.accepts(*other.program, id, value);
                });
            });
            if (!fits)
                return true;
        }
    }
    return false;
}

/// Whether a member that one of them requires cannot be as both demand it.
bool member_differs(const Demand& a, const Demand& b, int levels) {
    for (const Demand* demand : {&a, &b})
        for (const ObjectRules* rules : objects(*demand))
            for (const std::uint32_t entry : rules->required) {
                const std::string& name = rules->properties.entries()[entry].name;
                if (are_disjoint(member_demand(a, name), member_demand(b, name), levels))
                    return true;
            }
    return false;
}

} // namespace

bool any_value(const EnumRules& values, const std::function<bool(const JsonTape&)>& test) {
    const JsonTape& tape = values.origin.document->tape;
    const std::uint32_t root = values.origin.node;
    const std::uint32_t end = tape.nodes()[root].next;
    for (std::uint32_t i = values.is_const ? root : root + 1; i < end; i = tape.nodes()[i].next) {
        const std::string text(tape.raw_quoted(i));
        JsonTape value;
        if (value.parse(text) && test(value))
            return true;
    }
    return false;
}

bool are_disjoint(const Demand& a, const Demand& b, int levels) {
    const auto both = static_cast<std::uint8_t>(types_of(a, levels) & types_of(b, levels));
    if (never(a) || never(b) || both == 0 || no_value_fits(a, b) || no_value_fits(b, a))
        return true;
    return both == type_object && levels > 0 && member_differs(a, b, levels - 1);
}

} // namespace weir::schema
