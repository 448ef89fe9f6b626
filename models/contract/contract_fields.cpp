// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/contract_fields.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "connectors/base/near_word.h"
#include "models/contract/schema/ecma_pattern.h"
#include "models/contract/schema/program.h"
#include "models/contract/schema/words.h"
#include "models/workspace/schema_check.h"

namespace weir {

namespace {

using schema::Library;
using schema::Place;

constexpr int levels_max = 32;
constexpr int steps_max = 200'000; // allOf within allOf can ask for more than anybody has time for

/// A default, and the schema that it stands in.
struct DefaultAt {
    std::size_t field;
    Place keyword;       // its value
    Place schema;        // behind all references
    bool always = false; // not only in a branch of anyOf or oneOf
};

class Walk {
  public:
    Walk(Library& library, const schema::Program& program)
        : m_library(library)
        , m_program(program) {
        for (schema::SchemaId id = 0; id < program.schemas.size(); ++id) {
            const schema::Origin& origin = program.schemas[id].origin;
            if (origin.document != nullptr)
                m_compiled.emplace(std::pair(origin.document, origin.node), id);
        }
    }

    /// `alternative`: only one of several that the event may be, so that nothing is required by it.
    void schema_at(Place place, const std::string& pointer, int level, bool alternative = false);
    std::vector<ContractField> fields;
    std::vector<DefaultAt> defaults;
    std::optional<Error> error;

