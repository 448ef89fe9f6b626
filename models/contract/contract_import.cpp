// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/contract_import.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "models/contract/contract_checker.h"
#include "models/event/decimal.h"
#include "models/event/json/json_tape.h"

namespace weir {

namespace {

/// A value of a tape; what is asked of anything but an object is not there.
struct ImportedValue {
    const JsonTape* tape = nullptr;
    std::uint32_t node = 0;

    JsonKind kind() const { return tape->nodes()[node].kind; }
    std::optional<ImportedValue> member(std::string_view name) const {
        const auto found = kind() == JsonKind::Object ? tape->member(node, name) : std::nullopt;
        return found ? std::optional(ImportedValue{tape, *found}) : std::nullopt;
    }
    bool has(std::string_view name) const { return member(name).has_value(); }
    /// The text of a member; "": there is none.
    std::string text(std::string_view name) const {
        const auto found = member(name);
        return found && found->kind() == JsonKind::String ? tape->unescaped(found->node)
                                                          : std::string();
    }
    std::int64_t whole(std::string_view name, std::int64_t otherwise) const {
        const auto found = member(name);
        std::int64_t number = otherwise;
        if (found && found->kind() == JsonKind::Number)
            Decimal(tape->raw(found->node)).to_int64(number);
        return number;
    }
    std::vector<ImportedValue> elements() const {
        std::vector<ImportedValue> all;
        if (kind() == JsonKind::Array)
            for (std::uint32_t i = node + 1; i < tape->nodes()[node].next;
                 i = tape->nodes()[i].next)
                all.push_back({tape, i});
        return all;
    }
};

/// Appends the value with a line for each member and element; texts and numbers letter by letter.
void append_lines(const ImportedValue& value, std::size_t indent, std::string& out) {
    const auto& nodes = value.tape->nodes();
    const bool object = value.kind() == JsonKind::Object;
    const std::uint32_t end = nodes[value.node].next;
    if ((!object && value.kind() != JsonKind::Array) || end == value.node + 1) {
        out += object ? "{}" : value.tape->raw_quoted(value.node);
        return;
    }
    out += object ? '{' : '[';
    for (std::uint32_t i = value.node + 1; i < end;) {
        out += i == value.node + 1 ? "\n" : ",\n";
        out.append(indent + 2, ' ');
        if (object)
            out.append(value.tape->raw_quoted(i++)).append(": ");
        append_lines({value.tape, i}, indent + 2, out);
        i = nodes[i].next;
    }
    out += '\n';
    out.append(indent, ' ');
    out += object ? '}' : ']';
}

void append_contract_member(const char* name, std::string_view text, std::string& out) {
    out.append("  \"").append(name).append("\": ");
    append_json_string(text, out);
    out += ",\n";
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

    bool iglu(const ImportedValue& root);
    bool registry(const ImportedValue& root);
    bool segment(const ImportedValue& root);
    bool plain(const ImportedValue& root, const std::string& name);
    std::vector<ImportedContract> taken;

  private:
    void add(const std::string& type, std::int64_t version, const std::string& origin,
             const std::string& description, const std::string& schema);
    void segment_rule(const ImportedValue& rule);
    std::string m_owner;
};

/// The schema as it stands below /schema.
std::string schema_lines(const ImportedValue& schema) {
    std::string text;
    append_lines(schema, 2, text);
    return text;
}

void Importer::add(const std::string& type, std::int64_t version, const std::string& origin,
                   const std::string& description, const std::string& schema) {
    ImportedContract one;
    one.type = type;
    one.version = version;
    one.origin = origin;
    one.contract = "{\n  \"weir_contract\": 1,\n";
    append_contract_member("comment", "Imported from " + origin + ".", one.contract);
    append_contract_member("type", type, one.contract);
    one.contract += "  \"version\": " + std::to_string(version) + ",\n";
    append_contract_member("owner", m_owner, one.contract);
    if (!description.empty())
        append_contract_member("description", description, one.contract);
    one.contract += "  \"schema\": " + schema + "\n}\n";
    taken.push_back(std::move(one));
}

/// {"self": {"vendor", "name", "format", "version": "1-0-2"}, …}: events of another vendor's name
/// are others, so the contract's type has both. The model of a version decides whether two versions
/// can be read alike, so it is the contract's version.
bool Importer::iglu(const ImportedValue& root) {
    const auto self = root.member("self");
    const std::string name = self ? self->text("name") : std::string();
    if (name.empty())
        return false;
    const std::string vendor = self->text("vendor");
    const std::string text = self->text("version");
    const SchemaVersion version = schema_version_of(text);
    const std::string without_self = without_members(*root.tape, {"/self"});
    JsonTape schema;
    if (!schema.parse(without_self))
        return false;
    const std::string origin =
        "iglu:" + vendor + "/" + name + "/" + self->text("format") + "/" + text;
    add(vendor.empty() ? name : vendor + "/" + name, version[0], origin, root.text("description"),
        schema_lines({&schema, 0}));
    taken.back().revision = {version[1], version[2]};
    return true;
}

/// One subject's version or a list of them: {"subject", "version", "schemaType", "schema": "…"}.
bool Importer::registry(const ImportedValue& root) {
    bool any = false;
    for (const ImportedValue& one : root.elements())
        any = registry(one) || any;
    std::string type = root.text("subject");
    if (type.empty() || root.text("schemaType") != "JSON") // no schemaType means Avro
        return any;
    const std::string text = root.text("schema");
    JsonTape tape;
    if (!tape.parse(text))
        return false;
    const ImportedValue schema{&tape, 0};
    const std::int64_t version = root.whole("version", 1);
    const std::string origin = "subject " + type + " version " + std::to_string(version);
    for (const std::string_view end : {"-value", "-key"})
        if (type.size() > end.size() &&
            type.compare(type.size() - end.size(), end.size(), end) == 0)
            type.resize(type.size() - end.size());
    add(type, version, origin, schema.text("description"), schema_lines(schema));
    return true;
}

/// One event of a tracking plan, in the older form {"name", "rules": {…}} or the newer one
/// {"type": "TRACK", "key", "jsonSchema": {…}}.
void Importer::segment_rule(const ImportedValue& rule) {
    const std::string kind = rule.text("type");
    const std::string name = rule.text(rule.has("key") ? "key" : "name");
    const auto schema = rule.member(rule.has("jsonSchema") ? "jsonSchema" : "rules");
    if (name.empty() || !schema || schema->kind() != JsonKind::Object ||
        (!kind.empty() && kind != "TRACK"))
        return;
    std::string text = schema_lines(*schema);
    if (!schema->has("$schema")) {
        const char* const end = text == "{}" ? "\n  " : ",";
        text.insert(1, std::string("\n    \"$schema\": "
                                   "\"http://json-schema.org/draft-07/schema#\"") +
                           end);
    }
    add(name, rule.whole("version", 1), "tracking plan, event " + name, rule.text("description"),
        text);
}

bool Importer::segment(const ImportedValue& root) {
    ImportedValue at = root;
    for (const char* wrapper : {"data", "trackingPlan", "tracking_plan"})
        if (const auto inner = at.member(wrapper); inner && inner->kind() == JsonKind::Object)
            at = *inner;
    auto rules = at.member("rules");
    if (const auto data = root.member("data"); !rules && data)
        rules = data->member("rules");
    if (!rules)
        return false;
    const auto events = rules->kind() == JsonKind::Array ? rules : rules->member("events");
    if (!events)
        return false;
    const std::size_t before = taken.size();
    for (const ImportedValue& rule : events->elements())
        segment_rule(rule);
    return taken.size() > before;
}

bool Importer::plain(const ImportedValue& root, const std::string& name) {
    if (!root.has("$schema") && !root.has("properties"))
        return false;
    const std::string title = root.text("title");
    add(title.empty() ? stem_of(name) : title, 1, "the file " + name, root.text("description"),
        schema_lines(root));
    return true;
}

} // namespace

Result<std::vector<ImportedContract>>
import_contracts(const std::string& text, const std::string& name, const std::string& owner) {
    Error error;
    error.code = ErrorCode::Config;
    error.where = name;
    JsonTape tape;
    if (!tape.parse(text)) {
        error.what = unread_json_text(tape.error().what);
        return error;
    }
    const ImportedValue root{&tape, 0};
    Importer importer(owner);
    if (importer.iglu(root) || importer.registry(root) || importer.segment(root) ||
        importer.plain(root, name))
        return std::move(importer.taken);
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
