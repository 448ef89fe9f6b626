// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/compatibility.h"

#include <algorithm>
#include <functional>
#include <set>

#include "models/contract/schema/program.h"
#include "models/workspace/schema_check.h"

namespace weir {

namespace {

using schema::accept_all, schema::accept_none, schema::AnyRules, schema::ArrayRules,
    schema::EnumRules, schema::json_equal, schema::Limit, schema::no_limit, schema::no_rules,
    schema::no_schema, schema::NumberRules, schema::ObjectRules, schema::Program, schema::SchemaId,
    schema::SchemaNode, schema::SchemaValidator, schema::StringRules, schema::type_any,
    schema::type_array, schema::type_boolean, schema::type_fraction, schema::type_integer,
    schema::type_null, schema::type_number, schema::type_object, schema::type_string;

/// What is demanded of one place: all of these schemas of one program.
struct View {
    const Program* program = nullptr;
    std::vector<SchemaId> ids;   // with allOf unfolded
    std::vector<SchemaId> taken; // whose alternatives have been gone through, one by one
    bool undeclared = false;     // nobody names the place: what stands there was never agreed on
    bool operator<(const View& other) const {
        return std::tie(program, ids, taken) < std::tie(other.program, other.ids, other.taken);
    }
};

View view_of(const Program& program, std::vector<SchemaId> roots) {
    View view{&program, {}, {}, false};
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

template <class Rules>
std::vector<const Rules*> rules_in(const View& view, std::uint32_t SchemaNode::*index,
                                   const std::vector<Rules>& table) {
    std::vector<const Rules*> all;
    for (const SchemaId id : view.ids)
        if (view.program->schemas[id].*index != no_rules)
            all.push_back(&table[view.program->schemas[id].*index]);
    return all;
}
std::vector<const ObjectRules*> objects(const View& v) {
    return rules_in(v, &SchemaNode::object, v.program->objects);
}
std::vector<const ArrayRules*> arrays(const View& v) {
    return rules_in(v, &SchemaNode::array, v.program->arrays);
}
std::vector<const StringRules*> strings(const View& v) {
    return rules_in(v, &SchemaNode::string, v.program->strings);
}
std::vector<const NumberRules*> numbers(const View& v) {
    return rules_in(v, &SchemaNode::number, v.program->numbers);
}
std::vector<const AnyRules*> anys(const View& v) {
    return rules_in(v, &SchemaNode::any, v.program->any);
}

/// `levels` of alternatives within alternatives are looked into.
std::uint8_t types_of(const View& view, int levels = 3) {
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
                        some | types_of(view_of(*view.program, {id}), levels - 1));
                types = static_cast<std::uint8_t>(types & some);
            }
        }
    }
    return types;
}

/// What is demanded of the member `name`.
View member_view(const View& view, const std::string& name) {
    std::vector<SchemaId> ids;
    bool declared = false;
    for (const ObjectRules* rules : objects(view)) {
        bool known = false;
        for (const auto& entry : rules->properties.entries())
            if (entry.name == name && entry.schema != no_schema) {
                ids.push_back(entry.schema);
                known = true;
            }
        for (const auto& one : rules->patterns)
            if (one.pattern->found_in(name)) {
                ids.push_back(one.schema);
                known = true;
            }
        if (!known)
            ids.push_back(rules->additional);
        declared = declared || known || rules->additional != accept_all;
    }
    View member = view_of(*view.program, std::move(ids));
    member.undeclared = !declared;
    return member;
}

View element_view(const View& view, std::size_t index) {
    std::vector<SchemaId> ids;
    for (const ArrayRules* rules : arrays(view))
        ids.push_back(index < rules->first.size() ? rules->first[index] : rules->rest);
    return view_of(*view.program, std::move(ids));
}

bool never(const View& view) {
    return std::find(view.ids.begin(), view.ids.end(), accept_none) != view.ids.end();
}

bool limit_implied(const Limit& wanted, const View& writer) {
    const bool lower = wanted.kind == Limit::Kind::AtLeast || wanted.kind == Limit::Kind::Above;
    const bool strict = wanted.kind == Limit::Kind::Above || wanted.kind == Limit::Kind::Below;
    for (const NumberRules* rules : numbers(writer)) {
        for (const Limit& limit : rules->limits) {
            const bool same_side =
                lower == (limit.kind == Limit::Kind::AtLeast || limit.kind == Limit::Kind::Above);
            const int order = wanted.bound.compare(limit.bound.text()) * (lower ? 1 : -1);
            const bool also_strict =
                limit.kind == Limit::Kind::Above || limit.kind == Limit::Kind::Below;
            if (same_side && (order > 0 || (order == 0 && (!strict || also_strict))))
                return true;
        }
    }
    return false;
}

