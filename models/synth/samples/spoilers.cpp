// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/synth/samples/spoilers.h"

#include <algorithm>
#include <set>

#include "models/synth/samples/pattern_sample.h"
#include "models/synth/samples/schema_sampler.h"

namespace weir::synth {
namespace {

using namespace weir::schema;

constexpr std::size_t length_max = 200'000; // longer texts and lists are not made
constexpr std::string_view stranger = "unexpected_member";

/// Values of every type, one of which a type does not allow.
std::vector<SampleValue> of_every_type() {
    std::vector<SampleValue> all = {SampleValue::string("text"), SampleValue::number("1"),
                                    SampleValue::number("1.5")};
    for (const JsonKind kind : {JsonKind::True, JsonKind::Null, JsonKind::Object, JsonKind::Array})
        all.push_back(SampleValue::of(kind));
    return all;
}

SampleValue with_length(const SampleValue& value, std::size_t length) {
    std::string text = value.text.substr(0, std::min(length, value.text.size()));
    text.resize(length, text.empty() ? 'x' : text.back());
    return SampleValue::string(std::move(text));
}

/// Texts of that length: cut or stretched, and as the pattern has them.
std::vector<SampleValue> texts_of_length(const SampleValue& value, const StringRules& rules,
                                         std::size_t length) {
    std::vector<SampleValue> out = {with_length(value, length)};
    const auto shortest = rules.pattern ? pattern_sample(rules.pattern->text(), 0) : std::nullopt;
    if (shortest && shortest->size() < length)
        if (auto text = pattern_sample(rules.pattern->text(), length - shortest->size()))
            out.push_back(SampleValue::string(std::move(*text)));
    return out;
}

/// Several spoilers of one value, in the order of the schema's rules.
class Spoiling {
  public:
    Spoiling(const Program& program, const SampleValue& value)
        : m_program(program)
        , m_value(value) {}

    std::vector<Spoiler> all() {
        for (const SchemaId id : m_value.demands)
            note_alternatives(id);
        for (const SchemaId id : m_value.demands) {
            const SchemaNode& node = m_program.schemas[id];
            m_of_alternative = m_alternatives.count(id) != 0;
            if (node.types != type_any)
                add("type", ViolationReason::WrongType, of_every_type());
            if (node.string != no_rules && m_value.kind == JsonKind::String)
                strings(m_program.strings[node.string]);
            if (node.number != no_rules && m_value.kind == JsonKind::Number)
                numbers(m_program.numbers[node.number]);
            if (node.array != no_rules && m_value.kind == JsonKind::Array)
                arrays(m_program.arrays[node.array]);
            if (node.object != no_rules && m_value.kind == JsonKind::Object)
                objects(m_program.objects[node.object]);
            if (node.any != no_rules)
                any(m_program.any[node.any]);
        }
        return std::move(m_out);
    }

  private:
    void add(const char* keyword, ViolationReason reason, std::vector<SampleValue> candidates,
             std::string member = {}) {
        m_out.push_back(
            {keyword, reason, std::move(member), std::move(candidates), m_of_alternative});
    }

    /// What the schema says under anyOf, oneOf, if, then and else.
    void note_alternatives(SchemaId id) {
        if (m_program.schemas[id].any == no_rules)
            return;
        const AnyRules& rules = m_program.any[m_program.schemas[id].any];
        for (const auto* lists : {&rules.any_of, &rules.one_of})
            for (const auto& alternatives : *lists)
                for (const SchemaId one : alternatives)
                    note(one);
        for (const SchemaId one : {rules.condition, rules.then, rules.otherwise})
            note(one);
    }
    void note(SchemaId id) {
        if (id == no_schema || !m_alternatives.insert(id).second ||
            m_program.schemas[id].any == no_rules)
            return;
        for (const SchemaId one : m_program.any[m_program.schemas[id].any].all_of)
            note(one);
    }

