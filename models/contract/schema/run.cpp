// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/schema/run.h"

#include <algorithm>

#include "connectors/base/base64.h"

namespace weir::schema {

namespace {

bool content_fits(std::string_view text, const StringRules& rules) {
    if (rules.base64 && !is_base64(text))
        return false;
    if (!rules.json)
        return true;
    const std::string content =
        rules.base64 ? base64_decoded(text).value_or(std::string()) : std::string(text);
    JsonTape tape;
    return tape.parse(content);
}

bool limit_holds(const Limit& limit, std::string_view text) {
    const int order = limit.bound.compare(text);
    switch (limit.kind) {
    case Limit::Kind::AtLeast:
        return order >= 0;
    case Limit::Kind::Above:
        return order > 0;
    case Limit::Kind::AtMost:
        return order <= 0;
    default:
        return order < 0;
    }
}

} // namespace

template <bool explain>
bool Run<explain>::check(SchemaId id, std::uint32_t node) {
    if (id == accept_all)
        return true;
    Budget& budget = m_ground.budget;
    if (budget.steps == 0 || budget.nesting == 0) {
        budget.spent = true;
        return false;
    }
    --budget.steps;
    const SchemaNode& schema = m_program.schemas[id];
    if (id == accept_none) {
        if constexpr (explain)
            m_explainer->forbidden(schema, node);
        return false;
    }
    const JsonKind kind = m_nodes[node].kind;
    constexpr std::uint8_t bits[] = {type_object,  type_array,   type_string, type_number,
                                     type_boolean, type_boolean, type_null,   type_string};
    std::uint8_t bit = bits[static_cast<std::size_t>(kind)];
    if (kind == JsonKind::Number && (schema.types & type_number) != type_number &&
        (schema.types & type_number) != 0)
        bit = is_whole(m_tape.raw(node), schema.whole_by_spelling) ? type_integer : type_fraction;
    bool fine = true;
    if ((schema.types & bit) == 0) {
        if constexpr (!explain)
            return false;
        else
            m_explainer->wrong_type(schema, node);
        fine = false; // what else holds for its kind is still told
    }
    --budget.nesting;
    switch (kind) {
    case JsonKind::Object:
        if (schema.object != no_rules)
            fine = object(schema, m_program.objects[schema.object], node) && fine;
        break;
    case JsonKind::Array:
        if (schema.array != no_rules)
            fine = array(schema, m_program.arrays[schema.array], node) && fine;
        break;
    case JsonKind::String:
    case JsonKind::Key:
        if (schema.string != no_rules)
            fine = string(schema, m_program.strings[schema.string], node) && fine;
        break;
    case JsonKind::Number:
        if (schema.number != no_rules)
            fine = number(schema, m_program.numbers[schema.number], node) && fine;
        break;
    default:
        break;
    }
    if (schema.any != no_rules && (fine || !stop()))
        fine = any(schema, m_program.any[schema.any], node) && fine;
    ++budget.nesting;
    return fine;
}

template <bool explain>
bool Run<explain>::string(const SchemaNode& schema, const StringRules& rules, std::uint32_t node) {
    bool fine = true;
    if (rules.length_min > 0 || rules.length_max != no_limit) {
        const std::size_t bytes = m_nodes[node].length;
        // Of b bytes between b / 12 (all \uXXXX pairs) and b code points can be.
        if (bytes > rules.length_max || bytes < std::uint64_t{rules.length_min} * 12) {
            const std::size_t points = code_points(m_tape, node);
            fine = points >= rules.length_min && points <= rules.length_max;
            if constexpr (explain)
                if (!fine)
                    m_explainer->length(schema, node, rules, points < rules.length_min);
        }
    }
    if (!fine && stop())
        return false;
    if (rules.pattern && !rules.pattern->found_in(m_tape.text_of(node, m_ground.scratch))) {
        fine = false;
        if constexpr (explain)
            m_explainer->pattern(schema, node, rules);
    }
    if (!fine && stop())
        return false;
    if (rules.format != nullptr && !rules.format->check(m_tape.text_of(node, m_ground.scratch))) {
        fine = false;
        if constexpr (explain)
            m_explainer->format(schema, node, rules);
    }
    if ((rules.base64 || rules.json) && (fine || !stop()) &&
        !content_fits(m_tape.text_of(node, m_ground.scratch), rules)) {
        fine = false;
        if constexpr (explain)
            m_explainer->content(schema, node, rules);
    }
    return fine;
}

template <bool explain>
bool Run<explain>::number(const SchemaNode& schema, const NumberRules& rules, std::uint32_t node) {
    bool fine = true;
    const std::string_view text = m_tape.raw(node);
    for (const Limit& limit : rules.limits) {
        if (limit_holds(limit, text))
            continue;
        fine = false;
        if constexpr (explain)
            m_explainer->limit(schema, node, limit);
        if (stop())
            return false;
    }
    if (rules.multiple_of && !rules.multiple_of->divides(text)) {
        fine = false;
        if constexpr (explain)
            m_explainer->multiple(schema, node, *rules.multiple_of);
    }
    return fine;
}

template <bool explain>
bool Run<explain>::array(const SchemaNode& schema, const ArrayRules& rules, std::uint32_t node) {
    bool fine = true;
    std::uint32_t count = 0;
    for (std::uint32_t i = node + 1; i < m_nodes[node].next; i = m_nodes[i].next, ++count) {
        const bool listed = count < rules.first.size();
        const SchemaId id = listed ? rules.first[count] : rules.rest;
        if constexpr (explain) {
            if (!listed && id == accept_none) {
                m_explainer->unexpected(schema, i, nullptr);
                fine = false;
                if (stop())
                    return false;
                continue;
            }
        }
        if (id != accept_all && !check(id, i)) {
            fine = false;
            if (stop())
                return false;
        }
    }
    if (count < rules.size_min || count > rules.size_max) {
        fine = false;
        if constexpr (explain)
            m_explainer->size(schema, node, count, rules.size_min, rules.size_max);
    }
    if (rules.unique && (fine || !stop()))
        fine = unique(schema, node) && fine;
    if (rules.contains != no_schema && (fine || !stop()))
        fine = contains(schema, rules.contains, node) && fine;
    return fine;
}

template <bool explain>
bool Run<explain>::contains(const SchemaNode& schema, SchemaId id, std::uint32_t node) {
    for (std::uint32_t i = node + 1; i < m_nodes[node].next; i = m_nodes[i].next)
        if (fits(id, i))
            return true;
    if constexpr (explain)
        m_explainer->nothing_contained(schema, node);
    return false;
}

template <bool explain>
bool Run<explain>::unique(const SchemaNode& schema, std::uint32_t node) {
    struct Hashed {
        std::uint64_t hash;
        std::uint32_t node;
    };
    if (m_nodes[node].next <= node + 2)
        return true;
    std::vector<Hashed> all;
    for (std::uint32_t i = node + 1; i < m_nodes[node].next; i = m_nodes[i].next)
        all.push_back({json_hash(m_tape, i), i});
    std::sort(all.begin(), all.end(), [](const Hashed& a, const Hashed& b) {
        return a.hash != b.hash ? a.hash < b.hash : a.node < b.node;
    });
    for (std::size_t i = 0; i < all.size(); ++i) {
        for (std::size_t j = i + 1; j < all.size() && all[j].hash == all[i].hash; ++j) {
            if (m_ground.budget.steps == 0) {
                m_ground.budget.spent = true;
                return false;
            }
            --m_ground.budget.steps;
            if (!json_equal(m_tape, all[i].node, m_tape, all[j].node))
                continue;
            if constexpr (explain)
                m_explainer->duplicate_item(schema, all[j].node);
            return false;
        }
    }
    return true;
}

/// One member. `guess` is the entry to look at first, `seen` the required ones met so far.
template <bool explain>
bool Run<explain>::member(const SchemaNode& schema, const ObjectRules& rules, std::uint32_t key,
                          std::size_t& guess, std::uint64_t& seen) {
    const std::size_t at = rules.properties.find(m_tape.text_of(key, m_ground.scratch), guess);
    bool known = false;
    bool fine = true;
    if (at < rules.properties.entries().size()) {
        const PropertyTable::Entry& entry = rules.properties.entries()[at];
        guess = at + 1;
        if (entry.required < 64)
            seen |= std::uint64_t{1} << entry.required;
        if (entry.schema != no_schema) {
            known = true;
            fine = check(entry.schema, key + 1);
            if (!fine && stop())
                return false;
        }
    }
    for (const ObjectRules::ByPattern& one : rules.patterns) {
        if (!one.pattern->found_in(m_tape.text_of(key, m_ground.scratch)))
            continue;
        known = true;
        fine = check(one.schema, key + 1) && fine;
        if (!fine && stop())
            return false;
    }
    if (!known && rules.additional != accept_all) {
        if (rules.additional == accept_none) {
            fine = false;
            if constexpr (explain)
                m_explainer->unexpected(schema, key, &rules);
        } else {
            fine = check(rules.additional, key + 1) && fine;
        }
    }
    if (rules.names != no_schema && (fine || !stop()) && !fits(rules.names, key)) {
        fine = false;
        if constexpr (explain)
            m_explainer->name(schema, key, rules.names);
    }
    return fine;
}

template <bool explain>
bool Run<explain>::missing(const SchemaNode& schema, const ObjectRules& rules, std::uint32_t node,
                           std::uint64_t seen) {
    const std::size_t count = rules.required.size();
    const std::uint64_t all = count >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
    if (count <= 64 && (seen & all) == all)
        return true;
    bool fine = true;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string& name = rules.properties.entries()[rules.required[i]].name;
        const bool there = i < 64 ? (seen >> i & 1U) != 0 : m_tape.member(node, name).has_value();
        if (there)
            continue;
        fine = false;
        if constexpr (explain)
            m_explainer->missing(schema, node, name);
        if (stop())
            return false;
    }
    return fine;
}

