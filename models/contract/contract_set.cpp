// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/contract_set.h"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "connectors/base/embedded.h"
#include "models/contract/schema/file_text.h"
#include "models/contract/schema/json_files.h"
#include "models/contract/schema/uri.h"

namespace weir {

namespace {

namespace fs = std::filesystem;
using schema::Document;
using schema::Library;
using schema::Listing;

constexpr std::string_view built_in_folder = "resources/contracts/";
constexpr std::string_view built_in_metaschemas = "resources/contracts/metaschemas/";

/// Whether the folder itself could be read.
std::optional<Error> folder_error(const std::string& folder, const Listing& listing) {
    if (listing.unread.empty() || listing.unread.front().folder != fs::path(folder) ||
        listing.unread.front().error.code == ErrorCode::TooLarge)
        return std::nullopt;
    return listing.unread.front().error;
}

/// Whether `file` lies below `folder`, or is it.
bool is_within(const fs::path& file, const fs::path& folder) {
    return std::mismatch(folder.begin(), folder.end(), file.begin(), file.end()).first ==
           folder.end();
}

bool is_contract(const std::string& text) {
    JsonTape tape;
    return tape.parse(text) && tape.at("/weir_contract");
}

/// Takes a text into the library: a contract's schema is below /schema. Null: it is no contract.
/// Errors: as Library::add().
Result<const Document*> take(Library& library, const std::string& name, const std::string& uri,
                             std::string text) {
    const bool contract = is_contract(text);
    auto added = library.add(name, uri, std::move(text), contract ? "/schema" : "");
    if (added)
        return contract ? *added : nullptr;
    Error error = added.error();
    if (contract)
        error.where = name;
    return error;
}

} // namespace

void ContractSet::add(std::shared_ptr<const Contract> contract) {
    auto& versions = m_by_type[contract->type];
    const auto [at, fresh] = versions.try_emplace(contract->version, contract.get());
    if (!fresh) {
        Error error;
        error.code = ErrorCode::Config;
        error.what = "version " + std::to_string(contract->version) + " of " + contract->type +
                     " is defined twice";
        error.where = contract->version_at;
        error.advice = "The first one counts: " + at->second->version_at;
        tell(contract->file, std::move(error));
        return;
    }
    m_contracts.push_back(std::move(contract));
}

void ContractSet::finish() {
    std::sort(m_contracts.begin(), m_contracts.end(), [](const auto& a, const auto& b) {
        return a->type != b->type ? a->type < b->type : a->version < b->version;
    });
}

void ContractSet::read_all(const std::shared_ptr<Library>& library,
                           const std::vector<const Document*>& documents) {
    for (const Document* document : documents) {
        auto contract = read_contract(library, *document);
        if (contract)
            add(std::move(*contract));
        else
            tell(document->name, contract.error());
    }
}

void ContractSet::tell(const fs::path& unread, Error problem) {
    m_unread.push_back(unread);
    m_problems.push_back(std::move(problem));
}

/// What could be read once and cannot now stays in force.
void ContractSet::keep(const ContractSet& last) {
    for (const auto& contract : last.m_contracts) {
        const auto unread =
            std::find_if(m_unread.begin(), m_unread.end(),
                         [&](const fs::path& place) { return is_within(contract->file, place); });
        if (unread == m_unread.end() || find(contract->type, contract->version) != nullptr)
            continue;
        Error& problem = m_problems[static_cast<std::size_t>(unread - m_unread.begin())];
        problem.advice += (problem.advice.empty() ? "" : " ") + contract->type + " version " +
                          std::to_string(contract->version) +
                          " stays in force as it was read last.";
        m_by_type[contract->type].emplace(contract->version, contract.get());
        m_contracts.push_back(contract);
    }
}

Result<std::shared_ptr<const ContractSet>> ContractSet::load(const std::string& folder,
                                                             const ContractSet* last) {
    const Listing listing = schema::json_files(folder);
    if (auto error = folder_error(folder, listing))
        return std::move(*error);
    auto set = std::make_shared<ContractSet>();
    for (const Listing::Unread& unread : listing.unread)
        set->tell(unread.folder, unread.error);
    const auto library = std::make_shared<Library>();
    library->add_folder(folder);
    std::vector<const Document*> documents;
    for (const fs::path& file : listing.files) {
        auto text = schema::read_file_text(file.string(), Contract::file_bytes_max);
        if (!text) {
            set->tell(file, text.error());
            continue;
        }
        std::error_code failed;
        const std::string path = fs::weakly_canonical(file, failed).string();
        auto document = take(*library, file.string(), schema::file_uri(path), std::move(*text));
        if (!document)
            set->tell(file, document.error());
        else if (*document != nullptr)
            documents.push_back(*document);
    }
    set->read_all(library, documents);
    if (last != nullptr)
        set->keep(*last);
    set->finish();
    return std::shared_ptr<const ContractSet>(std::move(set));
}

std::shared_ptr<const ContractSet> ContractSet::built_in() {
    auto set = std::make_shared<ContractSet>();
    const auto library = std::make_shared<Library>();
    std::vector<const Document*> documents;
    for (const EmbeddedFile& file : embedded_files()) {
        if (file.path.substr(0, built_in_folder.size()) != built_in_folder ||
            file.path.substr(0, built_in_metaschemas.size()) == built_in_metaschemas)
            continue;
        const std::string name(file.path);
        auto document = take(*library, name, "weir:/" + name, std::string(file.text));
        if (!document)
            set->tell(name, document.error());
        else if (*document != nullptr)
            documents.push_back(*document);
    }
    set->read_all(library, documents);
    set->finish();
    return set;
}

const Contract* ContractSet::find(std::string_view type, std::int64_t version) const {
    const auto versions = m_by_type.find(type);
    if (versions == m_by_type.end())
        return nullptr;
    const auto found = versions->second.find(version);
    return found == versions->second.end() ? nullptr : found->second;
}

const Contract* ContractSet::latest(std::string_view type) const {
    const auto versions = m_by_type.find(type);
    return versions == m_by_type.end() ? nullptr : versions->second.rbegin()->second;
}

const Contract* ContractSet::latest_foreign(std::string_view vendor, std::string_view name) const {
    const Contract* found =
        vendor.empty() ? nullptr : latest(std::string(vendor) + "/" + std::string(name));
    if (found == nullptr)
        found = latest(name);
    return found == nullptr || found->of_native_events() ? nullptr : found;
}

std::vector<std::int64_t> ContractSet::versions(std::string_view type) const {
    std::vector<std::int64_t> all;
    const auto versions = m_by_type.find(type);
    if (versions != m_by_type.end())
        for (const auto& [version, contract] : versions->second)
            all.push_back(version);
    return all;
}

std::vector<std::string> ContractSet::types() const {
    std::vector<std::string> all;
    for (const auto& [type, versions] : m_by_type)
        all.push_back(type);
    return all;
}

ContractFolder::ContractFolder(std::string folder)
    : m_folder(std::move(folder)) {}

Result<void> ContractFolder::refresh() {
    const Listing listing = schema::json_files(m_folder);
    if (auto error = folder_error(m_folder, listing))
        return std::move(*error);
    // Names, sizes and times of all files: what an editor or a checkout leaves changed.
    std::string fingerprint;
    for (const Listing::Unread& unread : listing.unread)
        fingerprint += unread.folder.string() + '\0' + unread.error.what + '\n';
    for (const fs::path& file : listing.files) {
        std::error_code failed;
        fingerprint += file.string() + '\0' + std::to_string(fs::file_size(file, failed)) + '\0';
        fingerprint +=
            std::to_string(fs::last_write_time(file, failed).time_since_epoch().count()) + '\n';
    }
    if (m_current && fingerprint == m_fingerprint)
        return {};
    auto set = ContractSet::load(m_folder, m_current.get());
    if (!set)
        return set.error();
    m_current = std::move(*set);
    m_fingerprint = std::move(fingerprint);
    return {};
}

} // namespace weir
