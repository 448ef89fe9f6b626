// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Failures in words, for people who have never seen the schema.
#include <algorithm>

#include "connectors/base/near_word.h"
#include "models/contract/schema/run.h"
#include "models/contract/schema/words.h"
#include "models/workspace/schema_check.h"

namespace weir::schema {

namespace {

std::string type_remedy(std::uint8_t wanted, const JsonTape& tape, std::uint32_t node) {
    const JsonKind kind = tape.nodes()[node].kind;
    if (kind == JsonKind::Null)
        return "leave the member out, or send a value";
    if (kind == JsonKind::String && (wanted & type_number) != 0 && is_decimal(tape.raw(node)))
        return "send the number without quotes";
    if (kind == JsonKind::Number && (wanted & type_string) != 0)
        return "send it in quotes";
    if (kind == JsonKind::String && (wanted & type_boolean) != 0 &&
        (tape.raw(node) == "true" || tape.raw(node) == "false"))
        return "send it without quotes";
    return {};
}

std::string member_pointer(const JsonTape& tape, std::uint32_t object, const std::string& name) {
    return tape.pointer(object) + pointer_step(name);
}

} // namespace

Violation* Explainer::add(const Origin& origin, const char* keyword, ViolationReason reason,
                          std::uint32_t node) {
    if (m_out.total() == 0) {
        m_out.first = reason;
        m_out.first_at_root = node == m_root;
    }
    m_out.wrong_type_root =
        m_out.wrong_type_root || (reason == ViolationReason::WrongType && node == m_root);
    if (m_out.count(reason)++ >= m_told_max)
        return nullptr;
    Violation violation;
    violation.reason = reason;
    violation.pointer = m_ground.tape.pointer(node);
    violation.found = found_text(m_ground.tape.raw_quoted(node));
    if (origin.document != nullptr) {
        violation.rule = origin.document->name + "#" + origin.document->tape.pointer(origin.node);
        if (*keyword != '\0')
            violation.rule.append("/").append(keyword);
    }
    m_out.told.push_back(std::move(violation));
    return &m_out.told.back();
}

std::size_t Explainer::words_within(std::size_t most) {
    return m_looked_within++ < m_told_max ? most : 0;
}

void Explainer::wrong_type(const SchemaNode& schema, std::uint32_t node) {
    Violation* const v = add(schema.origin, "type", ViolationReason::WrongType, node);
    if (v == nullptr)
        return;
    v->expected = type_words(schema.types);
    v->remedy = type_remedy(schema.types, m_ground.tape, node);
}

void Explainer::limit(const SchemaNode& schema, std::uint32_t node, const Limit& limit) {
    const bool lower = limit.kind == Limit::Kind::AtLeast || limit.kind == Limit::Kind::Above;
    if (Violation* const v =
            add(schema.origin, lower ? "minimum" : "maximum", ViolationReason::OutOfRange, node))
        v->expected = limit_words(limit);
}

void Explainer::multiple(const SchemaNode& schema, std::uint32_t node, const Divisor& divisor) {
    if (Violation* const v = add(schema.origin, "multipleOf", ViolationReason::NotMultiple, node))
        v->expected = "a multiple of " + divisor.text();
}

void Explainer::length(const SchemaNode& schema, std::uint32_t node, const StringRules& rules,
                       bool too_short) {
    if (Violation* const v = add(schema.origin, too_short ? "minLength" : "maxLength",
                                 ViolationReason::WrongLength, node))
        v->expected = range_words(rules.length_min, rules.length_max, "character");
}

void Explainer::pattern(const SchemaNode& schema, std::uint32_t node, const StringRules& rules) {
    if (Violation* const v = add(schema.origin, "pattern", ViolationReason::Pattern, node))
        v->expected = "text that matches " + rules.pattern->text();
}

void Explainer::format(const SchemaNode& schema, std::uint32_t node, const StringRules& rules) {
    if (Violation* const v = add(schema.origin, "format", ViolationReason::Format, node))
        v->expected = rules.format->words;
}

void Explainer::content(const SchemaNode& schema, std::uint32_t node, const StringRules& rules) {
    if (Violation* const v = add(schema.origin, rules.json ? "contentMediaType" : "contentEncoding",
                                 ViolationReason::Content, node))
        v->expected = rules.json && rules.base64 ? "JSON in base64"
                      : rules.json               ? "a JSON text"
                                                 : "base64";
}

void Explainer::size(const SchemaNode& schema, std::uint32_t node, std::uint32_t count,
                     std::uint32_t least, std::uint32_t most) {
    const bool object = m_ground.tape.nodes()[node].kind == JsonKind::Object;
    const char* const keyword = count < least ? (object ? "minProperties" : "minItems")
                                              : (object ? "maxProperties" : "maxItems");
    Violation* const v = add(schema.origin, keyword, ViolationReason::WrongSize, node);
    if (v == nullptr)
        return;
    v->expected = range_words(least, most, object ? "member" : "element");
    v->found = counted(count, object ? "member" : "element");
}

void Explainer::missing(const SchemaNode& schema, std::uint32_t object, const std::string& name) {
    Violation* const v = add(schema.origin, "required", ViolationReason::MissingRequired, object);
    if (v == nullptr)
        return;
    v->pointer = member_pointer(m_ground.tape, object, name);
    v->expected = "the member \"" + name + "\"";
    v->found.clear();
    v->remedy = "add the member";
}

/// `rules` null: an element beyond those listed.
void Explainer::unexpected(const SchemaNode& schema, std::uint32_t node, const ObjectRules* rules) {
    if (rules == nullptr) {
        if (Violation* const v =
                add(schema.origin, "additionalItems", ViolationReason::UnexpectedItem, node))
            v->expected = "no further element";
        return;
    }
    m_out.unexpected.push_back(node);
    Violation* const v =
        add(schema.origin, "additionalProperties", ViolationReason::UnexpectedProperty, node);
    if (v == nullptr)
        return;
    const std::string name = m_ground.tape.unescaped(node);
    v->expected = "no member of this name";
    v->found = found_text(m_ground.tape.raw_quoted(node + 1));
    v->remedy = "leave it out, or add it to the contract";
    if (name.size() > 64 || rules->properties.entries().size() > 200)
        return;
    std::vector<std::string> names;
    for (const auto& entry : rules->properties.entries())
        names.push_back(entry.name);
    const std::string near = nearest_word(name, names);
    if (!near.empty())
        v->remedy = "did you mean \"" + near + "\"?";
}

void Explainer::dependency(const SchemaNode& schema, std::uint32_t object, const std::string& name,
                           const std::string& because) {
    Violation* const v = add(schema.origin, "dependencies", ViolationReason::Dependency, object);
    if (v == nullptr)
        return;
    v->pointer = member_pointer(m_ground.tape, object, name);
    v->expected = "the member \"" + name + "\", because \"" + because + "\" is there";
    v->found.clear();
    v->remedy = "add the member";
}

void Explainer::duplicate_item(const SchemaNode& schema, std::uint32_t node) {
    if (Violation* const v =
            add(schema.origin, "uniqueItems", ViolationReason::DuplicateItem, node))
        v->expected = "no element twice";
}

void Explainer::nothing_contained(const SchemaNode& schema, std::uint32_t node) {
    if (Violation* const v =
            add(schema.origin, "contains", ViolationReason::NothingContained, node))
        v->expected = "an element that fits what the schema says under \"contains\"";
}

void Explainer::not_in_enum(const EnumRules& rules, std::uint32_t node) {
    Violation* const v = add(rules.origin, "", ViolationReason::NotInEnum, node);
    if (v == nullptr)
        return;
    v->expected = values_words(rules);
    if (m_ground.tape.nodes()[node].kind == JsonKind::String && rules.strings.size() < 200) {
        const std::string near = nearest_word(m_ground.tape.raw(node), rules.strings);
        if (!near.empty())
            v->remedy = "did you mean \"" + near + "\"?";
    }
}

void Explainer::forbidden(const SchemaNode& schema, std::uint32_t node) {
    if (Violation* const v = add(schema.origin, "", ViolationReason::Forbidden, node))
        v->expected = "nothing here";
}

void Explainer::negated(const SchemaNode& schema, std::uint32_t node) {
    if (Violation* const v = add(schema.origin, "not", ViolationReason::Forbidden, node))
        v->expected = "anything but what the schema says under \"not\"";
}

void Explainer::ambiguous(const SchemaNode& schema, std::uint32_t node, std::size_t fitting) {
    if (Violation* const v = add(schema.origin, "oneOf", ViolationReason::Ambiguous, node))
        v->expected = "exactly one of the alternatives to fit; " + std::to_string(fitting) + " do";
}

void Explainer::name(const SchemaNode& schema, std::uint32_t key, SchemaId names) {
    Findings failures;
    Explainer inner(m_ground, failures, key, words_within(1));
    Run<true>(m_ground, &inner).check(names, key);
    const bool worded = failures.total() > 0 && failures.first != ViolationReason::Forbidden;
    const ViolationReason reason = worded ? failures.first : ViolationReason::UnexpectedProperty;
    if (reason == ViolationReason::UnexpectedProperty)
        m_out.unexpected.push_back(key);
    Violation* const v = add(schema.origin, "propertyNames", reason, key);
    if (v != nullptr && !failures.told.empty())
        v->expected = "a name: " + failures.told.front().expected;
}

/// If every alternative fails by the value's type alone: the types that would do.
bool Explainer::as_types(std::uint32_t node, const std::vector<Findings>& failures,
                         const std::vector<SchemaId>& alternatives, const SchemaNode& schema) {
    std::uint8_t types = 0;
    for (std::size_t i = 0; i < failures.size(); ++i) {
        const Findings& one = failures[i];
        if (one.total() == 0 || one.first != ViolationReason::WrongType || !one.first_at_root)
            return false;
        types = static_cast<std::uint8_t>(types | m_ground.program.schemas[alternatives[i]].types);
    }
    Violation* const v = add(schema.origin, "", ViolationReason::WrongType, node);
    if (v != nullptr) {
        v->expected = type_words(types);
        v->remedy = type_remedy(types, m_ground.tape, node);
    }
    return true;
}

/// What is wrong with the value at `node` by the one alternative that was meant.
void Explainer::take(Findings&& of_one, std::uint32_t node) {
    if (m_out.total() == 0) {
        m_out.first = of_one.first;
        m_out.first_at_root = of_one.first_at_root && node == m_root;
    }
    m_out.wrong_type_root = m_out.wrong_type_root || (of_one.wrong_type_root && node == m_root);
    m_out.unexpected.insert(m_out.unexpected.end(), of_one.unexpected.begin(),
                            of_one.unexpected.end());
    // Of each reason as many as are still worth words.
    Findings told;
    for (Violation& violation : of_one.told)
        if (m_out.count(violation.reason) + told.count(violation.reason)++ < m_told_max)
            m_out.told.push_back(std::move(violation));
    for (std::size_t i = 0; i < m_out.counts.size(); ++i)
        m_out.counts[i] += of_one.counts[i];
}

void Explainer::no_alternative(const SchemaNode& schema, std::uint32_t node,
                               const std::vector<SchemaId>& alternatives) {
    const std::size_t words = words_within(8);
    std::vector<Findings> failures;
    for (const SchemaId id : alternatives) {
        Explainer inner(m_ground, failures.emplace_back(), node, words);
        Run<true>(m_ground, &inner).check(id, node);
    }
    if (!failures.empty() && as_types(node, failures, alternatives, schema))
        return;
    // The alternative meant is the one whose type fits and that fails least.
    const auto cost = [](const Findings& one) {
        return one.total() + (one.wrong_type_root ? std::uint64_t{1} << 40 : 0);
    };
    std::size_t best = 0;
    std::size_t plausible = 0;
    for (std::size_t i = 0; i < failures.size(); ++i) {
        plausible += failures[i].wrong_type_root ? 0 : 1;
        if (cost(failures[i]) < cost(failures[best]))
            best = i;
    }
    if (plausible == 1) // the others are of another type: this one is meant
        return take(std::move(failures[best]), node);
    Violation* const v = add(schema.origin, "", ViolationReason::NoAlternative, node);
    if (v == nullptr)
        return;
    v->expected = "one of " + std::to_string(alternatives.size()) + " alternatives";
    if (!failures.empty() && !failures[best].told.empty()) {
        const Violation& why = failures[best].told.front();
        v->expected += "; the nearest wants " + why.expected +
                       (why.pointer == v->pointer ? "" : ", by " + why.rule);
    }
}

} // namespace weir::schema