    void strings(const StringRules& rules) {
        if (rules.length_min > 0)
            add("minLength", ViolationReason::WrongLength,
                texts_of_length(m_value, rules, rules.length_min - 1));
        if (rules.length_max < length_max)
            add("maxLength", ViolationReason::WrongLength,
                texts_of_length(m_value, rules, rules.length_max + std::size_t{1}));
        std::vector<SampleValue> others;
        for (const char* text : {"!", "", "0", "a", "A A", "zzzz!zzzz"})
            others.push_back(SampleValue::string(text));
        SampleValue same_length = m_value;
        std::fill(same_length.text.begin(), same_length.text.end(), '!');
        others.push_back(same_length);
        if (rules.pattern)
            add("pattern", ViolationReason::Pattern, others);
        if (rules.format != nullptr) {
            others.push_back(SampleValue::string("not a " + std::string(rules.format->name)));
            add("format", ViolationReason::Format, others);
        }
        if (rules.base64)
            add("contentEncoding", ViolationReason::Content, others);
        else if (rules.json)
            add("contentMediaType", ViolationReason::Content, others);
    }

    void numbers(const NumberRules& rules) {
        const std::string step = rules.multiple_of ? rules.multiple_of->text() : "1";
        for (const Limit& limit : rules.limits) {
            const bool lower =
                limit.kind == Limit::Kind::AtLeast || limit.kind == Limit::Kind::Above;
            std::vector<SampleValue> beyond;
            for (const int times : {0, 1, 2})
                for (const std::string& by : {step, std::string("1"), std::string("0.01")})
                    beyond.push_back(SampleValue::number(
                        moved_by(limit.bound.text(), by, lower ? -times : times)));
            add(lower ? "minimum" : "maximum", ViolationReason::OutOfRange, std::move(beyond));
        }
        if (!rules.multiple_of)
            return;
        std::vector<SampleValue> between;
        for (const char* by : {"1", "0.5", "0.1", "0.001", "0.00001"})
            between.push_back(SampleValue::number(moved_by(m_value.text, by, 1)));
        add("multipleOf", ViolationReason::NotMultiple, std::move(between));
    }

    void arrays(const ArrayRules& rules) {
        SampleValue changed = m_value;
        if (rules.size_min > 0 && !m_value.items.empty()) {
            changed.items.resize(rules.size_min - 1, m_value.items.front());
            add("minItems", ViolationReason::WrongSize, {changed});
        }
        if (rules.size_max < length_max && !m_value.items.empty()) {
            changed.items.resize(rules.size_max + std::size_t{1}, m_value.items.back());
            add("maxItems", ViolationReason::WrongSize, {changed});
        }
        if (rules.unique && !m_value.items.empty()) {
            changed = m_value;
            changed.items.push_back(m_value.items.back());
            add("uniqueItems", ViolationReason::DuplicateItem, {changed},
                std::to_string(m_value.items.size()));
        }
        if (rules.rest == accept_none) {
            changed = m_value;
            changed.items.push_back(SampleValue::string("unexpected"));
            add("additionalItems", ViolationReason::UnexpectedItem, {changed},
                std::to_string(m_value.items.size()));
        }
        if (rules.contains != no_schema) {
            std::vector<SampleValue> without = {SampleValue::of(JsonKind::Array)};
            for (const SampleValue& one : of_every_type()) {
                without.push_back(SampleValue::of(JsonKind::Array));
                without.back().items = {one};
            }
            add("contains", ViolationReason::NothingContained, std::move(without));
        }
    }

    SampleValue without(const std::string& name) const {
        SampleValue changed = m_value;
        std::erase_if(changed.members, [&](const auto& one) { return one.name == name; });
        return changed;
    }