class Comparison {
  public:
    Comparison(Direction direction, std::vector<Difference>& out,
               const std::vector<std::string>& ignored)
        : m_direction(direction)
        , m_out(out)
        , m_ignored(ignored) {}

    void compare(const View& reader, const View& writer, const std::string& pointer);

  private:
    void compare_here(const View& reader, const View& writer, const std::string& pointer);
    bool by_alternatives(const View& reader, const View& writer, const std::string& pointer);
    void add(const View& reader, const std::string& pointer, std::string what, const char* keyword);
    void types(const View& reader, const View& writer, const std::string& pointer);
    void number(const View& reader, const View& writer, const std::string& pointer);
    void string(const View& reader, const View& writer, const std::string& pointer);
    void array(const View& reader, const View& writer, const std::string& pointer);
    void object(const View& reader, const View& writer, const std::string& pointer);
    void members(const View& reader, const View& writer, const std::string& pointer);
    void values(const View& reader, const View& writer, const std::string& pointer);
    void combined(const View& reader, const View& writer, const std::string& pointer);
    bool same_keyword(const View& reader, const View& writer, const char* keyword) const;
    bool includes(const View& reader, const View& writer);
    std::string says(std::initializer_list<std::string_view> parts) const {
        std::string text(now());
        text += ' ';
        for (const std::string_view part : parts)
            text += part;
        return text;
    }
    const char* now() const {
        return m_direction == Direction::Backward ? "the new version" : "the old version";
    }
    const char* then() const {
        return m_direction == Direction::Backward ? "the old one" : "the new one";
    }
    const Direction m_direction;
    std::vector<Difference>& m_out;
    const std::vector<std::string>& m_ignored;
    std::set<std::pair<View, View>> m_open; // being compared now
    std::size_t m_steps = 0;
    bool m_undeclared = false; // the place compared was never agreed on by the writer
};

void Comparison::add(const View& reader, const std::string& pointer, std::string what,
                     const char* keyword) {
    const bool known = std::any_of(m_out.begin(), m_out.end(), [&](const Difference& d) {
        return d.direction == m_direction && d.pointer == pointer &&
               d.what.compare(0, what.size(), what) == 0;
    });
    if (known || m_out.size() >= differences_max)
        return;
    Difference difference;
    difference.direction = m_direction;
    difference.breaking = !m_undeclared;
    difference.pointer = pointer;
    difference.what = std::move(what);
    if (m_undeclared)
        difference.what.append(" (").append(then()).append(" says nothing of this member)");
    for (const SchemaId id : reader.ids) {
        const schema::Origin& origin = reader.program->schemas[id].origin;
        if (origin.document != nullptr &&
            (origin.document->tape.member(origin.node, keyword) || difference.rule.empty()))
            difference.rule = origin.document->name + "#" +
                              origin.document->tape.pointer(origin.node) + "/" + keyword;
    }
    m_out.push_back(std::move(difference));
}

void Comparison::types(const View& reader, const View& writer, const std::string& pointer) {
    const auto lost = static_cast<std::uint8_t>(types_of(writer) & ~types_of(reader));
    struct Word {
        std::uint8_t bits;
        const char* text;
    };
    constexpr Word words[] = {
        {type_object, "an object"},      {type_array, "an array"},
        {type_string, "a string"},       {type_number, "a number"},
        {type_integer, "an integer"},    {type_fraction, "a number that is not whole"},
        {type_boolean, "true or false"}, {type_null, "null"}};
    std::string text;
    std::uint8_t rest = lost;
    for (const Word& word : words) {
        if ((rest & word.bits) != word.bits)
            continue;
        rest = static_cast<std::uint8_t>(rest & ~word.bits);
        text.append(text.empty() ? "" : ", ").append(word.text);
    }
    if (lost != 0)
        add(reader, pointer, says({"does not take ", text, ", ", then(), " does"}), "type");
}