  private:
    std::optional<Place> target(Place place);
    void members(const Place& place, std::uint32_t map, const std::string& pointer, int level,
                 bool alternative);
    void patterns(const Place& place, std::uint32_t map, const std::string& pointer, int level);
    void other_members(const Place& place, const std::string& pointer, int level);
    void elements(const Place& place, const std::string& pointer, int level);
    void field(const Place& where, const std::string& pointer, bool required, int level);
    void annotate(const Place& place, ContractField& field);
    void add_demands(const Place& place, ContractField& field) const;
    void note_default(const Place& place, const Place& target, std::size_t number);
    std::string text(const Place& place, const char* name) const;
    Library& m_library;
    const schema::Program& m_program;
    std::map<std::pair<const schema::Document*, std::uint32_t>, schema::SchemaId> m_compiled;
    std::unordered_map<std::string, std::size_t> m_by_pointer; // of `fields`
    int m_steps = 0;
    int m_branches = 0; // that lead here and may be another's: of anyOf, patterns, positions, …
};

bool is_kind(const Place& place, std::uint32_t node, JsonKind kind) {
    return place.document->tape.nodes()[node].kind == kind;
}

Place inner(const Place& around, std::uint32_t node) {
    return {around.document, node, Library::base_at(*around.document, node, around.base)};
}

std::string Walk::text(const Place& place, const char* name) const {
    const auto& tape = place.document->tape;
    const auto found = tape.member(place.node, name);
    return found && is_kind(place, *found, JsonKind::String) ? tape.unescaped(*found)
                                                             : std::string();
}

/// Where a chain of references ends; nullopt: nowhere, which is the compiler's to tell.
std::optional<Place> Walk::target(Place place) {
    for (int steps = 0; steps < levels_max; ++steps) {
        const std::string reference =
            is_kind(place, place.node, JsonKind::Object) ? text(place, "$ref") : std::string();
        if (reference.empty())
            return place;
        auto next = m_library.resolve(place.base, reference);
        if (!next)
            return std::nullopt;
        place = std::move(*next);
    }
    return std::nullopt;
}

std::string type_words(const Place& place) {
    const auto& tape = place.document->tape;
    const auto type = tape.member(place.node, "type");
    if (!type)
        return {};
    if (is_kind(place, *type, JsonKind::String))
        return tape.unescaped(*type);
    std::string words;
    for (std::uint32_t i = *type + 1; i < tape.nodes()[*type].next; i = tape.nodes()[i].next)
        words += (words.empty() ? "" : " or ") + tape.unescaped(i);
    return words;
}

/// The field's schema as a text of its own: what stands beside a reference does not count.
std::string schema_text(const Place& where, const std::optional<Place>& target) {
    const Place& place = target ? *target : where;
    std::string text(place.document->tape.raw_quoted(place.node));
    return text.find("\"$ref\"") == std::string::npos ? text : std::string();
}

/// What stands beside the field itself goes before what its reference leads to.
void Walk::annotate(const Place& place, ContractField& field) {
    const auto& tape = place.document->tape;
    if (field.types.empty())
        field.types = type_words(place);
    if (field.description.empty())
        field.description = text(place, "description");
    if (field.unit.empty())
        field.unit = text(place, "unit");
    const std::string pii = text(place, "pii");
    if (pii.empty() || !field.pii.empty())
        return;
    const auto& known = pii_classes();
    if (std::find(known.begin(), known.end(), pii) == known.end() && !error) {
        Error wrong;
        wrong.code = ErrorCode::Config;
        wrong.what = "\"" + pii + "\" is no class of personal data";
        wrong.where = place_text(*place.document, *tape.member(place.node, "pii"));
        const std::string near = nearest_word(pii, known);
        if (!near.empty())
            wrong.advice = "Did you mean \"" + near + "\"?";
        error = std::move(wrong);
    }
    field.pii = pii;
}

void Walk::note_default(const Place& place, const Place& target, std::size_t number) {
    const auto& tape = place.document->tape;
    const auto value = tape.member(place.node, "default");
    if (!value || !fields[number].default_json.empty())
        return;
    fields[number].default_json = std::string(tape.raw_quoted(*value));
    defaults.push_back({number, {place.document, *value, place.base}, target, m_branches == 0});
}

void Walk::add_demands(const Place& place, ContractField& field) const {
    const auto found = m_compiled.find({place.document, place.node});
    if (found == m_compiled.end())
        return;
    for (std::string& demand : schema::demands_in_words(m_program, found->second))
        if (std::find(field.demands.begin(), field.demands.end(), demand) == field.demands.end())
            field.demands.push_back(std::move(demand));
}

/// A field may be named in several places that all hold (allOf): what they say adds up.
void Walk::field(const Place& where, const std::string& pointer, bool required, int level) {
    if (fields.size() >= Contract::fields_max)
        return;
    const auto [known, fresh] = m_by_pointer.try_emplace(pointer, fields.size());
    if (fresh)
        fields.emplace_back().pointer = pointer;
    const auto place = target(where);
    ContractField& field = fields[known->second];
    field.required = field.required || required;
    for (const Place* at : {&where, place ? &*place : nullptr}) {
        if (at == nullptr || !is_kind(*at, at->node, JsonKind::Object))
            continue;
        annotate(*at, field);
        note_default(*at, place ? *place : where, known->second);
        if (place)
            add_demands(*place, field);
    }
    if (field.personal() && field.schema_json.empty())
        field.schema_json = schema_text(where, place);
    if (place)
        schema_at(*place, pointer, level + 1);
}

void Walk::members(const Place& place, std::uint32_t map, const std::string& pointer, int level,
                   bool alternative) {
    const auto& tape = place.document->tape;
    const auto& nodes = tape.nodes();
    const auto required = tape.member(place.node, "required");
    const auto is_required = [&](const std::string& name) {
        if (alternative || !required || !is_kind(place, *required, JsonKind::Array))
            return false;
        for (std::uint32_t i = *required + 1; i < nodes[*required].next; i = nodes[i].next)
            if (tape.unescaped(i) == name)
                return true;
        return false;
    };
    for (std::uint32_t key = map + 1; key < nodes[map].next; key = nodes[key + 1].next) {
        const std::string name = tape.unescaped(key);
        field(inner(place, key + 1), pointer + pointer_step(name), is_required(name), level);
    }
}

/// Members whose names are in a pattern: "/utm/{^utm_}". What a pattern says of one that is named
/// adds up with what is said there.
void Walk::patterns(const Place& place, std::uint32_t map, const std::string& pointer, int level) {
    const auto& tape = place.document->tape;
    const auto& nodes = tape.nodes();
    const auto named = tape.member(place.node, "properties");
    const bool names = named && is_kind(place, *named, JsonKind::Object);
    for (std::uint32_t key = map + 1; key < nodes[map].next; key = nodes[key + 1].next) {
        const std::string text = tape.unescaped(key);
        const Place schema = inner(place, key + 1);
        if (const auto pattern = schema::EcmaPattern::compile(text); pattern && names)
            for (std::uint32_t at = *named + 1; at < nodes[*named].next; at = nodes[at + 1].next)
                if (const std::string name = tape.unescaped(at); (*pattern)->found_in(name))
                    field(schema, pointer + pointer_step(name), false, level);
        field(schema, pointer + pointer_step("{" + text + "}"), false, level);
    }
}

/// Members that nothing else names: "/labels/{*}".
void Walk::other_members(const Place& place, const std::string& pointer, int level) {
    const auto& tape = place.document->tape;
    if (const auto map = tape.member(place.node, "patternProperties");
        map && is_kind(place, *map, JsonKind::Object))
        patterns(place, *map, pointer, level);
    if (const auto other = tape.member(place.node, "additionalProperties");
        other && is_kind(place, *other, JsonKind::Object))
        field(inner(place, *other), pointer + "/{*}", false, level);
}

/// A list's "/items/*", or a tuple's "/items/0" and so on.
void Walk::elements(const Place& place, const std::string& pointer, int level) {
    const auto& tape = place.document->tape;
    const auto items = tape.member(place.node, "items");
    if (items && is_kind(place, *items, JsonKind::Object))
        return field(inner(place, *items), pointer + "/*", false, level);
    if (!items || !is_kind(place, *items, JsonKind::Array))
        return;
    ++m_branches;
    int index = 0;
    const auto& nodes = tape.nodes();
    for (std::uint32_t i = *items + 1; i < nodes[*items].next; i = nodes[i].next)
        field(inner(place, i), pointer + "/" + std::to_string(index++), false, level);
    --m_branches;
    if (const auto others = tape.member(place.node, "additionalItems");
        others && is_kind(place, *others, JsonKind::Object))
        field(inner(place, *others), pointer + "/*", false, level);
}

void Walk::schema_at(Place place, const std::string& pointer, int level, bool alternative) {
    if (level > levels_max || ++m_steps > steps_max)
        return;
    const auto found = target(std::move(place));
    if (!found || !is_kind(*found, found->node, JsonKind::Object))
        return;
    const Place& here = *found;
    const auto& tape = here.document->tape;
    const auto& nodes = tape.nodes();
    if (const auto map = tape.member(here.node, "properties");
        map && is_kind(here, *map, JsonKind::Object))
        members(here, *map, pointer, level, alternative);
    ++m_branches;
    other_members(here, pointer, level);
    --m_branches;
    elements(here, pointer, level);
    for (const std::string_view branch : {"if", "then", "else"})
        if (const auto schema = tape.member(here.node, branch)) {
            ++m_branches;
            schema_at(inner(here, *schema), pointer, level + 1, true);
            --m_branches;
        }
    for (const std::string_view list : {"allOf", "anyOf", "oneOf"}) {
        const auto all = tape.member(here.node, list);
        if (!all || !is_kind(here, *all, JsonKind::Array))
            continue;
        const int branch = list == "allOf" ? 0 : 1;
        m_branches += branch;
        for (std::uint32_t i = *all + 1; i < nodes[*all].next; i = nodes[i].next)
            schema_at(inner(here, i), pointer, level + 1, alternative || list != "allOf");
        m_branches -= branch;
    }
}

/// "/a/b~1c" → "a", "b/c".
std::vector<std::string> steps_of(std::string_view pointer) {
    std::vector<std::string> steps;
    for (std::size_t i = 0; i < pointer.size(); ++i) {
        if (pointer[i] == '/')
            steps.emplace_back();
        else if (pointer[i] == '~' && i + 1 < pointer.size())
            steps.back() += pointer[++i] == '1' ? '/' : '~';
        else
            steps.back() += pointer[i];
    }
    return steps;
}

/// Whether a value fits the sub-schema that stands at that place of a document.
bool fits(const schema::Program& program, const Place& place, const std::string& json) {
    JsonTape tape;
    if (!tape.parse(json))
        return false;
    for (std::size_t id = 0; id < program.schemas.size(); ++id) {
        const schema::Origin& origin = program.schemas[id].origin;
        if (origin.document == place.document && origin.node == place.node)
            return schema::SchemaValidator().accepts(program, static_cast<std::uint32_t>(id), tape);
    }
    return true; // it takes all
}

} // namespace

Result<void> add_contract_fields(Library& library, const schema::Document& document,
                                 Contract& contract) {
    Walk walk(library, contract.schema->program());
    walk.schema_at(
        Place{&document, document.root, Library::base_at(document, document.root, document.uri)},
        "", 0);
    if (walk.error)
        return std::move(*walk.error);
    for (const DefaultAt& at : walk.defaults) {
        const ContractField& field = walk.fields[at.field];
        if (!fits(contract.schema->program(), at.schema, field.default_json)) {
            Error wrong;
            wrong.code = ErrorCode::Config;
            wrong.what = "the default of " + field.pointer + " does not fit its own schema";
            wrong.where = place_text(*at.keyword.document, at.keyword.node);
            wrong.advice = "It would be written into events that leave the member out.";
            return wrong;
        }
        std::vector<std::string> steps = steps_of(field.pointer);
        if (!at.always || steps.back() == "*") // an element is there, or is not one
            continue;
        std::string name = std::move(steps.back());
        steps.pop_back();
        contract.defaults.push_back({std::move(steps), std::move(name), field.default_json});
    }
    contract.fields = std::move(walk.fields);
    return {};
}

} // namespace weir
