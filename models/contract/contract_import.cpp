// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/contract_import.h"

#include <charconv>

#include <nlohmann/json.hpp>

namespace weir {

namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& object, const char* name) {
    const auto found = object.is_object() ? object.find(name) : object.end();
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

const Json* member(const Json& object, const char* name) {
    if (!object.is_object())
        return nullptr;
    const auto found = object.find(name);
    return found == object.end() ? nullptr : &*found;
}

std::int64_t whole(const Json* value, std::int64_t otherwise) {
    return value != nullptr && value->is_number_integer() ? value->get<std::int64_t>() : otherwise;
}

/// The last part of a file's name, without what stands behind the first dot.
std::string stem_of(const std::string& file) {
    const std::size_t slash = file.rfind('/');
    const std::string base = slash == std::string::npos ? file : file.substr(slash + 1);
    return base.substr(0, base.find('.'));
}

class Importer {
  public:
    explicit Importer(std::string owner)
        : m_owner(owner.empty() ? "unknown: name the team that answers for it" : std::move(owner)) {
    }

    bool iglu(const Json& root);
    bool registry(const Json& root);
    bool segment(const Json& root);
    bool plain(const Json& root, const std::string& name);
    std::vector<ImportedContract> taken;

  private:
    void add(const std::string& type, std::int64_t version, const std::string& origin,
             const std::string& description, const Json& schema, std::string remark = {});
    void segment_rule(const Json& rule);
    std::string m_owner;
};

void Importer::add(const std::string& type, std::int64_t version, const std::string& origin,
                   const std::string& description, const Json& schema, std::string remark) {
    Json contract = Json::object();
    contract["weir_contract"] = 1;
    contract["comment"] = "Imported from " + origin + ".";
    contract["type"] = type;
    contract["version"] = version;
    contract["owner"] = m_owner;
    if (!description.empty())
        contract["description"] = description;
    contract["schema"] = schema;
    ImportedContract one;
    one.type = type;
    one.version = version;
    one.origin = origin;
    one.contract = contract.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
    one.remark = std::move(remark);
    taken.push_back(std::move(one));
}

/// {"self": {"vendor", "name", "format", "version": "1-0-2"}, …}: the model of a version decides
/// whether two versions can be read alike, so it is the contract's version.
bool Importer::iglu(const Json& root) {
    const Json* self = member(root, "self");
    const std::string name = self == nullptr ? std::string() : text_of(*self, "name");
    if (name.empty())
        return false;
    const std::string version = text_of(*self, "version");
    std::int64_t model = 1;
    std::from_chars(version.data(), version.data() + version.size(), model);
    Json schema = root;
    schema.erase("self");
    const std::string origin = "iglu:" + text_of(*self, "vendor") + "/" + name + "/" +
                               text_of(*self, "format") + "/" + version;
    const bool later = version.find("-0-0") == std::string::npos;
    add(name, model, origin, text_of(root, "description"), schema,
        later ? "version " + version + " became " + std::to_string(model) +
                    ": revision and addition are not kept"
              : "");
    return true;
}

/// One subject's version or a list of them: {"subject", "version", "schemaType", "schema": "…"}.
bool Importer::registry(const Json& root) {
    if (root.is_array()) {
        bool any = false;
        for (const Json& one : root)
            any = registry(one) || any;
        return any;
    }
    const std::string subject = text_of(root, "subject");
    if (subject.empty())
        return false;
    const std::string kind = text_of(root, "schemaType");
    if (kind != "JSON")
        return false; // no schemaType means Avro
    const Json schema = Json::parse(text_of(root, "schema"), nullptr, false);
    if (schema.is_discarded())
        return false;
    std::string type = subject;
    for (const char* suffix : {"-value", "-key"}) {
        const std::string end = suffix;
        if (type.size() > end.size() &&
            type.compare(type.size() - end.size(), end.size(), end) == 0)
            type.resize(type.size() - end.size());
    }
    add(type, whole(member(root, "version"), 1),
        "subject " + subject + " version " + std::to_string(whole(member(root, "version"), 1)),
        text_of(schema, "description"), schema);
    return true;
}

/// One event of a tracking plan, in the older form {"name", "rules": {…}} or the newer one
/// {"type": "TRACK", "key", "jsonSchema": {…}}.
void Importer::segment_rule(const Json& rule) {
    const std::string kind = text_of(rule, "type");
    const std::string name = rule.contains("key") ? text_of(rule, "key") : text_of(rule, "name");
    const Json* schema = member(rule, rule.contains("jsonSchema") ? "jsonSchema" : "rules");
    if (name.empty() || schema == nullptr || (!kind.empty() && kind != "TRACK"))
        return;
    Json own = *schema;
    if (!own.contains("$schema"))
        own["$schema"] = "http://json-schema.org/draft-07/schema#";
    add(name, whole(member(rule, "version"), 1), "tracking plan, event " + name,
        text_of(rule, "description"), own);
}

bool Importer::segment(const Json& root) {
    const Json* at = &root;
    for (const char* wrapper : {"data", "trackingPlan", "tracking_plan"})
        if (const Json* inner = member(*at, wrapper); inner != nullptr && inner->is_object())
            at = inner;
    const Json* rules = member(*at, "rules");
    if (rules == nullptr)
        rules = member(root, "data") != nullptr ? member(root["data"], "rules") : nullptr;
    if (rules == nullptr)
        return false;
    const Json* events = rules->is_array() ? rules : member(*rules, "events");
    if (events == nullptr || !events->is_array())
        return false;
    const std::size_t before = taken.size();
    for (const Json& rule : *events)
        if (rule.is_object())
            segment_rule(rule);
    return taken.size() > before;
}

bool Importer::plain(const Json& root, const std::string& name) {
    if (!root.is_object() || (!root.contains("$schema") && !root.contains("properties")))
        return false;
    const std::string title = text_of(root, "title");
    add(title.empty() ? stem_of(name) : title, 1, "the file " + name, text_of(root, "description"),
        root);
    return true;
}

} // namespace

Result<std::vector<ImportedContract>>
import_contracts(const std::string& text, const std::string& name, const std::string& owner) {
    Error error;
    error.code = ErrorCode::Config;
    error.where = name;
    try {
        const Json root = Json::parse(text, nullptr, false);
        if (root.is_discarded()) {
            error.what = "not JSON";
            return error;
        }
        Importer importer(owner);
        if (importer.iglu(root) || importer.registry(root) || importer.segment(root) ||
            importer.plain(root, name))
            return std::move(importer.taken);
    } catch (const nlohmann::json::exception& failure) {
        error.what = failure.what();
        return error;
    }
    error.what = "nothing in it is known as a contract";
    error.advice = "Known are Iglu's self-describing schemas, JSON subjects of a schema registry, "
                   "Segment's tracking plans, and JSON Schema.";
    return error;
}

std::string contract_file_name(const std::string& type, std::int64_t version) {
    std::string name;
    for (const char c : type) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' ||
                           static_cast<unsigned char>(c) >= 0x80;
        name += plain ? c : '_';
    }
    if (name.empty() || name.front() == '.')
        name.insert(0, 1, '_');
    return name.substr(0, 120) + "/" + std::to_string(version) + ".json";
}

} // namespace weir