void Comparison::number(const View& reader, const View& writer, const std::string& pointer) {
    constexpr const char* words[] = {"at least ", "above ", "at most ", "below "};
    const auto enums = anys(writer);
    const bool listed = std::any_of(enums.begin(), enums.end(),
                                    [](const AnyRules* r) { return !r->enums.empty(); });
    for (const NumberRules* rules : numbers(reader)) {
        for (const Limit& limit : rules->limits) {
            const bool lower =
                limit.kind == Limit::Kind::AtLeast || limit.kind == Limit::Kind::Above;
            if (!listed && !limit_implied(limit, writer))
                add(reader, pointer,
                    says({"wants ", words[static_cast<std::size_t>(limit.kind)], limit.bound.text(),
                          ", ", then(), " allows more"}),
                    lower ? "minimum" : "maximum");
        }
        if (!rules->multiple_of || listed)
            continue;
        const auto theirs = numbers(writer);
        const bool implied = std::any_of(theirs.begin(), theirs.end(), [&](const NumberRules* r) {
            return r->multiple_of && rules->multiple_of->divides(r->multiple_of->text());
        });
        if (!implied)
            add(reader, pointer, says({"wants a multiple of ", rules->multiple_of->text()}),
                "multipleOf");
    }
}

void Comparison::string(const View& reader, const View& writer, const std::string& pointer) {
    std::uint32_t least = 0;
    std::uint32_t most = no_limit;
    const auto theirs = strings(writer);
    for (const StringRules* rules : theirs) {
        least = std::max(least, rules->length_min);
        most = std::min(most, rules->length_max);
    }
    for (const AnyRules* rules : anys(writer))
        if (!rules->enums.empty())
            return; // values() has them one by one
    for (const StringRules* rules : strings(reader)) {
        if (rules->length_min > least)
            add(reader, pointer,
                says({"wants at least ", std::to_string(rules->length_min), " characters"}),
                "minLength");
        if (rules->length_max < most)
            add(reader, pointer,
                says({"takes at most ", std::to_string(rules->length_max), " characters"}),
                "maxLength");
        if (rules->pattern && std::none_of(theirs.begin(), theirs.end(), [&](const StringRules* r) {
                return r->pattern && r->pattern->text() == rules->pattern->text();
            }))
            add(reader, pointer, says({"wants text that matches ", rules->pattern->text()}),
                "pattern");
        if (rules->format != nullptr &&
            std::none_of(theirs.begin(), theirs.end(),
                         [&](const StringRules* r) { return r->format == rules->format; }))
            add(reader, pointer, says({"wants ", rules->format->words}), "format");
    }
}

