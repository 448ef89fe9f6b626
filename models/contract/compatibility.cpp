// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/compatibility.h"

#include <algorithm>
#include <set>
#include <utility>

#include "models/contract/schema/demand.h"
#include "models/contract/schema/pattern_literals.h"
#include "models/contract/schema/same_schema.h"
#include "models/workspace/schema_check.h"

namespace weir {

namespace {

using schema::AnyRules, schema::ArrayRules, schema::Demand, schema::demand_of,
    schema::element_demand, schema::EnumRules, schema::further_demand, schema::Limit,
    schema::member_demand, schema::no_limit, schema::no_rules, schema::no_schema,
    schema::NumberRules, schema::ObjectRules, schema::Program, schema::SchemaId,
    schema::SchemaValidator, schema::StringRules, schema::type_array, schema::type_boolean,
    schema::type_fraction, schema::type_integer, schema::type_null, schema::type_number,
    schema::type_object, schema::type_string, schema::types_of;

/// So many patterns of members' names are gone through in every combination.
constexpr std::size_t patterns_max = 6;
constexpr const char* too_large = "the schemas are too large to be compared further";

bool limit_implied(const Limit& wanted, const Demand& writer) {
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

/// Draft-04: 1.0 is no integer.
bool whole_by_spelling(const Demand& demand) {
    return std::any_of(demand.ids.begin(), demand.ids.end(), [&](SchemaId id) {
        const schema::SchemaNode& node = demand.program->schemas[id];
        return node.whole_by_spelling && (node.types & type_number) == type_integer;
    });
}

/// Whether one of the demand's rules passes.
template <class Rules, class Test>
bool any_rules(const std::vector<const Rules*>& all, Test test) {
    return std::any_of(all.begin(), all.end(), [&](const Rules* rules) { return test(*rules); });
}

/// Whether the demand has the same list of alternatives.
bool has_alternatives(const Demand& demand, const Program& program,
                      const std::vector<SchemaId>& wanted, bool exactly_one) {
    return any_rules(anys(demand), [&](const AnyRules& rules) {
        const auto& lists = exactly_one ? rules.one_of : rules.any_of;
        return std::any_of(lists.begin(), lists.end(), [&](const auto& list) {
            return same_schemas(schema::SchemaList{program, wanted},
                                schema::SchemaList{*demand.program, list});
        });
    });
}

/// The patterns of both, each once.
std::vector<std::string> patterns_of(const Demand& reader, const Demand& writer) {
    std::vector<std::string> all;
    for (const Demand* demand : {&reader, &writer})
        for (const ObjectRules* rules : objects(*demand))
            for (const auto& one : rules->patterns)
                if (std::find(all.begin(), all.end(), one.pattern->text()) == all.end())
                    all.push_back(one.pattern->text());
    return all;
}

/// Whether a name can fit both, as far as can be seen.
bool may_meet(const std::string& a, const std::string& b) {
    const std::string one = schema::literal_beginning(a);
    const std::string other = schema::literal_beginning(b);
    const std::size_t size = std::min(one.size(), other.size());
    return one.compare(0, size, other, 0, size) == 0;
}

class Comparison {
  public:
    Comparison(Direction direction, std::vector<Difference>& out,
               const std::vector<std::string>& ignored)
        : m_direction(direction)
        , m_out(&out)
        , m_ignored(ignored) {}

    void compare(const Demand& reader, const Demand& writer, const std::string& pointer);

  private:
    void compare_here(const Demand& reader, const Demand& writer, const std::string& pointer);
    bool by_alternatives(const Demand& reader, const Demand& writer, const std::string& pointer);
    void add(const Demand& reader, const std::string& pointer, std::string what,
             const char* keyword);
    void types(const Demand& reader, const Demand& writer, const std::string& pointer);
    void number(const Demand& reader, const Demand& writer, const std::string& pointer);
    void string(const Demand& reader, const Demand& writer, const std::string& pointer);
    void array(const Demand& reader, const Demand& writer, const std::string& pointer);
    void object(const Demand& reader, const Demand& writer, const std::string& pointer);
    void members(const Demand& reader, const Demand& writer, const std::string& pointer);
    void further_members(const Demand& reader, const Demand& writer, const std::string& pointer);
    void member(const Demand& reader, const Demand& writer, const std::string& pointer);
    void values(const Demand& reader, const Demand& writer, const std::string& pointer);
    void combined(const Demand& reader, const Demand& writer, const std::string& pointer);
    void alternatives(const Demand& reader, const Demand& writer, const std::string& pointer,
                      const std::vector<SchemaId>& list, bool exactly_one);
    bool includes(const Demand& reader, const Demand& writer, const std::string& pointer);
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
    std::vector<Difference>* m_out;
    const std::vector<std::string>& m_ignored;
    std::set<std::pair<Demand, Demand>> m_open; // being compared now
    std::size_t m_steps = 0;
    bool m_undeclared = false; // the place compared was never agreed on by the writer
};

void Comparison::add(const Demand& reader, const std::string& pointer, std::string what,
                     const char* keyword) {
    const bool known = std::any_of(m_out->begin(), m_out->end(), [&](const Difference& d) {
        return d.direction == m_direction && d.pointer == pointer &&
               d.what.compare(0, what.size(), what) == 0;
    });
    if (known || m_out->size() >= differences_max)
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
    m_out->push_back(std::move(difference));
}

void Comparison::types(const Demand& reader, const Demand& writer, const std::string& pointer) {
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
    if (whole_by_spelling(reader) && !whole_by_spelling(writer) &&
        (types_of(writer) & type_integer) != 0)
        add(reader, pointer, says({"does not take 1.0 for an integer, ", then(), " does"}), "type");
}

void Comparison::number(const Demand& reader, const Demand& writer, const std::string& pointer) {
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

void Comparison::string(const Demand& reader, const Demand& writer, const std::string& pointer) {
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

void Comparison::array(const Demand& reader, const Demand& writer, const std::string& pointer) {
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
        const bool contained = rules->contains == no_schema ||
                               any_rules(arrays(writer), [&](const ArrayRules& theirs) {
                                   return same_schema(*reader.program, rules->contains,
                                                      *writer.program, theirs.contains);
                               });
        if (!contained)
            add(reader, pointer, says({"wants an element of a certain kind"}), "contains");
    }
    for (std::size_t i = 0; i < std::min<std::size_t>(listed, 1'000); ++i)
        compare(element_demand(reader, i), element_demand(writer, i),
                pointer + "/" + std::to_string(i));
    if (!arrays(reader).empty() && most > listed)
        compare(element_demand(reader, listed), element_demand(writer, listed), pointer + "/*");
}

void Comparison::member(const Demand& ours, const Demand& theirs, const std::string& pointer) {
    if (never(theirs))
        return;
    const bool outer = m_undeclared;
    m_undeclared = outer || theirs.undeclared;
    if (never(ours))
        add(ours, pointer, says({"does not take this member"}), "additionalProperties");
    else
        compare(ours, theirs, pointer);
    m_undeclared = outer;
}

void Comparison::members(const Demand& reader, const Demand& writer, const std::string& pointer) {
    std::set<std::string> names;
    for (const Demand* demand : {&reader, &writer})
        for (const ObjectRules* rules : objects(*demand))
            for (const auto& entry : rules->properties.entries())
                names.insert(entry.name);
    for (const std::string& name : names)
        member(member_demand(reader, name), member_demand(writer, name),
               pointer + pointer_step(name));
    further_members(reader, writer, pointer);
}

/// What neither names: by every combination of the patterns that a name may fit.
void Comparison::further_members(const Demand& reader, const Demand& writer,
                                 const std::string& pointer) {
    const std::vector<std::string> patterns = patterns_of(reader, writer);
    if (patterns.size() > patterns_max) {
        const auto ours = objects(reader);
        const bool same = std::all_of(ours.begin(), ours.end(), [&](const ObjectRules* rules) {
            return any_rules(objects(writer), [&](const ObjectRules& theirs) {
                return same_further_members(*reader.program, *rules, *writer.program, theirs);
            });
        });
        if (!same)
            add(reader, pointer,
                says({"has other patternProperties; that it takes all of ", then(),
                      " cannot be shown"}),
                "patternProperties");
        return;
    }
    for (std::size_t chosen = 1; chosen < std::size_t{1} << patterns.size(); ++chosen) {
        std::vector<std::string> fitting;
        bool possible = true;
        for (std::size_t i = 0; i < patterns.size(); ++i) {
            if ((chosen >> i & 1U) == 0)
                continue;
            possible = possible &&
                       std::all_of(fitting.begin(), fitting.end(), [&](const std::string& other) {
                           return may_meet(other, patterns[i]);
                       });
            fitting.push_back(patterns[i]);
        }
        if (possible)
            member(further_demand(reader, fitting), further_demand(writer, fitting),
                   pointer + "/{" + fitting.front() + "}");
    }
    const Demand ours = further_demand(reader, {});
    const Demand theirs = further_demand(writer, {});
    if (never(theirs) || ours.ids.empty())
        return;
    if (never(ours))
        add(reader, pointer, says({"takes no further members, ", then(), " does"}),
            "additionalProperties");
    else
        compare(ours, theirs, pointer + "/*");
}

void Comparison::object(const Demand& reader, const Demand& writer, const std::string& pointer) {
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
        const auto theirs = objects(writer);
        const auto has = [&](const ObjectRules::Dependency& wanted) {
            return any_rules(theirs, [&](const ObjectRules& other) {
                return std::any_of(other.dependencies.begin(), other.dependencies.end(),
                                   [&](const ObjectRules::Dependency& one) {
                                       return same_dependency(*reader.program, wanted,
                                                              *writer.program, one);
                                   });
            });
        };
        if (!std::all_of(rules->dependencies.begin(), rules->dependencies.end(), has))
            add(reader, pointer, says({"has other dependencies"}), "dependencies");
        const bool named =
            rules->names == no_schema || any_rules(theirs, [&](const ObjectRules& other) {
                return same_schema(*reader.program, rules->names, *writer.program, other.names);
            });
        if (!named)
            add(reader, pointer, says({"has other propertyNames"}), "propertyNames");
    }
    members(reader, writer, pointer);
}

void Comparison::values(const Demand& reader, const Demand& writer, const std::string& pointer) {
    const auto theirs = anys(writer);
    const EnumRules* written = nullptr;
    for (const AnyRules* rules : theirs)
        for (const EnumRules& values : rules->enums)
            if (written == nullptr)
                written = &values;
    if (written != nullptr) { // each value that may come is tried as it is
        SchemaValidator validator;
        any_value(*written, [&](const JsonTape& value) {
            const bool taken = std::all_of(reader.ids.begin(), reader.ids.end(), [&](SchemaId id) {
                return validator.accepts(*reader.program, id, value);
            });
            if (!taken)
                add(reader, pointer, says({"does not take the value ", found_text(value.text())}),
                    "enum");
            return false; // all of them
        });
        return;
    }
    for (const AnyRules* rules : anys(reader))
        if (!rules->enums.empty())
            return add(reader, pointer, says({"takes only certain values, ", then(), " takes any"}),
                       rules->enums.front().is_const ? "const" : "enum");
}

/// Whether the reader takes all that the writer may send, without saying why not.
bool Comparison::includes(const Demand& reader, const Demand& writer, const std::string& pointer) {
    std::vector<Difference> found;
    std::vector<Difference>* const out = std::exchange(m_out, &found);
    const bool undeclared = std::exchange(m_undeclared, false);
    compare(reader, writer, pointer);
    m_out = out;
    m_undeclared = undeclared;
    return found.empty();
}

/// The reader wants one of a list, or `exactly_one`: then no other may take any of it.
void Comparison::alternatives(const Demand& reader, const Demand& writer,
                              const std::string& pointer, const std::vector<SchemaId>& list,
                              bool exactly_one) {
    if (has_alternatives(writer, *reader.program, list, exactly_one))
        return;
    const bool fits = std::any_of(list.begin(), list.end(), [&](const SchemaId& id) {
        return includes(demand_of(*reader.program, {id}), writer, pointer) &&
               (!exactly_one || std::all_of(list.begin(), list.end(), [&](const SchemaId& other) {
                   return &other == &id ||
                          are_disjoint(demand_of(*reader.program, {other}), writer);
               }));
    });
    if (!fits)
        add(reader, pointer,
            says({"takes only its alternatives; that all events of ", then(),
                  exactly_one ? " fit exactly one of them cannot be shown"
                              : " fit one of them cannot be shown"}),
            exactly_one ? "oneOf" : "anyOf");
}

void Comparison::combined(const Demand& reader, const Demand& writer, const std::string& pointer) {
    const auto theirs = anys(writer);
    const auto same = [&](SchemaId ours, SchemaId other) {
        return same_schema(*reader.program, ours, *writer.program, other);
    };
    for (const AnyRules* rules : anys(reader)) {
        for (const auto& list : rules->any_of)
            alternatives(reader, writer, pointer, list, false);
        for (const auto& list : rules->one_of)
            alternatives(reader, writer, pointer, list, true);
        const bool excluded =
            rules->not_this == no_schema ||
            any_rules(theirs,
                      [&](const AnyRules& r) { return same(rules->not_this, r.not_this); }) ||
            are_disjoint(demand_of(*reader.program, {rules->not_this}), writer);
        if (!excluded)
            add(reader, pointer, says({"excludes something else"}), "not");
        const bool conditioned =
            rules->condition == no_schema || any_rules(theirs, [&](const AnyRules& r) {
                return same(rules->condition, r.condition) && same(rules->then, r.then) &&
                       same(rules->otherwise, r.otherwise);
            });
        if (!conditioned)
            add(reader, pointer, says({"has another condition"}), "if");
    }
}

void Comparison::compare(const Demand& reader, const Demand& writer, const std::string& pointer) {
    if (std::find(m_ignored.begin(), m_ignored.end(), pointer) != m_ignored.end() ||
        reader.ids.empty() || never(writer))
        return;
    if (++m_steps > compatibility_steps_max) {
        m_steps = compatibility_steps_max;
        const bool undeclared = std::exchange(m_undeclared, false); // nothing is known of any place
        if (m_out->empty() || m_out->back().what != too_large)
            add(reader, pointer, too_large, "$schema");
        m_undeclared = undeclared;
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
bool Comparison::by_alternatives(const Demand& reader, const Demand& writer,
                                 const std::string& pointer) {
    for (const SchemaId id : writer.ids) {
        const std::uint32_t any = writer.program->schemas[id].any;
        if (any == no_rules)
            continue;
        const AnyRules& rules = writer.program->any[any];
        const bool first = !rules.any_of.empty();
        const bool done =
            std::find(writer.taken.begin(), writer.taken.end(), id) != writer.taken.end();
        if (done || (!first && rules.one_of.empty()))
            continue;
        const std::vector<SchemaId>& list = (first ? rules.any_of : rules.one_of).front();
        // A reader without alternatives is held against what holds for all of the writer's.
        const bool asked = any_rules(anys(reader), [&](const AnyRules& ours) {
            return !(first ? ours.any_of : ours.one_of).empty();
        });
        if (!asked || has_alternatives(reader, *writer.program, list, !first))
            continue;
        for (const SchemaId one : list) {
            std::vector<SchemaId> ids = writer.ids;
            ids.push_back(one);
            Demand narrowed = demand_of(*writer.program, std::move(ids));
            narrowed.taken = writer.taken;
            narrowed.taken.push_back(id);
            compare(reader, narrowed, pointer);
        }
        return true;
    }
    return false;
}

void Comparison::compare_here(const Demand& reader, const Demand& writer,
                              const std::string& pointer) {
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
    const Demand old_view = demand_of(older.program(), {older.program().root});
    const Demand new_view = demand_of(newer.program(), {newer.program().root});
    Comparison(Direction::Backward, result.differences, ignored).compare(new_view, old_view, "");
    Comparison(Direction::Forward, result.differences, ignored).compare(old_view, new_view, "");
    return result;
}

} // namespace weir
