// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/schema/words.h"

#include <algorithm>

#include "models/contract/violation.h"

namespace weir::schema {

namespace {

constexpr int levels_max = 32;

class Demands {
  public:
    explicit Demands(const Program& program)
        : m_program(program) {}

    void of(SchemaId id, int level);
    std::vector<std::string> words;

  private:
    void string(const StringRules& rules);
    void number(const NumberRules& rules);
    void array(const ArrayRules& rules);
    void object(const ObjectRules& rules);
    void any(const AnyRules& rules, int level);
    void add(std::string text) {
        if (words.size() < demands_max &&
            std::find(words.begin(), words.end(), text) == words.end())
            words.push_back(std::move(text));
    }
    const Program& m_program;
};

void Demands::string(const StringRules& rules) {
    if (rules.length_min > 0 || rules.length_max != no_limit)
        add(range_words(rules.length_min, rules.length_max, "character"));
    if (rules.format != nullptr)
        add(rules.format->words);
    if (rules.pattern)
        add("matches " + rules.pattern->text());
}

void Demands::number(const NumberRules& rules) {
    for (const Limit& limit : rules.limits)
        add(limit_words(limit));
    if (rules.multiple_of)
        add("a multiple of " + rules.multiple_of->text());
}

void Demands::array(const ArrayRules& rules) {
    if (rules.size_min > 0 || rules.size_max != no_limit)
        add(range_words(rules.size_min, rules.size_max, "element"));
    if (rules.unique)
        add("no element twice");
    if (rules.contains != no_schema)
        add("an element of a certain kind");
}

void Demands::object(const ObjectRules& rules) {
    if (rules.size_min > 0 || rules.size_max != no_limit)
        add(range_words(rules.size_min, rules.size_max, "member"));
    if (rules.additional == accept_none)
        add("no other members");
    for (const auto& dependency : rules.dependencies)
        for (const std::string& name : dependency.names)
            add("\"" + name + "\" where \"" + dependency.name + "\" is there");
}

void Demands::any(const AnyRules& rules, int level) {
    for (const EnumRules& values : rules.enums)
        add(std::string(values.is_const ? "always " : "") +
            values_words(values, enum_values_listed));
    for (const SchemaId id : rules.all_of)
        of(id, level + 1);
    for (const auto& alternatives : rules.any_of)
        add("fits at least one of " + std::to_string(alternatives.size()) + " alternatives");
    for (const auto& alternatives : rules.one_of)
        add("fits exactly one of " + std::to_string(alternatives.size()) + " alternatives");
    if (rules.not_this != no_schema)
        add("not of a kind that the schema excludes");
    if (rules.condition != no_schema)
        add("further conditions");
}

void Demands::of(SchemaId id, int level) {
    if (id >= m_program.schemas.size() || level > levels_max)
        return;
    const SchemaNode& schema = m_program.schemas[id];
    if (schema.any != no_rules)
        any(m_program.any[schema.any], level);
    if (schema.number != no_rules)
        number(m_program.numbers[schema.number]);
    if (schema.string != no_rules)
        string(m_program.strings[schema.string]);
    if (schema.array != no_rules)
        array(m_program.arrays[schema.array]);
    if (schema.object != no_rules)
        object(m_program.objects[schema.object]);
}

} // namespace

std::string counted(std::uint32_t count, const char* what) {
    std::string text = std::to_string(count) + " " + what;
    if (count != 1)
        text += 's';
    return text;
}

std::string range_words(std::uint32_t least, std::uint32_t most, const char* what) {
    if (least == most)
        return "exactly " + counted(least, what);
    if (most == no_limit)
        return "at least " + counted(least, what);
    if (least == 0)
        return "at most " + counted(most, what);
    return std::to_string(least) + " to " + counted(most, what);
}

std::string type_words(std::uint8_t types) {
    struct Word {
        std::uint8_t bits;
        const char* text;
    };
    constexpr Word words[] = {{type_object, "an object"},   {type_array, "an array"},
                              {type_string, "a string"},    {type_number, "a number"},
                              {type_integer, "an integer"}, {type_boolean, "true or false"},
                              {type_null, "null"}};
    std::string text;
    for (const Word& word : words) {
        if ((types & word.bits) != word.bits)
            continue;
        types = static_cast<std::uint8_t>(types & ~word.bits);
        text += (text.empty() ? "" : types == 0 ? " or " : ", ");
        text += word.text;
    }
    return text.empty() ? "nothing" : text;
}

std::string limit_words(const Limit& limit) {
    constexpr const char* words[] = {"at least ", "above ", "at most ", "below "};
    return words[static_cast<std::size_t>(limit.kind)] + limit.bound.text();
}

std::string values_words(const EnumRules& rules, std::size_t shown_max) {
    const JsonTape& tape = rules.origin.document->tape;
    const std::uint32_t root = rules.origin.node;
    if (rules.is_const)
        return found_text(tape.raw_quoted(root));
    std::string text = "one of ";
    std::size_t shown = 0;
    for (std::uint32_t i = root + 1; i < tape.nodes()[root].next; i = tape.nodes()[i].next) {
        if (++shown > shown_max)
            return text + ", …";
        text += (shown > 1 ? ", " : "") + found_text(tape.raw_quoted(i));
    }
    return text;
}

std::vector<std::string> demands_in_words(const Program& program, SchemaId id) {
    Demands demands(program);
    demands.of(id, 0);
    return std::move(demands.words);
}

} // namespace weir::schema
