// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/decode/dialect.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "connectors/base/embedded.h"

namespace weir {

namespace {

constexpr std::string_view folder_of_built_in = "resources/dialects/";

/// A dialect as a workspace has it.
class PlacedDialect : public FieldPaths {
  public:
    PlacedDialect(const Dialect& dialect, PlacedPaths placed)
        : m_dialect(dialect)
        , m_placed(std::move(placed)) {}
    const std::vector<std::string>& paths(std::string_view field) const override {
        return m_dialect.paths(field);
    }
    const std::vector<std::string>& placed(std::string_view field) const override {
        const auto found = m_placed.find(field);
        return found == m_placed.end() ? none() : found->second;
    }
    const std::vector<std::string>& columns() const override { return m_dialect.columns(); }
    const std::vector<std::string>& originals() const override { return m_dialect.originals(); }

  private:
    const Dialect& m_dialect;
    const PlacedPaths m_placed;
};

std::vector<Dialect> read_built_in() {
    std::vector<Dialect> dialects;
    for (const EmbeddedFile& file : embedded_files()) {
        if (file.path.substr(0, folder_of_built_in.size()) != folder_of_built_in)
            continue;
        Result<Dialect> dialect = read_dialect(std::string(file.path), file.text);
        if (dialect) // a test reads each of them; one that is broken is not silently part of a
                     // build
            dialects.push_back(std::move(dialect).value());
    }
    return dialects;
}

Result<std::string> read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    if (!in || !(text << in.rdbuf()))
        return Error{ErrorCode::Io, "the file cannot be read", path.string(), "reading a dialect",
                     "Check its permissions."};
    return text.str();
}

} // namespace

const std::vector<std::string>& Dialect::paths(std::string_view field) const {
    const auto found = fields.find(field);
    return found == fields.end() ? none() : found->second.paths;
}

bool is_of_family(std::string_view dialect, std::string_view name) {
    return dialect.substr(0, name.size()) == name &&
           (dialect.size() == name.size() || dialect[name.size()] == '-');
}

const FieldPaths& LoadedDialects::with(const Dialect& dialect, const PlacedPaths& placed) const {
    if (placed.empty())
        return dialect;
    const std::lock_guard lock(m_mutex);
    std::unique_ptr<const FieldPaths>& known = m_with[{&dialect, placed}];
    if (!known)
        known = std::make_unique<const PlacedDialect>(dialect, placed);
    return *known;
}

bool LoadedDialects::knows(std::string_view name) const {
    return name.empty() || name == "auto" ||
           std::any_of(m_dialects.begin(), m_dialects.end(), [name](const Dialect& dialect) {
               return !dialect.overlay && is_of_family(dialect.name, name);
           });
}

std::vector<std::string> LoadedDialects::paths(std::string_view field) const {
    std::vector<std::string> paths;
    for (const Dialect& dialect : m_dialects) {
        const auto& own = dialect.paths(field);
        paths.insert(paths.end(), own.begin(), own.end());
    }
    return paths;
}

std::vector<std::string> LoadedDialects::names() const {
    std::vector<std::string> names;
    for (const Dialect& dialect : m_dialects)
        names.push_back(dialect.name);
    return names;
}

namespace {

const std::shared_ptr<const LoadedDialects>& built_in_dialects() {
    static const auto set = std::make_shared<const LoadedDialects>(read_built_in());
    return set;
}

} // namespace

std::shared_ptr<const DialectSet> DialectSet::built_in() {
    return built_in_dialects();
}

bool is_event_member(std::string_view name) {
    const std::vector<Dialect>& all = built_in_dialects()->all();
    return std::any_of(all.begin(), all.end(), [name](const Dialect& dialect) {
        return std::any_of(dialect.fields.begin(), dialect.fields.end(), [name](const auto& field) {
            const auto& paths = field.second.paths;
            return std::find(paths.begin(), paths.end(), name) != paths.end();
        });
    });
}

Result<std::shared_ptr<const DialectSet>> DialectSet::load(const std::string& folder) {
    std::error_code failure;
    std::vector<std::filesystem::path> files;
    for (std::filesystem::directory_iterator i(folder, failure), end; !failure && i != end;
         i.increment(failure)) {
        if (i->path().extension() == ".json")
            files.push_back(i->path());
    }
    if (failure)
        return Error{ErrorCode::Io, failure.message(), folder, "reading the folder of dialects",
                     "Check that it exists and may be read."};
    std::sort(files.begin(), files.end());
    std::vector<Dialect> dialects; // a folder's own come first, and stand in for ours of that name
    for (const auto& file : files) {
        Result<std::string> text = read_file(file);
        if (!text)
            return text.error();
        Result<Dialect> dialect = read_dialect(file.string(), *text);
        if (!dialect)
            return dialect.error();
        dialects.push_back(std::move(dialect).value());
    }
    for (Dialect& ours : read_built_in()) {
        if (std::none_of(dialects.begin(), dialects.end(),
                         [&ours](const Dialect& d) { return d.name == ours.name; }))
            dialects.push_back(std::move(ours));
    }
    return std::shared_ptr<const DialectSet>(
        std::make_shared<const LoadedDialects>(std::move(dialects)));
}

} // namespace weir
