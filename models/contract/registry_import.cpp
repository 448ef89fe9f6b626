// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A registry's schemas refer to each other by names that each subject's "references" explain: the
// subjects meant are written under these names, where the contract's $ref lead.
#include <algorithm>
#include <set>

#include "models/contract/imported_value.h"
#include "models/contract/schema/uri.h"

namespace weir {

namespace {

/// Where references resolve from while the folder that will hold the contracts is not known.
constexpr std::string_view folder_uri = "file:///";

class Subjects {
  public:
    Subjects(std::vector<ImportedValue> all, ImportedContracts& into)
        : m_all(std::move(all))
        , m_into(into) {}

    bool run() {
        bool any = false;
        for (const ImportedValue& subject : m_all)
            any = take(subject) || any;
        return any;
    }

  private:
    bool take(const ImportedValue& subject) {
        std::string type = subject.text("subject");
        if (type.empty() || !subject.has("schema"))
            return false;
        const std::int64_t version = subject.whole("version", 1);
        const std::string origin = "subject " + type + " version " + std::to_string(version);
        const std::string kind = subject.text("schemaType");
        if (kind != "JSON") { // no schemaType means Avro
            m_into.remark(origin, "left out: its schema is " + (kind.empty() ? "AVRO" : kind) +
                                      ", and only JSON ones are taken over");
            return true;
        }
        const std::string text = subject.text("schema"); // the tape refers to it
        JsonTape tape;
        if (!tape.parse(text)) {
            m_into.remark(origin, "left out: its schema is no JSON");
            return true;
        }
        constexpr std::string_view of_values = "-value"; // what a topic's keys are is no event
        if (type.size() > of_values.size() && type.ends_with(of_values))
            type.resize(type.size() - of_values.size());
        const ImportedValue schema{&tape, 0};
        ImportedContract& made =
            m_into.add(type, version, origin, schema.text("description"), schema_lines(schema));
        m_written.clear();
        refer(subject, schema, std::string(folder_uri) + contract_file_name(type, version), made);
        return true;
    }

    /// Adds what the subject refers to, and what that refers to. `base`: the subject's own URI.
    void refer(const ImportedValue& subject, const ImportedValue& content, const std::string& base,
               ImportedContract& made) {
        const auto references = subject.member("references");
        if (!references)
            return;
        const std::string id = content.text(content.has("$id") ? "$id" : "id");
        const std::string from = id.empty() ? base : schema::resolve_uri(base, id);
        for (const ImportedValue& reference : references->elements()) {
            const std::string uri = schema::resolve_uri(from, reference.text("name"));
            const std::string file = file_of(uri);
            if (!m_written.insert(file).second)
                continue;
            const std::string meant = reference.text("subject") + " version " +
                                      std::to_string(reference.whole("version", 0));
            const auto target = find(reference);
            const std::string text = target ? target->text("schema") : std::string();
            JsonTape tape; // refers to the text
            if (file.empty() || !target || !tape.parse(text)) {
                made.remark +=
                    (made.remark.empty() ? "" : "; ") + ("its reference " + reference.text("name"));
                made.remark += file.empty() ? " names no file of the folder"
                                            : " (subject " + meant +
                                                  ") is not in the import: write it to " + file;
                continue;
            }
            const ImportedValue referred{&tape, 0};
            made.references.push_back({file, schema_lines(referred) + "\n"});
            refer(*target, referred, uri, made);
        }
    }

    /// Below the folder of contracts; "": it is not.
    static std::string file_of(const std::string& uri) {
        const schema::UriParts parts = schema::split_uri(uri);
        const std::string path = schema::percent_decoded(parts.path);
        const bool known =
            parts.scheme == "file" || parts.scheme == "http" || parts.scheme == "https";
        if (!known || path.empty() || path.front() != '/' || path.find('\0') != std::string::npos)
            return {};
        for (std::size_t at = 1; at <= path.size();) {
            const std::size_t end = std::min(path.find('/', at), path.size());
            const std::string_view step = std::string_view(path).substr(at, end - at);
            if (step.empty() || step == "." || step == "..")
                return {};
            at = end + 1;
        }
        return path.substr(1);
    }

    std::optional<ImportedValue> find(const ImportedValue& reference) const {
        for (const ImportedValue& one : m_all)
            if (one.text("subject") == reference.text("subject") &&
                one.whole("version", 1) == reference.whole("version", 1) &&
                one.text("schemaType") == "JSON")
                return one;
        return std::nullopt;
    }

    const std::vector<ImportedValue> m_all;
    ImportedContracts& m_into;
    std::set<std::string> m_written; // files of the contract that is being made
};

} // namespace

bool import_subjects(const ImportedValue& root, ImportedContracts& into) {
    return Subjects(root.kind() == JsonKind::Array ? root.elements()
                                                   : std::vector<ImportedValue>{root},
                    into)
        .run();
}

} // namespace weir
