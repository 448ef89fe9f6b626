// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The compiler's part about objects and about values of any kind.
#include <algorithm>
#include <cstring>

#include "models/contract/schema/compiler.h"

namespace weir::schema {

namespace {

std::uint64_t name_hash(std::string_view name) {
    std::uint64_t front = 0;
    std::uint64_t back = 0;
    const std::size_t n = std::min<std::size_t>(name.size(), 8);
    std::memcpy(&front, name.data(), n);
    std::memcpy(&back, name.data() + (name.size() - n), n);
    std::uint64_t hash = (front ^ (name.size() << 56)) * 0x9E3779B97F4A7C15ULL;
    hash ^= (back + (hash >> 32)) * 0xC2B2AE3D27D4EB4FULL;
    return hash ^ (hash >> 29);
}

} // namespace

PropertyTable::Entry& PropertyTable::entry(std::string_view name) {
    const auto found = std::find_if(m_entries.begin(), m_entries.end(),
                                    [&](const Entry& entry) { return entry.name == name; });
    if (found != m_entries.end())
        return *found;
    m_entries.push_back({std::string(name)});
    return m_entries.back();
}

void PropertyTable::seal() {
    if (m_entries.empty())
        return;
    std::size_t size = 4;
    while (size < m_entries.size() * 2)
        size *= 2;
    m_slots.assign(size, 0);
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        std::size_t slot = name_hash(m_entries[i].name) & (size - 1);
        while (m_slots[slot] != 0)
            slot = (slot + 1) & (size - 1);
        m_slots[slot] = static_cast<std::uint32_t>(i + 1);
    }
}

std::size_t PropertyTable::find_by_hash(std::string_view name) const {
    const std::size_t mask = m_slots.size() - 1;
    for (std::size_t slot = name_hash(name) & mask; m_slots[slot] != 0; slot = (slot + 1) & mask)
        if (m_entries[m_slots[slot] - 1].name == name)
            return m_slots[slot] - 1;
    return m_entries.size();
}

void Compiler::read_properties(const Reading& in, ObjectRules& rules) {
    const auto& nodes = in.tape->nodes();
    const auto is_object = [&](const std::optional<std::uint32_t>& node) {
        return node && nodes[*node].kind == JsonKind::Object;
    };
    if (const auto node = in.keyword("properties"); is_object(node)) {
        for (std::uint32_t key = *node + 1; key < nodes[*node].next; key = nodes[key + 1].next) {
            const SchemaId schema = schema_at(in, key + 1);
            rules.properties.entry(in.tape->unescaped(key)).schema = schema;
        }
    }
    if (const auto node = in.keyword("required"); node && nodes[*node].kind == JsonKind::Array) {
        for (std::uint32_t i = *node + 1; i < nodes[*node].next; i = nodes[i].next) {
            if (nodes[i].kind != JsonKind::String)
                return fail(in, i, ErrorCode::Config, "required lists names");
            auto& entry = rules.properties.entry(in.tape->unescaped(i));
            if (entry.required != no_limit)
                continue;
            entry.required = static_cast<std::uint32_t>(rules.required.size());
            rules.required.push_back(
                static_cast<std::uint32_t>(&entry - rules.properties.entries().data()));
        }
    }
    if (const auto node = in.keyword("patternProperties"); is_object(node)) {
        for (std::uint32_t key = *node + 1; key < nodes[*node].next; key = nodes[key + 1].next)
            if (auto pattern = pattern_at(in, key))
                rules.patterns.push_back({std::move(pattern), schema_at(in, key + 1)});
    }
}

void Compiler::read_dependencies(const Reading& in, std::uint32_t node, ObjectRules& rules) {
    const auto& nodes = in.tape->nodes();
    if (nodes[node].kind != JsonKind::Object)
        return fail(in, node, ErrorCode::Config, "dependencies must be an object");
    for (std::uint32_t key = node + 1; key < nodes[node].next; key = nodes[key + 1].next) {
        ObjectRules::Dependency dependency;
        dependency.name = in.tape->unescaped(key);
        const std::uint32_t value = key + 1;
        if (nodes[value].kind == JsonKind::Array) {
            for (std::uint32_t i = value + 1; i < nodes[value].next; i = nodes[i].next) {
                if (nodes[i].kind != JsonKind::String)
                    return fail(in, i, ErrorCode::Config, "a dependency lists names");
                dependency.names.push_back(in.tape->unescaped(i));
            }
        } else {
            dependency.schema = schema_at(in, value);
        }
        rules.dependencies.push_back(std::move(dependency));
    }
}

