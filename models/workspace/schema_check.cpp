// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/workspace/schema_check.h"

#include <algorithm>
#include <cctype>

#include <nlohmann/json.hpp>
#include <re2/re2.h>

#include "connectors/base/near_word.h"
#include "models/event/json/json_tape.h"

namespace weir {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* secret_definition = "#/definitions/secret";
constexpr std::size_t shown_bytes_max = 60;

/// A value in words for an error: short, never a whole subtree.
std::string shown(const Json& value) {
    if (value.is_object())
        return "an object";
    if (value.is_array())
        return "an array";
    std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (text.size() > shown_bytes_max) {
        std::size_t cut = shown_bytes_max;
        while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80)
            --cut;
        text = text.substr(0, cut) + "…";
    }
    return text;
}

std::string type_word(const Json& value) {
    if (value.is_boolean())
        return "a boolean";
    if (value.is_number())
        return "a number";
    if (value.is_string())
        return "a string";
    return value.is_null() ? "null" : shown(value);
}

bool has_type(const Json& value, const std::string& type) {
    if (type == "object")
        return value.is_object();
    if (type == "array")
        return value.is_array();
    if (type == "string")
        return value.is_string();
    if (type == "boolean")
        return value.is_boolean();
    if (type == "number")
        return value.is_number();
    return type == "integer" ? value.is_number_integer() : value.is_null();
}

std::string joined(const Json& words) {
    if (words.is_string())
        return words.get<std::string>();
    std::string out;
    for (const Json& word : words)
        out +=
            (out.empty() ? "" : ", ") + (word.is_string() ? word.get<std::string>() : word.dump());
    return out;
}

std::size_t characters(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char ch) {
        return (static_cast<unsigned char>(ch) & 0xC0) != 0x80;
    }));
}

class Checker {
  public:
    Checker(const Json& root, SchemaCheckOptions options)
        : m_root(root)
        , m_options(options) {}

    std::optional<Error> check(const Json& schema, const Json& value, const std::string& at) {
        const Json& s = resolved(schema);
        const bool secret = &s != &schema && schema["$ref"] == secret_definition;
        if (auto error = check_type(s, value, at))
            return error;
        if (auto error = check_enum(s, value, at))
            return error;
        if (value.is_string())
            return check_string(s, value, at, secret);
        if (value.is_number())
            return check_number(s, value, at);
        if (value.is_array())
            return check_array(s, value, at);
        return value.is_object() ? check_object(s, value, at) : std::nullopt;
    }

  private:
    static Error mistake(const std::string& at, std::string what, std::string advice) {
        return {ErrorCode::Config, std::move(what), at, "", std::move(advice)};
    }

    /// REQUIRES: a $ref names a definition of this schema.
    const Json& resolved(const Json& schema) const {
        const auto ref = schema.find("$ref");
        if (ref == schema.end())
            return schema;
        return m_root.at(Json::json_pointer(ref->get<std::string>().substr(1)));
    }

    static std::optional<Error> check_type(const Json& s, const Json& value,
                                           const std::string& at) {
        const auto type = s.find("type");
        if (type == s.end())
            return std::nullopt;
        const Json types = type->is_array() ? *type : Json::array({*type});
        for (const Json& one : types)
            if (has_type(value, one.get<std::string>()))
                return std::nullopt;
        // Only the kind of what was found: the value may be a secret in the wrong place.
        return mistake(at, "expected " + joined(types) + ", found " + type_word(value),
                       "Give a value of that kind.");
    }

    static std::optional<Error> check_enum(const Json& s, const Json& value,
                                           const std::string& at) {
        const auto allowed = s.find("enum");
        if (allowed == s.end() ||
            std::find(allowed->begin(), allowed->end(), value) != allowed->end())
            return std::nullopt;
        std::vector<std::string> words;
        for (const Json& word : *allowed)
            words.push_back(word.get<std::string>());
        std::string advice = "Use one of: " + joined(*allowed) + ".";
        const std::string near =
            value.is_string() ? nearest_word(value.get<std::string>(), words) : std::string();
        if (!near.empty())
            advice = "Did you mean \"" + near + "\"? " + advice;
        return mistake(at, shown(value) + " is not one of the known words", advice);
    }

