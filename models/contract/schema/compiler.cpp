// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/schema/compiler.h"

#include <algorithm>
#include <set>

namespace weir::schema {

namespace {

/// Keywords that can refuse something; a schema without any takes all.
constexpr std::string_view asserting[] = {"$ref",
                                          "type",
                                          "enum",
                                          "const",
                                          "multipleOf",
                                          "maximum",
                                          "exclusiveMaximum",
                                          "minimum",
                                          "exclusiveMinimum",
                                          "maxLength",
                                          "minLength",
                                          "pattern",
                                          "format",
                                          "items",
                                          "maxItems",
                                          "minItems",
                                          "uniqueItems",
                                          "contains",
                                          "maxProperties",
                                          "minProperties",
                                          "required",
                                          "properties",
                                          "patternProperties",
                                          "additionalProperties",
                                          "dependencies",
                                          "propertyNames",
                                          "if",
                                          "allOf",
                                          "anyOf",
                                          "oneOf",
                                          "not",
                                          "contentEncoding",
                                          "contentMediaType"};

template <class Rules>
std::uint32_t keep(std::vector<Rules>& table, Rules rules) {
    table.push_back(std::move(rules));
    return static_cast<std::uint32_t>(table.size() - 1);
}

} // namespace

Compiler::Compiler(std::shared_ptr<Library> library, CompileOptions options)
    : m_library(std::move(library))
    , m_options(options)
    , m_program(std::make_unique<Program>()) {
    m_program->schemas.resize(2);
    m_program->schemas[accept_none].types = 0;
}

Result<std::unique_ptr<Program>> Compiler::run(const Document& document) {
    m_program->root = schema_at(
        Place{&document, document.root, Library::base_at(document, document.root, document.uri)});
    while (!m_work.empty() && !m_error) {
        const Work work = std::move(m_work.back());
        m_work.pop_back();
        read_schema(work);
    }
    if (!m_error)
        check_for_circles();
    if (m_error)
        return *m_error;
    m_program->library = m_library;
    return std::move(m_program);
}

void Compiler::fail(Error error, const Document& document, std::uint32_t node) {
    if (m_error)
        return;
    if (error.where.empty())
        error.where = place_text(document, node);
    m_error = std::move(error);
}

void Compiler::fail(const Reading& in, std::uint32_t node, ErrorCode code, std::string what,
                    std::string advice) {
    Error error;
    error.code = code;
    error.what = std::move(what);
    error.advice = std::move(advice);
    fail(std::move(error), *in.document, node);
}

bool Compiler::takes_everything(const Place& place) const {
    const JsonTape& tape = place.document->tape;
    for (const std::string_view name : asserting)
        if (tape.member(place.node, name))
            return false;
    return true;
}

/// The number of the schema there; it is compiled later, if it was not before. References are
/// followed here, so that none is left at run time.
SchemaId Compiler::schema_at(Place place) {
    std::set<std::pair<const Document*, std::uint32_t>> seen;
    for (;;) {
        const Document& document = *place.document;
        const auto& nodes = document.tape.nodes();
        if (nodes[place.node].kind == JsonKind::True && document.draft != Draft::Draft4)
            return accept_all;
        if (nodes[place.node].kind == JsonKind::False && document.draft != Draft::Draft4)
            return accept_none;
        Error error;
        error.code = ErrorCode::Config;
        if (nodes[place.node].kind != JsonKind::Object) {
            error.what = "a schema must be an object or true or false";
            fail(error, document, place.node);
            return accept_none;
        }
        const auto reference = document.tape.member(place.node, "$ref");
        if (!reference || nodes[*reference].kind != JsonKind::String)
            break;
        if (!seen.insert({place.document, place.node}).second) {
            error.what = "the references lead in a circle";
            fail(error, document, *reference);
            return accept_none;
        }
        auto next = m_library->resolve(place.base, document.tape.unescaped(*reference));
        if (!next) {
            error = next.error();
            if (!error.where.empty())
                error.what += " (" + error.where + ")";
            error.where.clear();
            fail(std::move(error), document, *reference);
            return accept_none;
        }
        place = std::move(*next);
    }
    if (takes_everything(place))
        return accept_all;
    const auto [known, fresh] = m_known.try_emplace(
        {place.document, place.node}, static_cast<SchemaId>(m_program->schemas.size()));
    if (!fresh)
        return known->second;
    SchemaNode node;
    node.origin = {place.document, place.node};
    m_program->schemas.push_back(node);
    if (m_program->schemas.size() > JsonSchema::schemas_max) {
        Error error;
        error.code = ErrorCode::TooLarge;
        error.what = "more than " + std::to_string(JsonSchema::schemas_max) + " sub-schemas";
        fail(error, *place.document, place.node);
    }
    m_work.push_back({known->second, std::move(place)});
    return known->second;
}

SchemaId Compiler::schema_at(const Reading& in, std::uint32_t node) {
    return schema_at(Place{in.document, node, Library::base_at(*in.document, node, *in.base)});
}

std::vector<SchemaId> Compiler::schemas_at(const Reading& in, std::uint32_t array) {
    std::vector<SchemaId> all;
    const auto& nodes = in.tape->nodes();
    if (nodes[array].kind != JsonKind::Array) {
        fail(in, array, ErrorCode::Config, "this must be a list of schemas");
        return all;
    }
    for (std::uint32_t i = array + 1; i < nodes[array].next; i = nodes[i].next)
        all.push_back(schema_at(in, i));
    return all;
}

void Compiler::read_schema(const Work& work) {
    const Reading in{work.place.document, &work.place.document->tape, work.place.node,
                     &work.place.base, static_cast<int>(work.place.document->draft)};
    // Tables and schemas may grow while this one is read.
    SchemaNode out = m_program->schemas[work.id];
    out.whole_by_spelling = in.draft == 4;
    read_types(in, out);
    read_string(in, out);
    read_number(in, out);
    read_array(in, out);
    read_object(in, out);
    read_any(in, out);
    m_program->schemas[work.id] = out;
}

void Compiler::read_types(const Reading& in, SchemaNode& out) {
    const auto node = in.keyword("type");
    if (!node)
        return;
    const auto& nodes = in.tape->nodes();
    const auto bit = [&](std::uint32_t at) -> std::uint8_t {
        struct Word {
            std::string_view name;
            std::uint8_t bits;
        };
        constexpr Word words[] = {{"object", type_object}, {"array", type_array},
                                  {"string", type_string}, {"integer", type_integer},
                                  {"number", type_number}, {"boolean", type_boolean},
                                  {"null", type_null}};
        const std::string text =
            nodes[at].kind == JsonKind::String ? in.tape->unescaped(at) : std::string();
        for (const Word& word : words)
            if (word.name == text)
                return word.bits;
        fail(in, at, ErrorCode::Config, "not a type of JSON Schema");
        return 0;
    };
    out.types = 0;
    if (nodes[*node].kind != JsonKind::Array) {
        out.types = bit(*node);
        return;
    }
    for (std::uint32_t i = *node + 1; i < nodes[*node].next; i = nodes[i].next)
        out.types = static_cast<std::uint8_t>(out.types | bit(i));
}

/// A count of 0 or more; beyond 32 bits it is as good as none. False: there is none.
bool Compiler::read_count(const Reading& in, std::string_view name, std::uint32_t& value) {
    const auto node = in.keyword(name);
    if (!node)
        return false;
    std::int64_t number = -1;
    const bool is_number = in.tape->nodes()[*node].kind == JsonKind::Number;
    if (is_number && is_whole(in.tape->raw(*node), false)) {
        const Decimal exact(in.tape->raw(*node));
        if (!exact.to_int64(number))
            number = exact.compare("0") < 0 ? std::int64_t{no_limit} : -1;
    }
    if (number < 0) {
        fail(in, *node, ErrorCode::Config, "this must be a whole number of 0 or more");
        return false;
    }
    value = static_cast<std::uint32_t>(std::min<std::int64_t>(number, no_limit));
    return true;
}

std::shared_ptr<const EcmaPattern> Compiler::pattern_at(const Reading& in, std::uint32_t node) {
    const std::string text = in.tape->unescaped(node);
    const auto known = m_patterns.find(text);
    if (known != m_patterns.end())
        return known->second;
    auto compiled = EcmaPattern::compile(text);
    if (!compiled) {
        fail(compiled.error(), *in.document, node);
        return nullptr;
    }
    m_patterns.emplace(text, *compiled);
    return *compiled;
}

void Compiler::read_string(const Reading& in, SchemaNode& out) {
    StringRules rules;
    bool any = read_count(in, "minLength", rules.length_min);
    any = read_count(in, "maxLength", rules.length_max) || any;
    const auto is_string = [&](const std::optional<std::uint32_t>& node) {
        return node && in.tape->nodes()[*node].kind == JsonKind::String;
    };
    if (const auto node = in.keyword("pattern"); is_string(node)) {
        rules.pattern = pattern_at(in, *node);
        any = any || rules.pattern != nullptr;
    }
    if (const auto node = in.keyword("format"); is_string(node) && m_options.formats) {
        rules.format = find_format(in.tape->unescaped(*node));
        any = any || rules.format != nullptr;
    }
    if (m_options.content && in.draft >= 7) {
        const auto encoding = in.keyword("contentEncoding");
        const auto media = in.keyword("contentMediaType");
        rules.base64 = is_string(encoding) && in.tape->unescaped(*encoding) == "base64";
        rules.json = is_string(media) && in.tape->unescaped(*media) == "application/json";
        any = any || rules.base64 || rules.json;
    }
    if (any)
        out.string = keep(m_program->strings, std::move(rules));
}

void Compiler::read_limits(const Reading& in, NumberRules& rules) {
    const auto& nodes = in.tape->nodes();
    const auto add = [&](std::string_view inclusive, std::string_view exclusive, Limit::Kind kind,
                         Limit::Kind strict) {
        const auto plain = in.keyword(inclusive);
        const auto other = in.keyword(exclusive);
        const auto is_number = [&](const std::optional<std::uint32_t>& node) {
            return node && nodes[*node].kind == JsonKind::Number;
        };
        if (is_number(plain)) {
            const bool flagged = in.draft == 4 && other && nodes[*other].kind == JsonKind::True;
            rules.limits.push_back({flagged ? strict : kind, Bound(in.tape->raw(*plain))});
        }
        if (in.draft > 4 && is_number(other))
            rules.limits.push_back({strict, Bound(in.tape->raw(*other))});
    };
    add("minimum", "exclusiveMinimum", Limit::Kind::AtLeast, Limit::Kind::Above);
    add("maximum", "exclusiveMaximum", Limit::Kind::AtMost, Limit::Kind::Below);
}

void Compiler::read_number(const Reading& in, SchemaNode& out) {
    NumberRules rules;
    read_limits(in, rules);
    if (const auto node = in.keyword("multipleOf")) {
        if (in.tape->nodes()[*node].kind != JsonKind::Number ||
            Decimal("0").compare(in.tape->raw(*node)) <= 0)
            return fail(in, *node, ErrorCode::Config, "multipleOf must be a number above 0");
        rules.multiple_of.emplace(in.tape->raw(*node));
    }
    if (!rules.limits.empty() || rules.multiple_of)
        out.number = keep(m_program->numbers, std::move(rules));
}

void Compiler::read_array(const Reading& in, SchemaNode& out) {
    ArrayRules rules;
    bool any = read_count(in, "minItems", rules.size_min);
    any = read_count(in, "maxItems", rules.size_max) || any;
    const auto& nodes = in.tape->nodes();
    if (const auto node = in.keyword("items")) {
        if (nodes[*node].kind == JsonKind::Array) {
            rules.first = schemas_at(in, *node);
            if (const auto rest = in.keyword("additionalItems"))
                rules.rest = nodes[*rest].kind == JsonKind::False  ? accept_none
                             : nodes[*rest].kind == JsonKind::True ? accept_all
                                                                   : schema_at(in, *rest);
        } else {
            rules.rest = schema_at(in, *node);
        }
        any = any || rules.rest != accept_all ||
              std::any_of(rules.first.begin(), rules.first.end(),
                          [](SchemaId id) { return id != accept_all; });
    }
    if (const auto node = in.keyword("contains"); node && in.draft >= 6) {
        rules.contains = schema_at(in, *node);
        any = true;
    }
    if (const auto node = in.keyword("uniqueItems"); node && nodes[*node].kind == JsonKind::True) {
        rules.unique = true;
        any = true;
    }
    if (any)
        out.array = keep(m_program->arrays, std::move(rules));
}

/// What is judged at the very place of a schema: a circle of these never ends.
void Compiler::append_in_place(SchemaId id, std::vector<SchemaId>& out) const {
    const SchemaNode& node = m_program->schemas[id];
    if (node.object != no_rules)
        for (const auto& dependency : m_program->objects[node.object].dependencies)
            out.push_back(dependency.schema);
    if (node.any != no_rules) {
        const AnyRules& any = m_program->any[node.any];
        out.insert(out.end(), any.all_of.begin(), any.all_of.end());
        for (const auto& list : any.any_of)
            out.insert(out.end(), list.begin(), list.end());
        for (const auto& list : any.one_of)
            out.insert(out.end(), list.begin(), list.end());
        out.insert(out.end(), {any.not_this, any.condition, any.then, any.otherwise});
    }
    out.erase(std::remove(out.begin(), out.end(), no_schema), out.end());
}

void Compiler::check_for_circles() {
    enum class State : std::uint8_t { Fresh, Open, Done };
    std::vector<State> states(m_program->schemas.size(), State::Fresh);
    struct Step {
        SchemaId id;
        std::vector<SchemaId> next;
    };
    std::vector<Step> path;
    const auto open = [&](SchemaId id) {
        states[id] = State::Open;
        path.push_back({id, {}});
        append_in_place(id, path.back().next);
    };
    for (SchemaId start = 0; start < states.size(); ++start) {
        if (states[start] != State::Fresh)
            continue;
        open(start);
        while (!path.empty()) {
            if (path.back().next.empty()) {
                states[path.back().id] = State::Done;
                path.pop_back();
                continue;
            }
            const SchemaId next = path.back().next.back();
            path.back().next.pop_back();
            if (states[next] == State::Open) {
                Error error;
                error.code = ErrorCode::Config;
                error.what = "the schema refers to itself for the same value, without end";
                error.advice = "Break the circle: a schema may refer to itself only for a member "
                               "or an element.";
                const Origin& origin = m_program->schemas[next].origin;
                return fail(error, *origin.document, origin.node);
            }
            if (states[next] == State::Fresh)
                open(next);
        }
    }
}

} // namespace weir::schema