void Comparison::array(const View& reader, const View& writer, const std::string& pointer) {
    std::uint32_t least = 0;
    std::uint32_t most = no_limit;
    bool unique = false;
    std::size_t listed = 0;
    for (const ArrayRules* rules : arrays(writer)) {
        least = std::max(least, rules->size_min);
        most = std::min(most, rules->size_max);
        unique = unique || rules->unique;
        listed = std::max(listed, rules->first.size());
    }
    for (const ArrayRules* rules : arrays(reader)) {
        listed = std::max(listed, rules->first.size());
        if (rules->size_min > least)
            add(reader, pointer,
                says({"wants at least ", std::to_string(rules->size_min), " elements"}),
                "minItems");
        if (rules->size_max < most)
            add(reader, pointer,
                says({"takes at most ", std::to_string(rules->size_max), " elements"}), "maxItems");
        if (rules->unique && !unique)
            add(reader, pointer, says({"takes no element twice"}), "uniqueItems");
        if (rules->contains != no_schema && !same_keyword(reader, writer, "contains"))
            add(reader, pointer, says({"wants an element of a certain kind"}), "contains");
    }
    for (std::size_t i = 0; i < std::min<std::size_t>(listed, 1'000); ++i)
        compare(element_view(reader, i), element_view(writer, i),
                pointer + "/" + std::to_string(i));
    if (!arrays(reader).empty() && most > listed)
        compare(element_view(reader, listed), element_view(writer, listed), pointer + "/*");
}

void Comparison::members(const View& reader, const View& writer, const std::string& pointer) {
    std::set<std::string> names;
    for (const View* view : {&reader, &writer})
        for (const ObjectRules* rules : objects(*view))
            for (const auto& entry : rules->properties.entries())
                names.insert(entry.name);
    for (const std::string& name : names) {
        const View theirs = member_view(writer, name);
        const View ours = member_view(reader, name);
        const std::string at = pointer + pointer_step(name);
        if (never(theirs))
            continue;
        const bool outer = m_undeclared;
        m_undeclared = outer || theirs.undeclared;
        if (never(ours))
            add(reader, at, says({"does not take this member"}), "additionalProperties");
        else
            compare(ours, theirs, at);
        m_undeclared = outer;
    }
    // What neither names.
    const View ours = member_view(reader, std::string("\x01"));
    const View theirs = member_view(writer, std::string("\x01"));
    if (never(theirs) || ours.ids.empty())
        return;
    if (never(ours))
        add(reader, pointer, says({"takes no further members, ", then(), " does"}),
            "additionalProperties");
    else
        compare(ours, theirs, pointer + "/*");
}

void Comparison::object(const View& reader, const View& writer, const std::string& pointer) {
    std::uint32_t least = 0;
    std::uint32_t most = no_limit;
    std::set<std::string> required;
    for (const ObjectRules* rules : objects(writer)) {
        least = std::max(least, rules->size_min);
        most = std::min(most, rules->size_max);
        for (const std::uint32_t entry : rules->required)
            required.insert(rules->properties.entries()[entry].name);
    }
    for (const ObjectRules* rules : objects(reader)) {
        for (const std::uint32_t entry : rules->required) {
            const std::string& name = rules->properties.entries()[entry].name;
            if (required.count(name) == 0)
                add(reader, pointer + pointer_step(name),
                    says({"requires this member, ", then(), " does not"}), "required");
        }
        if (rules->size_min > std::max<std::size_t>(least, required.size()))
            add(reader, pointer, says({"wants more members"}), "minProperties");
        if (rules->size_max < most)
            add(reader, pointer, says({"takes fewer members"}), "maxProperties");
        for (const char* keyword : {"dependencies", "propertyNames"}) {
            const bool has =
                *keyword == 'd' ? !rules->dependencies.empty() : rules->names != no_schema;
            if (has && !same_keyword(reader, writer, keyword))
                add(reader, pointer, says({"has other ", keyword}), keyword);
        }
    }
    members(reader, writer, pointer);
}

/// Whether both have the keyword, with the same value.
bool Comparison::same_keyword(const View& reader, const View& writer, const char* keyword) const {
    for (const SchemaId id : reader.ids) {
        const schema::Origin& ours = reader.program->schemas[id].origin;
        const auto a = ours.document == nullptr ? std::nullopt
                                                : ours.document->tape.member(ours.node, keyword);
        if (!a)
            continue;
        bool found = false;
        for (const SchemaId other : writer.ids) {
            const schema::Origin& theirs = writer.program->schemas[other].origin;
            const auto b = theirs.document == nullptr
                               ? std::nullopt
                               : theirs.document->tape.member(theirs.node, keyword);
            found = found || (b && json_equal(ours.document->tape, *a, theirs.document->tape, *b));
        }
        if (!found)
            return false;
    }
    return true;
}

void Comparison::values(const View& reader, const View& writer, const std::string& pointer) {
    const auto theirs = anys(writer);
    const EnumRules* written = nullptr;
    for (const AnyRules* rules : theirs)
        for (const EnumRules& values : rules->enums)
            if (written == nullptr)
                written = &values;
    if (written != nullptr) { // each value that may come is tried as it is
        const JsonTape& tape = written->origin.document->tape;
        const std::uint32_t root = written->origin.node;
        const std::uint32_t end = written->is_const ? root + 1 : tape.nodes()[root].next;
        for (std::uint32_t i = written->is_const ? root : root + 1; i < end;
             i = written->is_const ? end : tape.nodes()[i].next) {
            const std::string text(tape.raw_quoted(i));
            JsonTape value;
            SchemaValidator validator;
            if (!value.parse(text))
                continue;
            for (const SchemaId id : reader.ids)
                if (!validator.accepts(*reader.program, id, value)) {
                    add(reader, pointer, says({"does not take the value ", found_text(text)}),
                        "enum");
                    break;
                }
        }
        return;
    }
    for (const AnyRules* rules : anys(reader))
        if (!rules->enums.empty())
            return add(reader, pointer, says({"takes only certain values, ", then(), " takes any"}),
                       rules->enums.front().is_const ? "const" : "enum");
}

/// Whether the reader takes all that the writer may send, without saying why not.
bool Comparison::includes(const View& reader, const View& writer) {
    std::vector<Difference> found;
    Comparison inner(m_direction, found, m_ignored);
    inner.m_steps = m_steps;
    inner.compare(reader, writer, "");
    m_steps = inner.m_steps;
    return found.empty();
}

void Comparison::combined(const View& reader, const View& writer, const std::string& pointer) {
    for (const AnyRules* rules : anys(reader)) {
        const auto alternatives = [&](const std::vector<std::vector<SchemaId>>& lists,
                                      const char* keyword) {
            for (const auto& list : lists) {
                const bool fits = same_keyword(reader, writer, keyword) ||
                                  std::any_of(list.begin(), list.end(), [&](SchemaId id) {
                                      return includes(view_of(*reader.program, {id}), writer);
                                  });
                if (!fits)
                    add(reader, pointer,
                        says({"takes only its alternatives; that all events of ", then(),
                              " fit one of them cannot be shown"}),
                        keyword);
            }
        };
        alternatives(rules->any_of, "anyOf");
        alternatives(rules->one_of, "oneOf");
        if (rules->not_this != no_schema && !same_keyword(reader, writer, "not"))
            add(reader, pointer, says({"excludes something else"}), "not");
        if (rules->condition != no_schema &&
            !(same_keyword(reader, writer, "if") && same_keyword(reader, writer, "then") &&
              same_keyword(reader, writer, "else")))
            add(reader, pointer, says({"has another condition"}), "if");
    }
}

void Comparison::compare(const View& reader, const View& writer, const std::string& pointer) {
    if (std::find(m_ignored.begin(), m_ignored.end(), pointer) != m_ignored.end() ||
        reader.ids.empty() || never(writer))
        return;
    if (++m_steps > compatibility_steps_max) {
        if (m_steps == compatibility_steps_max + 1)
            add(reader, pointer, "the schemas are too large to be compared further", "$schema");
        return;
    }
    const auto [at, fresh] = m_open.insert({reader, writer});
    if (!fresh)
        return; // a schema within itself
    if (!by_alternatives(reader, writer, pointer))
        compare_here(reader, writer, pointer);
    m_open.erase(at);
}

/// What the writer sends is one of several: each alternative must be taken. False: it is not so.
bool Comparison::by_alternatives(const View& reader, const View& writer,
                                 const std::string& pointer) {
    for (const SchemaId id : writer.ids) {
        const std::uint32_t any = writer.program->schemas[id].any;
        if (any == no_rules)
            continue;
        const AnyRules& rules = writer.program->any[any];
        const bool first = !rules.any_of.empty();
        const bool done =
            std::find(writer.taken.begin(), writer.taken.end(), id) != writer.taken.end();
        if (done || (!first && rules.one_of.empty()) ||
            same_keyword(reader, writer, first ? "anyOf" : "oneOf"))
            continue;
        for (const SchemaId one : (first ? rules.any_of : rules.one_of).front()) {
            std::vector<SchemaId> ids = writer.ids;
            ids.push_back(one);
            View narrowed = view_of(*writer.program, std::move(ids));
            narrowed.taken = writer.taken;
            narrowed.taken.push_back(id);
            compare(reader, narrowed, pointer);
        }
        return true;
    }
    return false;
}

void Comparison::compare_here(const View& reader, const View& writer, const std::string& pointer) {
    types(reader, writer, pointer);
    const std::uint8_t both = types_of(writer) & types_of(reader);
    values(reader, writer, pointer);
    if ((both & type_number) != 0)
        number(reader, writer, pointer);
    if ((both & type_string) != 0)
        string(reader, writer, pointer);
    if ((both & type_array) != 0 && !arrays(reader).empty())
        array(reader, writer, pointer);
    if ((both & type_object) != 0 && !objects(reader).empty())
        object(reader, writer, pointer);
    combined(reader, writer, pointer);
}

} // namespace

std::string_view to_word(Direction direction) {
    return direction == Direction::Backward ? "backward" : "forward";
}

bool Compatibility::holds(Direction direction) const {
    return std::none_of(differences.begin(), differences.end(), [&](const Difference& d) {
        return d.breaking && d.direction == direction;
    });
}

Compatibility compare_schemas(const schema::JsonSchema& older, const schema::JsonSchema& newer,
                              const std::vector<std::string>& ignored) {
    Compatibility result;
    const View old_view = view_of(older.program(), {older.program().root});
    const View new_view = view_of(newer.program(), {newer.program().root});
    Comparison(Direction::Backward, result.differences, ignored).compare(new_view, old_view, "");
    Comparison(Direction::Forward, result.differences, ignored).compare(old_view, new_view, "");
    return result;
}

} // namespace weir
