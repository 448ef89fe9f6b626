// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The schema documents there are, by URI, and what a `$ref` leads to. A reference resolves within
// its document, to the `$id` of another one, or to a file of a folder: http(s)://host/a/b.json is
// a/b.json below it. Nothing is ever fetched from a network. The metaschemas are built in.
//
// Thread contract: one owner while schemas are compiled. Bound: Limits; the folders' files only,
// links that lead out of it are not followed.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "connectors/base/result.h"
#include "models/event/json/json_tape.h"

namespace weir::schema {

/// The dialects of JSON Schema there are.
enum class Draft : std::uint8_t { Draft4 = 4, Draft6 = 6, Draft7 = 7 };

/// One file: its text, its tape and where its sub-schemas' references start from.
struct Document {
    std::string name; // as errors call it: a file, or its URI
    std::string uri;  // without a fragment
    std::string text;
    JsonTape tape;
    std::uint32_t root = 0; // the schema within the document
    Draft draft = Draft::Draft7;
    std::unordered_map<std::uint32_t, std::string>
        bases; // schema node → base URI, where it changes
};

/// A schema within a document.
struct Place {
    const Document* document = nullptr;
    std::uint32_t node = 0;
    std::string base; // the URI its references are relative to
};

/// "file.json:12: #/properties/price" for messages.
std::string place_text(const Document& document, std::uint32_t node);
/// 1-based line of a byte.
std::size_t line_of(std::string_view text, std::size_t offset);

class Library {
  public:
    struct Limits {
        std::size_t file_bytes = 16U << 20;
        std::size_t files = 10'000; // that are referred to
        std::size_t total_bytes = 256U << 20;
    };
    explicit Library(Draft otherwise = Draft::Draft7);
    ~Library();
    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;

    /// Where references to other files lead; the first folder that has one counts. `deep`: a $id is
    /// also looked for in the folders below.
    void add_folder(const std::string& folder, bool deep = true);

    /// Takes a document in. `root` is the RFC 6901 pointer of the schema within it. Errors: Config
    /// (not JSON: with line and column, no such pointer), Unsupported (a later draft).
    Result<const Document*> add(const std::string& name, const std::string& uri, std::string text,
                                const std::string& root = {});
    /// The same from a file; its URI is file://…
    Result<const Document*> add_file(const std::string& file);

    /// What `reference` means where `base` is in force. Errors: NotFound, Config, Unsupported.
    Result<Place> resolve(const std::string& base, std::string_view reference);
    /// Base URI at a schema that was reached from a schema with that base.
    static const std::string& base_at(const Document& document, std::uint32_t node,
                                      const std::string& around);

  private:
    struct Target {
        const Document* document;
        std::uint32_t node;
    };
    void index(Document& document);
    void index_schema(Document& document, std::uint32_t node, const std::string& base,
                      std::uint32_t depth);
    void index_id(Document& document, std::uint32_t node, std::string& base);
    Result<Target> document_at(const std::string& uri);
    Result<const Document*> from_folder(const std::string& uri);
    struct Folder {
        std::string path; // canonical
        bool deep;
    };
    void scan_folders();
    void scan(const Folder& folder);
    std::string file_of(const std::string& uri) const;
    Result<Place> follow(const Target& from, const std::string& base, std::string_view fragment);

    const Draft m_otherwise;
    std::vector<Folder> m_folders;
    bool m_scanned = false;
    std::vector<std::unique_ptr<Document>> m_documents;
    std::map<std::string, Target> m_by_uri;           // $id and documents
    std::map<std::string, Target> m_anchors;          // uri#name
    std::map<std::string, std::string> m_files_by_id; // of the folder, not read in yet
    std::size_t m_bytes = 0;                          // of all documents
    std::size_t m_scanned_bytes = 0;                  // of the files whose $id was looked at
};

/// Where sub-schemas stand: each keyword that holds them, and in what form.
enum class Holds : std::uint8_t { Schema, Schemas, SchemaOrSchemas, Map, MapOrNames };
struct SubschemaKeyword {
    std::string_view name;
    Holds holds;
    int since;
};
/// Null: the keyword holds no schemas in that draft.
const SubschemaKeyword* subschema_keyword(std::string_view name, Draft draft);

} // namespace weir::schema