void Compiler::read_object(const Reading& in, SchemaNode& out) {
    ObjectRules rules;
    bool any = read_count(in, "minProperties", rules.size_min);
    any = read_count(in, "maxProperties", rules.size_max) || any;
    read_properties(in, rules);
    if (const auto node = in.keyword("additionalProperties")) {
        const JsonKind kind = in.tape->nodes()[*node].kind;
        rules.additional = kind == JsonKind::False  ? accept_none
                           : kind == JsonKind::True ? accept_all
                                                    : schema_at(in, *node);
        any = any || rules.additional != accept_all;
    }
    if (const auto node = in.keyword("dependencies")) {
        read_dependencies(in, *node, rules);
        any = true;
    }
    if (const auto node = in.keyword("propertyNames"); node && in.draft >= 6) {
        rules.names = schema_at(in, *node);
        any = any || rules.names != accept_all;
    }
    any = any || !rules.properties.entries().empty() || !rules.patterns.empty();
    if (!any)
        return;
    rules.properties.seal();
    m_program->objects.push_back(std::move(rules));
    out.object = static_cast<std::uint32_t>(m_program->objects.size() - 1);
}

void Compiler::read_enum(const Reading& in, std::uint32_t node, bool is_const, AnyRules& rules) {
    EnumRules out;
    out.origin = {in.document, node};
    out.is_const = is_const;
    const auto& nodes = in.tape->nodes();
    const auto add = [&](std::uint32_t value) {
        switch (nodes[value].kind) {
        case JsonKind::String:
            out.strings.push_back(in.tape->unescaped(value));
            break;
        case JsonKind::Number:
            out.numbers.emplace_back(in.tape->raw(value));
            break;
        case JsonKind::True:
            out.allow_true = true;
            break;
        case JsonKind::False:
            out.allow_false = true;
            break;
        case JsonKind::Null:
            out.allow_null = true;
            break;
        default:
            out.containers.push_back(value);
        }
    };
    if (is_const) {
        add(node);
    } else {
        if (nodes[node].kind != JsonKind::Array)
            return fail(in, node, ErrorCode::Config, "enum must be a list of values");
        for (std::uint32_t i = node + 1; i < nodes[node].next; i = nodes[i].next)
            add(i);
    }
    rules.enums.push_back(std::move(out));
}

void Compiler::read_any(const Reading& in, SchemaNode& out) {
    AnyRules rules;
    bool any = false;
    if (const auto node = in.keyword("enum")) {
        read_enum(in, *node, false, rules);
        any = true;
    }
    if (const auto node = in.keyword("const"); node && in.draft >= 6) {
        read_enum(in, *node, true, rules);
        any = true;
    }
    if (const auto node = in.keyword("allOf")) {
        rules.all_of = schemas_at(in, *node);
        any = true;
    }
    if (const auto node = in.keyword("anyOf")) {
        rules.any_of.push_back(schemas_at(in, *node));
        any = true;
    }
    if (const auto node = in.keyword("oneOf")) {
        rules.one_of.push_back(schemas_at(in, *node));
        any = true;
    }
    if (const auto node = in.keyword("not")) {
        rules.not_this = schema_at(in, *node);
        any = true;
    }
    if (const auto node = in.keyword("if"); node && in.draft >= 7) {
        const auto then = in.keyword("then");
        const auto otherwise = in.keyword("else");
        rules.condition = schema_at(in, *node);
        rules.then = then ? schema_at(in, *then) : no_schema;
        rules.otherwise = otherwise ? schema_at(in, *otherwise) : no_schema;
        any = any || then || otherwise;
    }
    if (!any)
        return;
    m_program->any.push_back(std::move(rules));
    out.any = static_cast<std::uint32_t>(m_program->any.size() - 1);
}

} // namespace weir::schema
