// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The walk goes by pointers into the event, not by schemas: at each pointer stand all schemas that
// may hold there, with what references and branches lead to, and what these say of a member or an
// element stands together at the next pointer. Where the same schemas stand as further up, the
// field leads back there: so a schema that refers to itself ends, and says the same at every depth.
#include "models/contract/contract_fields.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "connectors/base/near_word.h"
#include "models/contract/schema/ecma_pattern.h"
#include "models/contract/schema/program.h"
#include "models/contract/schema/words.h"
#include "models/workspace/schema_check.h"

namespace weir {

namespace {

using schema::Document;
using schema::Library;
using schema::Place;

constexpr int levels_max = 256; // of pointers; an event has 128 at most
constexpr std::size_t steps_max = 500'000;
constexpr std::size_t texts_max = 64U << 20; // bytes of what is said of all fields
/// Beyond, a field also leads back to one that does not lie around it.
constexpr std::size_t listed_max = Contract::fields_max / 2;

constexpr std::string_view nowhere = "nowhere"; // no pointer

/// A default, and the schema that it stands in.
struct DefaultAt {
    std::size_t field;
    Place keyword;       // its value
    Place schema;        // behind all references
    bool always = false; // not only in a branch of anyOf or oneOf
};

/// A schema that holds at a pointer.
struct Held {
    Place place;
    bool required = false;    // by the object around it
    bool alternative = false; // only one of several that the event may be: it requires nothing
    bool branch = false;      // it may be another's: of anyOf, patterns, positions, …
};

/// What holds one step further, by step ("/sku", "/*") in the schemas' order. `count`: of what the
/// whole walk adds; beyond steps_max it is not kept, and whoever adds has to fail.
class Children {
  public:
    explicit Children(std::size_t& count)
        : m_count(count) {}
    struct Child {
        std::string step;
        std::vector<Held> held;
    };
    void add(const std::string& step, Held held) {
        if (++m_count > steps_max)
            return;
        const auto [known, fresh] = m_by_step.try_emplace(step, all.size());
        if (fresh)
            all.push_back({step, {}});
        all[known->second].held.push_back(std::move(held));
    }
    std::vector<Child> all;

  private:
    std::size_t& m_count;
    std::unordered_map<std::string, std::size_t> m_by_step;
};

/// What some schema at a pointer speaks of. What all others say of it stands at its pointer, too.
struct Named {
    std::set<std::string> members;
    std::set<std::string> patterns; // of members' names
    std::size_t positions = 0;      // of the longest tuple
};

using Key = std::tuple<const Document*, std::uint32_t, bool, bool>;

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

    void run(Place root);
    std::vector<ContractField> fields;
    std::vector<DefaultAt> defaults;
    std::string class_of_event; // as a whole
    std::optional<Error> error;

  private:
    std::optional<Place> target(Place place);
    void gather(const Held& from, std::vector<Held>& all, std::set<Key>& seen);
    void branches(const Held& here, std::vector<Held>& to) const;
    bool below(const std::string& pointer, const std::vector<Held>& all, int level);
    void members(const Held& here, Children& to, Named& named) const;
    void other_members(const Held& here, const Named& named, Children& to) const;
    void elements(const Held& here, const Named& named, Children& to) const;
    void field(const std::string& pointer, const std::vector<Held>& held, int level);
    void describe(const Held& held, ContractField& field, std::size_t number);
    std::string class_at(const Place& place);
    std::string class_of(const Held& held, const std::vector<Held>& together);
    void add_class(const Held& held, const std::vector<Held>& together, ContractField& field);
    void add_demands(const Place& place, ContractField& field) const;
    void note_default(const Held& held, const Place& at, const Place& target, std::size_t number);
    std::string text(const Place& place, const char* name) const;
    bool spend(const Place& place, std::size_t bytes);
    void fail(const Place& place, std::string what, std::string advice);
    void fail_of_steps(const Place& place);