    void objects(const ObjectRules& rules) {
        for (const std::uint32_t at : rules.required) {
            const std::string& name = rules.properties.entries()[at].name;
            add("required", ViolationReason::MissingRequired, {without(name)}, name);
        }
        SampleValue more = m_value;
        more.members.push_back({std::string(stranger), SampleValue::number("1")});
        if (rules.additional == accept_none)
            add("additionalProperties", ViolationReason::UnexpectedProperty, {more},
                std::string(stranger));
        if (rules.size_min > 0) {
            SampleValue fewer = m_value;
            fewer.members.resize(std::min<std::size_t>(fewer.members.size(), rules.size_min - 1));
            add("minProperties", ViolationReason::WrongSize, {fewer});
        }
        if (rules.size_max < length_max) {
            for (std::size_t i = more.members.size(); i <= rules.size_max; ++i)
                more.members.push_back({"extra_" + std::to_string(i), SampleValue::number("1")});
            add("maxProperties", ViolationReason::WrongSize, {more});
        }
        for (const ObjectRules::Dependency& one : rules.dependencies)
            for (const std::string& name : one.names)
                add("dependencies", ViolationReason::Dependency, {without(name)}, name);
    }

    void any(const AnyRules& rules) {
        std::vector<SampleValue> others = of_every_type();
        for (const char* text : {"unheard of", "", "x"})
            others.push_back(SampleValue::string(text));
        for (const char* digits : {"-987654321", "987654321", "0.12345"})
            others.push_back(SampleValue::number(digits));
        for (const EnumRules& one : rules.enums)
            add(one.is_const ? "const" : "enum", ViolationReason::NotInEnum, others);
        if (!rules.any_of.empty())
            add("anyOf", ViolationReason::NoAlternative, others);
        if (!rules.one_of.empty()) {
            add("oneOf", ViolationReason::NoAlternative, others);
            add("oneOf", ViolationReason::Ambiguous, others);
        }
        if (rules.not_this != no_schema)
            add("not", ViolationReason::Forbidden, others);
    }

    const Program& m_program;
    const SampleValue& m_value;
    std::set<SchemaId> m_alternatives;
    bool m_of_alternative = false; // is what is at hand
    std::vector<Spoiler> m_out;
};

} // namespace

std::vector<Spoiler> spoilers_of(const Program& program, const SampleValue& value) {
    return Spoiling(program, value).all();
}

std::vector<Spoiler> edges_of(const Program& program, const SampleValue& value) {
    std::vector<Spoiler> out;
    const auto add = [&](const char* keyword, std::vector<SampleValue> candidates) {
        out.push_back({keyword, ViolationReason::NotJson, {}, std::move(candidates), false});
    };
    for (const SchemaId id : value.demands) {
        const SchemaNode& node = program.schemas[id];
        if (node.number != no_rules && value.kind == JsonKind::Number)
            for (const Limit& limit : program.numbers[node.number].limits) {
                const bool lower =
                    limit.kind == Limit::Kind::AtLeast || limit.kind == Limit::Kind::Above;
                std::vector<SampleValue> at = {SampleValue::number(limit.bound.text())};
                for (const char* by : {"0.01", "1"}) // of one that excludes its bound
                    at.push_back(
                        SampleValue::number(moved_by(limit.bound.text(), by, lower ? 1 : -1)));
                add(lower ? "minimum" : "maximum", std::move(at));
            }
        if (node.string != no_rules && value.kind == JsonKind::String) {
            const StringRules& rules = program.strings[node.string];
            if (rules.length_min > 0)
                add("minLength", texts_of_length(value, rules, rules.length_min));
            if (rules.length_max < length_max)
                add("maxLength", texts_of_length(value, rules, rules.length_max));
        }
        if (node.array != no_rules && value.kind == JsonKind::Array && !value.items.empty()) {
            const ArrayRules& rules = program.arrays[node.array];
            SampleValue changed = value;
            if (rules.size_min > 0) {
                changed.items.resize(rules.size_min, value.items.front());
                add("minItems", {changed});
            }
            if (rules.size_max < length_max) {
                changed.items.resize(rules.size_max, value.items.back());
                add("maxItems", {changed});
            }
        }
    }
    return out;
}

} // namespace weir::synth
