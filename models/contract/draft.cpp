// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The draft of a contract, from what was seen.
#include <algorithm>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "models/contract/inference.h"

namespace weir {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t events_per_value = 20; // so often each value of an enum must have come

class Drafter {
  public:
    Drafter(const InferredType& type, const InferOptions& options)
        : m_type(type)
        , m_options(options) {}
    Json schema_at(const std::string& pointer) const;

  private:
    const InferredField* field(const std::string& pointer) const {
        for (const InferredField& one : m_type.fields)
            if (one.pointer == pointer)
                return &one;
        return nullptr;
    }
    bool counts(const InferredField& field, ValueKind kind) const {
        return static_cast<double>(field.facts.of(kind)) >=
                   m_options.share_min * static_cast<double>(field.facts.present()) &&
               field.facts.of(kind) > 0;
    }
    void add_types(const InferredField& field, Json& out) const;
    void add_values(const InferredField& field, Json& out) const;
    void add_members(const InferredField& field, Json& out) const;
    std::string seen(const InferredField& field) const;

    const InferredType& m_type;
    const InferOptions& m_options;
};

void Drafter::add_types(const InferredField& field, Json& out) const {
    Json types = Json::array();
    for (const ValueKind kind :
         {ValueKind::Object, ValueKind::Array, ValueKind::String, ValueKind::Boolean})
        if (counts(field, kind))
            types.push_back(std::string(to_word(kind)));
    if (counts(field, ValueKind::Fraction))
        types.push_back("number");
    else if (counts(field, ValueKind::Integer))
        types.push_back("integer");
    if (counts(field, ValueKind::Null))
        types.push_back("null");
    if (types.size() == 1)
        out["type"] = types.front();
    else if (!types.empty())
        out["type"] = std::move(types);
}

/// An enum where few values came again and again, else the format and the range; nothing of values
/// that came masked.
void Drafter::add_values(const InferredField& field, Json& out) const {
    if (field.hidden)
        return;
    const bool of_strings =
        counts(field, ValueKind::String) && field.facts.of(ValueKind::Object) == 0 &&
        field.facts.of(ValueKind::Array) == 0 && field.facts.of(ValueKind::Integer) == 0 &&
        field.facts.of(ValueKind::Fraction) == 0;
    if (of_strings && !field.values.empty() && field.values.size() <= m_options.enum_values_max &&
        field.facts.present() >= field.values.size() * events_per_value && field.pii.empty() &&
        field.format.empty()) {
        Json values = Json::array();
        for (const std::string& value : field.values)
            values.push_back(Json::parse(value, nullptr, false));
        out["enum"] = std::move(values);
        return;
    }
    if (!field.format.empty())
        out["format"] = field.format;
    const bool negative = !field.least.empty() && field.least.front() == '-';
    if (!field.least.empty() && !negative)
        out["minimum"] = 0;
}

std::string Drafter::seen(const InferredField& field) const {
    std::string text;
    const std::uint64_t present = field.facts.present();
    for (std::size_t i = 0; i < value_kind_count; ++i) {
        const std::uint64_t count = field.facts.kinds[i];
        if (count == 0)
            continue;
        char share[48];
        std::snprintf(share, sizeof share, " %.3g %%",
                      100.0 * static_cast<double>(count) / static_cast<double>(present));
        text +=
            (text.empty() ? "" : ", ") + std::string(to_word(static_cast<ValueKind>(i))) + share;
    }
    text = "seen " + std::to_string(present) + " times: " + text;
    if (!field.least.empty() && field.pii.empty()) // extremes are somebody's
        text += "; " + field.least + " to " + field.most;
    return text;
}

void Drafter::add_members(const InferredField& field, Json& out) const {
    const std::string prefix = field.pointer + "/";
    Json required = Json::array();
    Json properties = Json::object();
    for (const InferredField& one : m_type.fields) {
        if (one.pointer.compare(0, prefix.size(), prefix) != 0 || one.pointer == prefix ||
            one.pointer.find('/', prefix.size()) != std::string::npos)
            continue;
        std::string name;
        for (std::size_t i = prefix.size(); i < one.pointer.size(); ++i) {
            const bool escape = one.pointer[i] == '~' && i + 1 < one.pointer.size();
            name += escape ? (one.pointer[++i] == '0' ? '~' : '/') : one.pointer[i];
        }
        if (name == "*" && field.facts.of(ValueKind::Object) == 0)
            continue;
        if (name == "{*}") {
            out["additionalProperties"] = schema_at(one.pointer);
            continue;
        }
        const std::uint64_t rare =
            static_cast<std::uint64_t>(m_options.share_min * static_cast<double>(one.parents));
        if (one.facts.present() + rare >= one.parents)
            required.push_back(name);
        properties[name] = schema_at(one.pointer);
    }
    if (!required.empty())
        out["required"] = std::move(required);
    out["properties"] = std::move(properties);
}

Json Drafter::schema_at(const std::string& pointer) const {
    Json out = Json::object();
    const InferredField* const found = field(pointer);
    if (found == nullptr)
        return out;
    add_types(*found, out);
    out["$comment"] = seen(*found);
    if (pointer == m_options.type_pointer || pointer == m_options.version_pointer) {
        out.erase("type");
        out["const"] = pointer == m_options.type_pointer ? Json(m_type.type) : Json(m_type.version);
        return out;
    }
    if (!found->pii.empty())
        out["pii"] = found->pii;
    if (counts(*found, ValueKind::Object))
        add_members(*found, out);
    if (counts(*found, ValueKind::Array) && field(pointer + "/*") != nullptr)
        out["items"] = schema_at(pointer + "/*");
    add_values(*found, out);
    return out;
}

} // namespace

std::string draft_contract(const InferredType& type, const InferOptions& options) {
    Json contract = Json::object();
    contract["weir_contract"] = 1;
    contract["type"] = type.type;
    contract["version"] = std::max<std::int64_t>(type.version, 0);
    contract["owner"] = "unknown: name the team that answers for it";
    contract["description"] =
        "A draft from " + std::to_string(type.events) + " events: read it, and put it right.";
    Json schema = Json::object();
    schema["$schema"] = "http://json-schema.org/draft-07/schema#";
    const Json drafted = Drafter(type, options).schema_at("");
    for (const auto& [name, value] : drafted.items())
        schema[name] = value;
    contract["schema"] = std::move(schema);
    return contract.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace weir