    static std::optional<Error> check_string(const Json& s, const Json& value,
                                             const std::string& at, bool secret) {
        const std::string text = value.get<std::string>();
        if (const auto least = s.find("minLength"); least != s.end() && text.size() < *least)
            return mistake(at, "the text is empty", "Give a text, or leave the member out.");
        if (const auto most = s.find("maxLength"); most != s.end() && characters(text) > *most)
            return mistake(at,
                           "the text has " + std::to_string(characters(text)) + " characters, " +
                               most->dump() + " are the most",
                           "Shorten it.");
        const auto pattern = s.find("pattern");
        if (pattern == s.end())
            return std::nullopt;
        RE2::Options quiet;
        quiet.set_log_errors(false);
        if (RE2::PartialMatch(text, RE2(pattern->get<std::string>(), quiet)))
            return std::nullopt;
        if (secret)
            return mistake(
                at, "a secret stands here in the clear, or a reference is malformed",
                "Secrets are never kept in the file: put it elsewhere and refer to it as "
                "env:NAME, keychain:SERVICE/KEY, command:PROGRAM or file:PATH.");
        const auto words = s.find("description");
        return mistake(at, shown(value) + " does not have the form it must have",
                       words != s.end() ? words->get<std::string>()
                                        : "It must match " + pattern->get<std::string>() + ".");
    }

    static std::optional<Error> check_number(const Json& s, const Json& value,
                                             const std::string& at) {
        const auto least = s.find("minimum");
        if (least != s.end() && value < *least)
            return mistake(at, shown(value) + " is less than " + least->dump(),
                           "Give " + least->dump() + " or more.");
        const auto most = s.find("maximum");
        if (most != s.end() && value > *most)
            return mistake(at, shown(value) + " is more than " + most->dump(),
                           "Give " + most->dump() + " or less.");
        return std::nullopt;
    }

    std::optional<Error> check_array(const Json& s, const Json& value, const std::string& at) {
        const auto least = s.find("minItems");
        if (least != s.end() && value.size() < *least)
            return mistake(at, "the list is empty", "Name at least " + least->dump() + ".");
        const auto most = s.find("maxItems");
        if (most != s.end() && value.size() > *most)
            return mistake(at,
                           "the list has " + std::to_string(value.size()) + " entries, " +
                               most->dump() + " are the most",
                           "Shorten it.");
        const auto items = s.find("items");
        if (items == s.end())
            return std::nullopt;
        for (std::size_t i = 0; i < value.size(); ++i)
            if (auto error = check(*items, value[i], at + "/" + std::to_string(i)))
                return error;
        return std::nullopt;
    }

    std::optional<Error> check_object(const Json& s, const Json& value, const std::string& at) {
        const auto properties = s.find("properties");
        const auto additional = s.find("additionalProperties");
        for (const auto& [name, member] : value.items()) {
            const std::string here = at + pointer_step(name);
            std::optional<Error> error;
            if (properties != s.end() && properties->contains(name))
                error = check((*properties)[name], member, here);
            else if (additional != s.end() && additional->is_object())
                error = check(*additional, member, here);
            else if (additional != s.end() && !m_options.allow_unknown_members)
                error = unknown_member(s, name, here);
            if (error)
                return error;
        }
        if (const auto required = s.find("required"); required != s.end())
            for (const Json& name : *required)
                if (!value.contains(name.get<std::string>()))
                    return mistake(at, "the member \"" + name.get<std::string>() + "\" is missing",
                                   "Add it.");
        return std::nullopt;
    }

    static Error unknown_member(const Json& s, const std::string& name, const std::string& at) {
        std::vector<std::string> known;
        if (const auto properties = s.find("properties"); properties != s.end())
            for (const auto& [word, ignored] : properties->items())
                known.push_back(word);
        const std::string near = nearest_word(name, known);
        std::string list;
        for (const std::string& word : known)
            list += (list.empty() ? "" : ", ") + word;
        return mistake(at, shown(Json(name)) + " is not a member that can stand here",
                       near.empty() ? "Remove it, or use one of: " + list + "."
                                    : "Did you mean \"" + near + "\"?");
    }

    const Json& m_root;
    const SchemaCheckOptions m_options;
};

} // namespace

std::string pointer_step(std::string_view token) {
    std::string out;
    append_pointer_token(token, out);
    return out;
}

std::optional<Error> check_against_schema(const Json& schema, const Json& document,
                                          SchemaCheckOptions options) {
    return Checker(schema, options).check(schema, document, "");
}

} // namespace weir
