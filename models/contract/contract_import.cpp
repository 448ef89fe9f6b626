// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/contract_import.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "models/contract/contract_checker.h"
#include "models/contract/imported_value.h"

namespace weir {

namespace {

constexpr char hex_digits[] = "0123456789ABCDEF";

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

/// {"self": {"vendor", "name", "format", "version": "1-0-2"}, …}: events of another vendor's name
/// are others, so the contract's type has both. The model of a version decides whether two versions
/// can be read alike, so it is the contract's version.
bool import_iglu(const ImportedValue& root, ImportedContracts& into) {
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
    into.add(vendor.empty() ? name : vendor + "/" + name, version[0], origin,
             root.text("description"), schema_lines({&schema, 0}))
        .revision = {version[1], version[2]};
    return true;
}

bool import_schema(const ImportedValue& root, const std::string& name, ImportedContracts& into) {
    if (!root.has("$schema") && !root.has("properties"))
        return false;
    const std::string title = root.text("title");
    into.add(title.empty() ? stem_of(name) : title, 1, "the file " + name, root.text("description"),
             schema_lines(root));
    return true;
}

} // namespace

Result<Imported> import_contracts(const std::string& text, const std::string& name,
                                  const std::string& owner) {
    Error error;
    error.code = ErrorCode::Config;
    error.where = name;
    JsonTape tape;
    if (!tape.parse(text)) {
        error.what = unread_json_text(tape.error().what);
        return error;
    }
    const ImportedValue root{&tape, 0};
    ImportedContracts into(owner);
    const bool known = import_iglu(root, into) || import_subjects(root, into) ||
                       import_tracking_plan(root, into) || import_schema(root, name, into);
    if (known && !into.made.contracts.empty())
        return std::move(into.made);
    error.what = known ? "nothing in it can be taken over" : "nothing in it is known as a contract";
    for (const std::string& remark : into.made.remarks)
        error.advice += as_sentence(remark) + " ";
    error.advice += "Known are Iglu's self-describing schemas, JSON subjects of a schema registry, "
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
    constexpr std::size_t folder_bytes_max = 120; // file systems take 255
    std::string name;
    std::size_t begin = 0; // of the folder that is being named
    for (const char c : type) {
        const auto byte = static_cast<unsigned char>(c);
        const bool first = name.size() == begin;
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '_' || c == '-' || (c == '.' && !first) ||
                           byte >= 0x80;
        if (plain)
            name += c;
        else
            name.append(1, '=').append(1, hex_digits[byte >> 4U]).append(1, hex_digits[byte & 15U]);
        if (name.size() - begin >= folder_bytes_max) {
            name += '/';
            begin = name.size();
        }
    }
    if (name.size() == begin)
        name += '='; // an escape of nothing
    return name + "/" + std::to_string(version) + ".json";
}

} // namespace weir