template <bool explain>
bool Run<explain>::dependencies(const SchemaNode& schema, const ObjectRules& rules,
                                std::uint32_t node) {
    bool fine = true;
    for (const ObjectRules::Dependency& one : rules.dependencies) {
        if (!m_tape.member(node, one.name))
            continue;
        for (const std::string& name : one.names) {
            if (m_tape.member(node, name))
                continue;
            fine = false;
            if constexpr (explain)
                m_explainer->dependency(schema, node, name, one.name);
        }
        if (one.schema != no_schema)
            fine = check(one.schema, node) && fine;
        if (!fine && stop())
            return false;
    }
    return fine;
}

template <bool explain>
bool Run<explain>::object(const SchemaNode& schema, const ObjectRules& rules, std::uint32_t node) {
    bool fine = true;
    std::uint32_t count = 0;
    std::uint64_t seen = 0;
    std::size_t guess = 0;
    for (std::uint32_t key = node + 1; key < m_nodes[node].next; key = m_nodes[key + 1].next) {
        if (!counts(key))
            continue;
        ++count;
        if (!member(schema, rules, key, guess, seen)) {
            fine = false;
            if (stop())
                return false;
        }
    }
    if (!rules.required.empty())
        fine = missing(schema, rules, node, seen) && fine;
    if (!fine && stop())
        return false;
    if (count < rules.size_min || count > rules.size_max) {
        fine = false;
        if constexpr (explain)
            m_explainer->size(schema, node, count, rules.size_min, rules.size_max);
    }
    if (!rules.dependencies.empty() && (fine || !stop()))
        fine = dependencies(schema, rules, node) && fine;
    return fine;
}