    Library& m_library;
    const schema::Program& m_program;
    std::map<std::pair<const Document*, std::uint32_t>, schema::SchemaId> m_compiled;
    struct Walked {
        std::string pointer{nowhere}; // where these schemas were met last
        bool has_below = true;        // not known before the walk is back
    };
    std::map<std::vector<Key>, Walked> m_walked;
    std::size_t m_steps = 0;
    std::size_t m_added = 0; // to children
    std::size_t m_bytes = 0; // of what is said of fields
};

bool is_kind(const Place& place, std::uint32_t node, JsonKind kind) {
    return place.document->tape.nodes()[node].kind == kind;
}

/// A member of a schema that is of that kind.
std::optional<std::uint32_t> keyword(const Place& place, std::string_view name, JsonKind kind) {
    const auto found = place.document->tape.member(place.node, name);
    return found && is_kind(place, *found, kind) ? found : std::nullopt;
}

Place inner(const Place& around, std::uint32_t node) {
    return {around.document, node, Library::base_at(*around.document, node, around.base)};
}

std::string Walk::text(const Place& place, const char* name) const {
    const auto found = keyword(place, name, JsonKind::String);
    return found ? place.document->tape.unescaped(*found) : std::string();
}

void Walk::fail(const Place& place, std::string what, std::string advice) {
    if (error)
        return;
    error.emplace();
    error->code = ErrorCode::Config;
    error->what = std::move(what);
    error->where = place_text(*place.document, place.node);
    error->advice = std::move(advice);
}

void Walk::fail_of_steps(const Place& place) {
    fail(place, "the schemas lead to more places than can be gone through",
         "Refer to each definition in fewer places.");
}

/// Before what is said of fields is kept; false: it is too much of it.
bool Walk::spend(const Place& place, std::size_t bytes) {
    m_bytes += bytes;
    if (m_bytes > texts_max)
        fail(place,
             "what it says of its fields, with their pointers, takes more than " +
                 std::to_string(texts_max >> 20) + " MiB",
             "Shorten long names and texts, or refer to them in fewer places.");
    return m_bytes <= texts_max;
}

/// Where a chain of references ends; nullopt: nowhere, which is the compiler's to tell.
std::optional<Place> Walk::target(Place place) {
    std::set<std::pair<const Document*, std::uint32_t>> met;
    while (met.emplace(place.document, place.node).second) {
        const std::string reference =
            is_kind(place, place.node, JsonKind::Object) ? text(place, "$ref") : std::string();
        if (reference.empty())
            return place;
        auto next = m_library.resolve(place.base, reference);
        if (!next)
            return std::nullopt;
        place = std::move(*next);
    }
    return std::nullopt; // it refers to itself
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
void Walk::describe(const Held& held, ContractField& field, std::size_t number) {
    const auto place = target(held.place);
    field.required = field.required || held.required;
    for (const Place* at : {&held.place, place ? &*place : nullptr}) {
        if (at == nullptr || !is_kind(*at, at->node, JsonKind::Object))
            continue;
        if (field.types.empty())
            field.types = type_words(*at);
        if (field.description.empty())
            field.description = text(*at, "description");
        if (field.unit.empty())
            field.unit = text(*at, "unit");
        note_default(held, *at, place ? *place : held.place, number);
        if (place)
            add_demands(*place, field);
    }
}

/// The class of personal data that stands at a schema; "": none does.
std::string Walk::class_at(const Place& place) {
    if (!is_kind(place, place.node, JsonKind::Object))
        return {};
    std::string pii = text(place, "pii");
    const auto& known = pii_classes();
    if (pii.empty() || std::find(known.begin(), known.end(), pii) != known.end())
        return pii;
    const std::string near = nearest_word(pii, known);
    Place at = place;
    at.node = *place.document->tape.member(place.node, "pii");
    fail(at, "\"" + pii + "\" is no class of personal data",
         near.empty() ? "" : "Did you mean \"" + near + "\"?");
    return {};
}

/// What the schema of a field says itself goes before what its references and branches lead to; of
/// these, that it is personal before that it is not. `together`: as gather() has it.
std::string Walk::class_of(const Held& held, const std::vector<Held>& together) {
    std::string nearest = class_at(held.place);
    std::string further;
    for (const Held& one : together) {
        const std::string pii = class_at(one.place);
        std::string& known = &one == &together.front() ? nearest : further;
        if (known.empty() || (&known == &further && known == "none" && !pii.empty()))
            known = pii;
    }
    return nearest.empty() ? further : nearest;
}

/// Of several schemas that may all hold the first one counts that says that the field is personal.
void Walk::add_class(const Held& held, const std::vector<Held>& together, ContractField& field) {
    std::string pii = class_of(held, together);
    if (pii.empty() || field.personal() || (pii == "none" && !field.pii.empty()))
        return;
    field.pii = std::move(pii);
    if (field.personal())
        field.schema_json = schema_text(held.place, target(held.place));
}

void Walk::note_default(const Held& held, const Place& at, const Place& target,
                        std::size_t number) {
    const auto& tape = at.document->tape;
    const auto value = tape.member(at.node, "default");
    if (!value || !fields[number].default_json.empty())
        return;
    fields[number].default_json = std::string(tape.raw_quoted(*value));
    defaults.push_back({number, {at.document, *value, at.base}, target, !held.branch});
}

void Walk::add_demands(const Place& place, ContractField& field) const {
    const auto found = m_compiled.find({place.document, place.node});
    if (found == m_compiled.end())
        return;
    for (std::string& demand : schema::demands_in_words(m_program, found->second))
        if (std::find(field.demands.begin(), field.demands.end(), demand) == field.demands.end())
            field.demands.push_back(std::move(demand));
}

/// The schemas beside this one that may hold at the same pointer.
void Walk::branches(const Held& here, std::vector<Held>& to) const {
    const Place& place = here.place;
    const auto& nodes = place.document->tape.nodes();
    for (const std::string_view name : {"if", "then", "else"})
        if (const auto schema = keyword(place, name, JsonKind::Object))
            to.push_back({inner(place, *schema), false, true, true});
    if (const auto map = keyword(place, "dependencies", JsonKind::Object))
        for (std::uint32_t key = *map + 1; key < nodes[*map].next; key = nodes[key + 1].next)
            if (is_kind(place, key + 1, JsonKind::Object))
                to.push_back({inner(place, key + 1), false, true, true});
    for (const std::string_view name : {"allOf", "anyOf", "oneOf"}) {
        const auto list = keyword(place, name, JsonKind::Array);
        const bool one_of_them = name != "allOf";
        for (std::uint32_t i = list ? *list + 1 : 0; list && i < nodes[*list].next;
             i = nodes[i].next)
            to.push_back({inner(place, i), false, here.alternative || one_of_them,
                          here.branch || one_of_them});
    }
}

/// A schema with all that its references and branches lead to; each stands behind its references.
void Walk::gather(const Held& from, std::vector<Held>& all, std::set<Key>& seen) {
    std::vector<Held> open{from};
    std::vector<Held> found;
    while (!open.empty() && !error) {
        Held held = std::move(open.back());
        open.pop_back();
        const auto place = target(held.place);
        if (!place || !is_kind(*place, place->node, JsonKind::Object) ||
            !seen.emplace(place->document, place->node, held.alternative, held.branch).second)
            continue;
        if (++m_steps > steps_max)
            return fail_of_steps(*place);
        held.place = *place;
        found.clear();
        branches(held, found);
        open.insert(open.end(), found.rbegin(), found.rend());
        all.push_back(std::move(held));
    }
}

void Walk::members(const Held& here, Children& to, Named& named) const {
    const Place& place = here.place;
    const auto& tape = place.document->tape;
    const auto& nodes = tape.nodes();
    if (const auto items = keyword(place, "items", JsonKind::Array)) {
        std::size_t position = 0;
        for (std::uint32_t i = *items + 1; i < nodes[*items].next; i = nodes[i].next)
            to.add("/" + std::to_string(position++), {inner(place, i), false, false, true});
        named.positions = std::max(named.positions, position);
    }
    if (const auto map = keyword(place, "patternProperties", JsonKind::Object))
        for (std::uint32_t key = *map + 1; key < nodes[*map].next; key = nodes[key + 1].next)
            named.patterns.insert(tape.unescaped(key));
    const auto map = keyword(place, "properties", JsonKind::Object);
    if (!map)
        return;
    std::set<std::string> required;
    if (const auto list = keyword(place, "required", JsonKind::Array); list && !here.alternative)
        for (std::uint32_t i = *list + 1; i < nodes[*list].next; i = nodes[i].next)
            required.insert(tape.unescaped(i));
    for (std::uint32_t key = *map + 1; key < nodes[*map].next; key = nodes[key + 1].next) {
        const std::string name = tape.unescaped(key);
        named.members.insert(name);
        to.add(member_step(name),
               {inner(place, key + 1), required.count(name) > 0, false, here.branch});
    }
}

std::string pattern_step(const std::string& pattern) {
    return pointer_step("{" + pattern + "}");
}

/// Members whose names are in a pattern, "/utm/{^utm_}", and those that nothing else names,
/// "/labels/{*}". What is said of them adds up with what other schemas say of a name, or of those
/// in a pattern.
void Walk::other_members(const Held& here, const Named& named, Children& to) const {
    const Place& place = here.place;
    const auto& tape = place.document->tape;
    const auto& nodes = tape.nodes();
    if (!tape.member(place.node, "patternProperties") &&
        !tape.member(place.node, "additionalProperties"))
        return;
    Named left = named;
    if (const auto map = keyword(place, "properties", JsonKind::Object))
        for (std::uint32_t key = *map + 1; key < nodes[*map].next; key = nodes[key + 1].next)
            left.members.erase(tape.unescaped(key));
    if (const auto map = keyword(place, "patternProperties", JsonKind::Object))
        for (std::uint32_t key = *map + 1; key < nodes[*map].next; key = nodes[key + 1].next) {
            const std::string text = tape.unescaped(key);
            const Held held{inner(place, key + 1), false, false, true};
            if (const auto pattern = schema::EcmaPattern::compile(text))
                for (const std::string& name : named.members)
                    if ((*pattern)->found_in(name)) {
                        to.add(member_step(name), held);
                        left.members.erase(name);
                    }
            left.patterns.erase(text);
            to.add(pattern_step(text), held);
        }
    if (const auto other = keyword(place, "additionalProperties", JsonKind::Object)) {
        const Held held{inner(place, *other), false, false, true};
        for (const std::string& name : left.members)
            to.add(member_step(name), held);
        for (const std::string& text : left.patterns)
            to.add(pattern_step(text), held);
        to.add("/{*}", held);
    }
}

/// A list's "/items/*", which is also what one of its elements must be, and what is said of those
/// behind a tuple.
void Walk::elements(const Held& here, const Named& named, Children& to) const {
    const Place& place = here.place;
    const auto& nodes = place.document->tape.nodes();
    const auto from = [&](std::size_t position, std::uint32_t schema, bool branch) {
        const Place at = inner(place, schema);
        for (; position < named.positions; ++position)
            to.add("/" + std::to_string(position), {at, false, false, true});
        to.add("/*", {at, false, false, branch});
    };
    if (const auto items = keyword(place, "items", JsonKind::Object)) {
        from(0, *items, here.branch);
    } else if (const auto tuple = keyword(place, "items", JsonKind::Array)) {
        std::size_t size = 0;
        for (std::uint32_t i = *tuple + 1; i < nodes[*tuple].next; i = nodes[i].next)
            ++size;
        if (const auto others = keyword(place, "additionalItems", JsonKind::Object))
            from(size, *others, here.branch);
    }
    if (const auto one = keyword(place, "contains", JsonKind::Object))
        from(0, *one, true);
}

/// Whether a pointer is another one, or leads further.
bool lies_within(std::string_view pointer, std::string_view around) {
    return pointer.starts_with(around) &&
           (pointer.size() == around.size() || pointer[around.size()] == '/');
}

std::size_t bytes_of(const ContractField& field) {
    std::size_t bytes = field.pointer.size() + field.types.size() + field.description.size() +
                        field.unit.size() + field.default_json.size() + field.schema_json.size();
    for (const std::string& demand : field.demands)
        bytes += demand.size();
    return bytes;
}

void lead_back(ContractField& field, const std::string& pointer) {
    field.repeats = pointer;
    field.demands.push_back("below it what holds below " +
                            (pointer.empty() ? "the event itself" : pointer) + " again");
}

/// What all schemas at a pointer say of what lies below it; false: nothing.
bool Walk::below(const std::string& pointer, const std::vector<Held>& all, int level) {
    Children children(m_added);
    Named named;
    for (const Held& here : all)
        members(here, children, named);
    if (children.all.size() <= Contract::fields_max) { // otherwise these alone are too many
        for (const Held& here : all)
            other_members(here, named, children);
        for (const Held& here : all)
            elements(here, named, children);
    }
    if (m_added > steps_max)
        fail_of_steps(all.front().place);
    for (const Children::Child& child : children.all)
        if (!error)
            field(pointer + child.step, child.held, level + 1);
    return !children.all.empty();
}

void Walk::field(const std::string& pointer, const std::vector<Held>& held, int level) {
    if (fields.size() >= Contract::fields_max)
        return fail(held.front().place,
                    "it names more than " + std::to_string(Contract::fields_max) +
                        " fields; the first that is too many is " + pointer,
                    "Name fewer, or describe many of a kind with patternProperties.");
    if (level > levels_max)
        return fail(held.front().place,
                    "its fields lie more than " + std::to_string(levels_max) + " levels deep",
                    "Events of so many levels are refused.");
    const std::size_t number = fields.size();
    fields.emplace_back().pointer = pointer;
    std::vector<Held> all;
    std::set<Key> seen;
    for (const Held& one : held) {
        describe(one, fields[number], number);
        std::vector<Held> together;
        std::set<Key> by_itself;
        gather(one, together, by_itself);
        add_class(one, together, fields[number]);
        for (Held& other : together)
            if (seen.emplace(other.place.document, other.place.node, other.alternative,
                             other.branch)
                    .second)
                all.push_back(std::move(other));
    }
    if (!spend(held.front().place, bytes_of(fields[number])))
        return;
    Walked& walked = m_walked[std::vector<Key>(seen.begin(), seen.end())];
    const bool known = walked.pointer != nowhere;
    if (known && (lies_within(pointer, walked.pointer) || fields.size() > listed_max)) {
        if (walked.has_below && spend(held.front().place, 2 * walked.pointer.size()))
            lead_back(fields[number], walked.pointer);
        return;
    }
    walked.pointer = pointer;
    walked.has_below = below(pointer, all, level);
}

/// What the event itself is, is no field of it; its class holds for all its fields.
void Walk::run(Place root) {
    std::vector<Held> all;
    std::set<Key> seen;
    const Held event{std::move(root)};
    gather(event, all, seen);
    ContractField whole;
    add_class(event, all, whole);
    class_of_event = std::move(whole.pii);
    m_walked[std::vector<Key>(seen.begin(), seen.end())].pointer.clear();
    below("", all, 0);
}

/// "/a/b~1c" → "a", "b/c".
std::vector<std::string> steps_of(std::string_view pointer) {
    std::vector<std::string> steps;
    while (!pointer.empty()) {
        const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
        steps.push_back(plain_step(pointer.substr(1, end - 1)));
        pointer.remove_prefix(end);
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
    walk.run(
        Place{&document, document.root, Library::base_at(document, document.root, document.uri)});
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
        if (!at.always || field.pointer.ends_with("/*")) // an element is there, or is not one
            continue;
        std::string name = std::move(steps.back());
        steps.pop_back();
        contract.defaults.push_back({std::move(steps), std::move(name), field.default_json});
    }
    contract.fields = std::move(walk.fields);
    contract.pii = std::move(walk.class_of_event);
    return {};
}

} // namespace weir
