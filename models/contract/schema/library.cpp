// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/schema/library.h"

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "connectors/base/embedded.h"
#include "models/contract/schema/file_text.h"
#include "models/contract/schema/json_files.h"
#include "models/contract/schema/uri.h"

namespace weir::schema {

namespace {

/// Of a schema's file: whoever walks over it does so by recursion.
constexpr std::uint32_t schema_depth_max = 512;

constexpr SubschemaKeyword keywords[] = {
    {"additionalItems", Holds::Schema, 4},
    {"items", Holds::SchemaOrSchemas, 4},
    {"additionalProperties", Holds::Schema, 4},
    {"properties", Holds::Map, 4},
    {"patternProperties", Holds::Map, 4},
    {"dependencies", Holds::MapOrNames, 4},
    {"definitions", Holds::Map, 4},
    {"allOf", Holds::Schemas, 4},
    {"anyOf", Holds::Schemas, 4},
    {"oneOf", Holds::Schemas, 4},
    {"not", Holds::Schema, 4},
    {"contains", Holds::Schema, 6},
    {"propertyNames", Holds::Schema, 6},
    {"if", Holds::Schema, 7},
    {"then", Holds::Schema, 7},
    {"else", Holds::Schema, 7},
};

struct KnownDialect {
    std::string_view uri; // without scheme and fragment
    Draft draft;
    std::string_view file; // of the metaschema; empty: none of ours
};
constexpr KnownDialect dialects[] = {
    {"://json-schema.org/draft-04/schema", Draft::Draft4, "draft-04.json"},
    {"://json-schema.org/draft-06/schema", Draft::Draft6, "draft-06.json"},
    {"://json-schema.org/draft-07/schema", Draft::Draft7, "draft-07.json"},
    {"://json-schema.org/schema", Draft::Draft7, "draft-07.json"},
    // What Snowplow's schemas name is draft-04 with a `self` beside it.
    {"://iglucentral.com/schemas/com.snowplowanalytics.self-desc/schema/jsonschema/1-0-0",
     Draft::Draft4, ""},
};

/// Where the schema is in a file: a contract has it below /schema.
std::string schema_pointer(const std::string& text) {
    if (text.find("\"weir_contract\"") == std::string::npos)
        return {};
    JsonTape tape;
    const bool contract = tape.parse(text) && tape.at("/weir_contract") && tape.at("/schema");
    return contract ? "/schema" : "";
}

std::string_view without_scheme(std::string_view uri) {
    if (uri.substr(0, 4) == "http")
        uri.remove_prefix(uri.substr(0, 5) == "https" ? 5 : 4);
    return uri;
}

const KnownDialect* find_dialect(std::string_view uri) {
    uri = without_scheme(without_fragment(uri));
    for (const KnownDialect& dialect : dialects)
        if (dialect.uri == uri)
            return &dialect;
    return nullptr;
}

std::string string_member(const JsonTape& tape, std::uint32_t object, std::string_view name) {
    const auto found = tape.member(object, name);
    if (!found || tape.nodes()[*found].kind != JsonKind::String)
        return {};
    return tape.unescaped(*found);
}

Error not_found(std::string_view reference, const std::string& uri) {
    Error error;
    error.code = ErrorCode::NotFound;
    error.what = "nothing is at the reference " + std::string(reference);
    error.tried = "resolving it to " + uri;
    error.advice =
        "Put the schema into the folder (--schema-dir DIR): it is found by its $id, else "
        "by its path. Weir does not fetch schemas from a network.";
    return error;
}

/// Whether `file` lies below `folder`; both canonical.
bool is_below(const std::string& file, const std::string& folder) {
    return file.size() > folder.size() + 1 && file.compare(0, folder.size(), folder) == 0 &&
           (file[folder.size()] == '/' || folder.back() == '/');
}

std::string unescaped_token(std::string_view token) {
    std::string out;
    for (std::size_t i = 0; i < token.size(); ++i) {
        if (token[i] == '~' && i + 1 < token.size() && (token[i + 1] == '0' || token[i + 1] == '1'))
            out.push_back(token[++i] == '0' ? '~' : '/');
        else
            out.push_back(token[i]);
    }
    return out;
}

} // namespace

const SubschemaKeyword* subschema_keyword(std::string_view name, Draft draft) {
    for (const SubschemaKeyword& keyword : keywords)
        if (keyword.name == name)
            return keyword.since <= static_cast<int>(draft) ? &keyword : nullptr;
    return nullptr;
}

std::size_t line_of(std::string_view text, std::size_t offset) {
    offset = std::min(offset, text.size());
    return 1 + static_cast<std::size_t>(std::count(
                   text.begin(), text.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
}

std::string place_text(const Document& document, std::uint32_t node) {
    const std::size_t line = line_of(document.text, document.tape.nodes()[node].offset);
    return document.name + ":" + std::to_string(line) + ": #" + document.tape.pointer(node);
}

Library::Library(Draft otherwise)
    : m_otherwise(otherwise) {}
Library::~Library() = default;

void Library::add_folder(const std::string& folder, bool deep) {
    std::error_code failed;
    const std::string path = std::filesystem::canonical(folder, failed).string();
    if (!failed)
        m_folders.push_back({path, deep});
}

Result<const Document*> Library::add(const std::string& name, const std::string& uri,
                                     std::string text, const std::string& root) {
    auto document = std::make_unique<Document>();
    document->name = name;
    document->uri = std::string(without_fragment(uri));
    document->text = std::move(text);
    document->draft = m_otherwise;
    m_bytes += document->text.size();
    Error error;
    error.code = ErrorCode::Config;
    if (!document->tape.parse(document->text, {.depth = schema_depth_max})) {
        const JsonError& mistake = document->tape.error();
        const std::size_t line = line_of(document->text, mistake.offset);
        error.what = unread_json_text(mistake.what);
        error.where = name + ":" + std::to_string(line);
        return error;
    }
    const auto at = document->tape.at(root);
    if (!at) {
        error.what = "there is no schema";
        error.where = name + ": #" + root;
        return error;
    }
    document->root = *at;
    const std::string dialect = string_member(document->tape, document->root, "$schema");
    if (const KnownDialect* known = find_dialect(dialect)) {
        document->draft = known->draft;
    } else if (without_scheme(dialect).substr(0, 19) == "://json-schema.org/") {
        error.code = ErrorCode::Unsupported;
        error.what = "the dialect " + dialect + " is not one Weir knows";
        error.where = place_text(*document, document->root) + "/$schema";
        error.advice = "Weir judges by draft-04, draft-06 and draft-07.";
        return error;
    }
    m_documents.push_back(std::move(document));
    index(*m_documents.back());
    return static_cast<const Document*>(m_documents.back().get());
}

Result<const Document*> Library::add_file(const std::string& file) {
    auto text = read_file_text(file, Limits().file_bytes);
    if (!text)
        return text.error();
    std::error_code failed;
    const std::string path = std::filesystem::weakly_canonical(file, failed).string();
    return add(file, file_uri(path), *text, schema_pointer(*text));
}

void Library::index(Document& document) {
    m_by_uri.try_emplace(document.uri, Target{&document, document.root});
    document.bases[document.root] = document.uri;
    index_schema(document, document.root, document.uri, 0);
}

/// Takes note of the schema's own id, and moves `base` along.
void Library::index_id(Document& document, std::uint32_t node, std::string& base) {
    const JsonTape& tape = document.tape;
    const std::string id =
        string_member(tape, node, document.draft == Draft::Draft4 ? "id" : "$id");
    if (id.empty() || tape.member(node, "$ref"))
        return;
    const std::string uri = resolve_uri(base, id);
    const std::size_t hash = uri.find('#');
    if (hash != std::string::npos && hash + 1 < uri.size())
        m_anchors.try_emplace(uri, Target{&document, node});
    if (id.front() == '#')
        return;
    base = uri.substr(0, hash);
    document.bases[node] = base;
    m_by_uri.try_emplace(base, Target{&document, node});
}

void Library::index_schema(Document& document, std::uint32_t node, const std::string& around,
                           std::uint32_t depth) {
    const JsonTape& tape = document.tape;
    const auto& nodes = tape.nodes();
    if (nodes[node].kind != JsonKind::Object || depth > schema_depth_max)
        return;
    std::string base = around;
    index_id(document, node, base);
    std::string scratch;
    for (std::uint32_t key = node + 1; key < nodes[node].next; key = nodes[key + 1].next) {
        const SubschemaKeyword* keyword =
            subschema_keyword(tape.text_of(key, scratch), document.draft);
        if (keyword == nullptr)
            continue;
        const std::uint32_t value = key + 1;
        const JsonKind kind = nodes[value].kind;
        if (kind == JsonKind::Array) {
            for (std::uint32_t i = value + 1; i < nodes[value].next; i = nodes[i].next)
                index_schema(document, i, base, depth + 1);
        } else if (keyword->holds == Holds::Map || keyword->holds == Holds::MapOrNames) {
            for (std::uint32_t i = value + 1; i < nodes[value].next; i = nodes[i + 1].next)
                index_schema(document, i + 1, base, depth + 1);
        } else {
            index_schema(document, value, base, depth + 1);
        }
    }
}

const std::string& Library::base_at(const Document& document, std::uint32_t node,
                                    const std::string& around) {
    const auto found = document.bases.find(node);
    return found == document.bases.end() ? around : found->second;
}

/// Folders that cannot be read are left out: a reference into one of them finds nothing.
void Library::scan(const Folder& folder) {
    for (const std::filesystem::path& file : json_files(folder.path, folder.deep).files) {
        auto text = read_file_text(file.string(), Limits().file_bytes);
        if (!text)
            continue;
        m_scanned_bytes += text->size();
        if (m_scanned_bytes > Limits().total_bytes)
            return;
        JsonTape tape;
        if (text->find("id\"") == std::string::npos || !tape.parse(*text))
            continue;
        const std::uint32_t root = tape.at("/schema").value_or(0);
        for (const char* name : {"$id", "id"}) {
            const std::string id = string_member(tape, root, name);
            if (!id.empty())
                m_files_by_id.try_emplace(std::string(without_fragment(id)), file.string());
        }
    }
}

void Library::scan_folders() {
    m_scanned = true;
    for (const Folder& folder : m_folders)
        scan(folder);
}

/// The file below one of the folders that the path of a URI names, or "".
std::string Library::file_of(const std::string& uri) const {
    const UriParts parts = split_uri(uri);
    const std::string path = percent_decoded(parts.path);
    if (path.find('\0') != std::string::npos)
        return {};
    for (const Folder& folder : m_folders) {
        std::error_code failed;
        std::string file;
        if (parts.scheme == "file")
            file = std::filesystem::canonical(path, failed).string();
        else if (parts.scheme == "http" || parts.scheme == "https")
            file = std::filesystem::canonical(folder.path + "/" + path, failed).string();
        if (!failed && is_below(file, folder.path) &&
            std::filesystem::is_regular_file(file, failed))
            return file;
    }
    return {};
}

/// A document of the folders under this URI, by its $id or by its path.
Result<const Document*> Library::from_folder(const std::string& uri) {
    if (!m_scanned)
        scan_folders();
    const auto by_id = m_files_by_id.find(uri);
    const std::string file = by_id != m_files_by_id.end() ? by_id->second : file_of(uri);
    if (file.empty())
        return not_found(uri, uri);
    if (m_documents.size() >= Limits().files || m_bytes > Limits().total_bytes) {
        Error error;
        error.code = ErrorCode::TooLarge;
        error.what = "the schemas refer to more files than Weir reads";
        error.where = file;
        return error;
    }
    auto text = read_file_text(file, Limits().file_bytes);
    if (!text)
        return text.error();
    return add(file, uri, *text, schema_pointer(*text));
}

Result<Library::Target> Library::document_at(const std::string& uri) {
    auto found = m_by_uri.find(uri);
    if (const UriParts parts = split_uri(uri); found == m_by_uri.end() && parts.scheme == "file")
        found = m_by_uri.find(file_uri(percent_decoded(parts.path))); // written another way
    if (found != m_by_uri.end())
        return found->second;
    if (const KnownDialect* known = find_dialect(uri); known != nullptr && !known->file.empty()) {
        const std::string path = "resources/contracts/metaschemas/" + std::string(known->file);
        auto added = add(path, uri, std::string(embedded_file(path)));
        if (!added)
            return added.error();
        return Target{*added, (*added)->root};
    }
    if (m_folders.empty())
        return not_found(uri, uri);
    auto added = from_folder(uri);
    if (!added)
        return added.error();
    const auto now = m_by_uri.find(uri); // its $id may have taken another place
    return now != m_by_uri.end() ? now->second : Target{*added, (*added)->root};
}

Result<Place> Library::follow(const Target& from, const std::string& base,
                              std::string_view fragment) {
    const Document& document = *from.document;
    Place place{&document, from.node, base_at(document, from.node, base)};
    while (!fragment.empty()) {
        const std::size_t end = std::min(fragment.find('/', 1), fragment.size());
        const std::string token = unescaped_token(fragment.substr(1, end - 1));
        fragment.remove_prefix(end);
        std::optional<std::uint32_t> next;
        if (document.tape.nodes()[place.node].kind == JsonKind::Array) {
            const bool index = !token.empty() && token.size() < 10 &&
                               token.find_first_not_of("0123456789") == std::string::npos;
            if (index)
                next = document.tape.element(place.node,
                                             static_cast<std::uint32_t>(std::stoul(token)));
        } else {
            next = document.tape.member(place.node, token);
        }
        if (!next)
            return not_found("", place.base);
        place.node = *next;
        place.base = base_at(document, place.node, place.base);
    }
    return place;
}

Result<Place> Library::resolve(const std::string& base, std::string_view reference) {
    const std::string uri = resolve_uri(base, reference);
    const std::size_t hash = std::min(uri.find('#'), uri.size());
    const std::string document = uri.substr(0, hash);
    const std::string fragment =
        hash < uri.size() ? percent_decoded(std::string_view(uri).substr(hash + 1)) : std::string();
    if (!fragment.empty() && fragment.front() != '/') {
        auto anchor = m_anchors.find(document + "#" + fragment);
        if (anchor == m_anchors.end()) {
            const auto target = document_at(document); // reads it in, with its anchors
            if (!target)
                return target.error();
            anchor = m_anchors.find(document + "#" + fragment);
        }
        if (anchor == m_anchors.end())
            return not_found(reference, uri);
        const Target& to = anchor->second;
        return Place{to.document, to.node, base_at(*to.document, to.node, document)};
    }
    auto target = document_at(document);
    if (!target)
        return target.error();
    auto place = follow(*target, document, fragment);
    if (!place)
        return not_found(reference, uri);
    return place;
}

} // namespace weir::schema