template <bool explain>
bool Run<explain>::in_enum(const EnumRules& rules, std::uint32_t node) const {
    switch (m_nodes[node].kind) {
    case JsonKind::String:
    case JsonKind::Key: {
        const std::string_view text = m_tape.text_of(node, m_ground.scratch);
        return std::find(rules.strings.begin(), rules.strings.end(), text) != rules.strings.end();
    }
    case JsonKind::Number: {
        const std::string_view text = m_tape.raw(node);
        return std::any_of(rules.numbers.begin(), rules.numbers.end(),
                           [&](const Bound& bound) { return bound.compare(text) == 0; });
    }
    case JsonKind::True:
        return rules.allow_true;
    case JsonKind::False:
        return rules.allow_false;
    case JsonKind::Null:
        return rules.allow_null;
    default:
        return std::any_of(rules.containers.begin(), rules.containers.end(), [&](std::uint32_t at) {
            return json_equal(rules.origin.document->tape, at, m_tape, node);
        });
    }
}

template <bool explain>
bool Run<explain>::any_of(const SchemaNode& schema, const std::vector<SchemaId>& ids,
                          std::uint32_t node) {
    for (const SchemaId id : ids)
        if (fits(id, node))
            return true;
    if constexpr (explain)
        m_explainer->no_alternative(schema, node, ids);
    return false;
}

template <bool explain>
bool Run<explain>::one_of(const SchemaNode& schema, const std::vector<SchemaId>& ids,
                          std::uint32_t node) {
    std::size_t fitting = 0;
    for (const SchemaId id : ids) {
        if (fits(id, node) && ++fitting > 1 && !explain)
            return false;
    }
    if constexpr (explain) {
        if (fitting == 0)
            m_explainer->no_alternative(schema, node, ids);
        else if (fitting > 1)
            m_explainer->ambiguous(schema, node, fitting);
    }
    return fitting == 1;
}

template <bool explain>
bool Run<explain>::any(const SchemaNode& schema, const AnyRules& rules, std::uint32_t node) {
    bool fine = true;
    for (const EnumRules& values : rules.enums) {
        if (in_enum(values, node))
            continue;
        fine = false;
        if constexpr (explain)
            m_explainer->not_in_enum(values, node);
        if (stop())
            return false;
    }
    for (const SchemaId id : rules.all_of) {
        fine = check(id, node) && fine;
        if (!fine && stop())
            return false;
    }
    for (const auto& ids : rules.any_of)
        fine = any_of(schema, ids, node) && fine;
    if (!fine && stop())
        return false;
    for (const auto& ids : rules.one_of)
        fine = one_of(schema, ids, node) && fine;
    if (rules.not_this != no_schema && (fine || !stop()) && fits(rules.not_this, node)) {
        fine = false;
        if constexpr (explain)
            m_explainer->negated(schema, node);
    }
    if (rules.condition != no_schema && (fine || !stop())) {
        const SchemaId branch = fits(rules.condition, node) ? rules.then : rules.otherwise;
        if (branch != no_schema)
            fine = check(branch, node) && fine;
    }
    return fine;
}

template class Run<false>;
template class Run<true>;

} // namespace weir::schema
