// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/contract_import.h"

#include <algorithm>
#include <array>
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

/// MODEL-REVISION-ADDITION.
using SchemaVersion = std::array<std::int64_t, 3>;

SchemaVersion schema_version_of(std::string_view text) {
    SchemaVersion version{1, 0, 0};
    for (std::int64_t& part : version) {
        const std::size_t end = std::min(text.find('-'), text.size());
        std::from_chars(text.data(), text.data() + end, part);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return version;
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
             const std::string& description, const Json& schema);
    void segment_rule(const Json& rule);
    std::string m_owner;
};

void Importer::add(const std::string& type, std::int64_t version, const std::string& origin,
                   const std::string& description, const Json& schema) {
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
    taken.push_back(std::move(one));
}

/// {"self": {"vendor", "name", "format", "version": "1-0-2"}, …}: events of another vendor's name
/// are others, so the contract's type has both. The model of a version decides whether two versions
/// can be read alike, so it is the contract's version.
bool Importer::iglu(const Json& root) {
    const Json* self = member(root, "self");
    const std::string name = self == nullptr ? std::string() : text_of(*self, "name");
    if (name.empty())
        return false;
    const std::string vendor = text_of(*self, "vendor");
    const std::string text = text_of(*self, "version");
    const SchemaVersion version = schema_version_of(text);
    Json schema = root;
    schema.erase("self");
    const std::string origin =
        "iglu:" + vendor + "/" + name + "/" + text_of(*self, "format") + "/" + text;
    add(vendor.empty() ? name : vendor + "/" + name, version[0], origin,
        text_of(root, "description"), schema);
    taken.back().revision = {version[1], version[2]};
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

std::vector<ImportedContract> newest_of_each(std::vector<ImportedContract> all) {
    std::vector<ImportedContract> kept;
    for (ImportedContract& one : all) {
        const auto same = std::find_if(kept.begin(), kept.end(), [&](const auto& other) {
            return other.type == one.type && other.version == one.version;
        });
        if (same == kept.end()) {
            kept.push_back(std::move(one));
            continue;
        }
        if (same->revision < one.revision) {
            std::swap(*same, one);
            same->remark = std::move(one.remark);
        }
        same->remark += (same->remark.empty() ? "taken instead of " : ", ") + one.origin;
    }
    return kept;
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
