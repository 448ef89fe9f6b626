// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The two halves of a workspace file's way in and out, and the checks that a schema cannot say.
// For models/workspace alone. Thread contract: plain functions.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "models/workspace/workspace.h"

namespace weir::workspace_json {

using Json = nlohmann::ordered_json;

inline constexpr int format_version = 1;

template <class T>
using Words = std::pair<const char*, T>;

inline constexpr Words<kafka::Environment> environments[] = {
    {"production", kafka::Environment::Production},
    {"staging", kafka::Environment::Staging},
    {"sandbox", kafka::Environment::Sandbox}};
inline constexpr Words<kafka::Protocol> protocols[] = {
    {"plaintext", kafka::Protocol::Plaintext},
    {"ssl", kafka::Protocol::Ssl},
    {"sasl_plaintext", kafka::Protocol::SaslPlaintext},
    {"sasl_ssl", kafka::Protocol::SaslSsl}};
inline constexpr Words<kafka::Mechanism> mechanisms[] = {
    {"none", kafka::Mechanism::None},
    {"plain", kafka::Mechanism::Plain},
    {"scram-sha-256", kafka::Mechanism::ScramSha256},
    {"scram-sha-512", kafka::Mechanism::ScramSha512},
    {"oauthbearer", kafka::Mechanism::OAuthBearer}};
inline constexpr Words<kafka::OAuth::Source> oauth_sources[] = {
    {"none", kafka::OAuth::Source::None},
    {"client_credentials", kafka::OAuth::Source::ClientCredentials},
    {"file", kafka::OAuth::Source::File},
    {"command", kafka::OAuth::Source::Command}};

inline constexpr Words<UnknownTypes> unknown_types[] = {
    {"refuse", UnknownTypes::Refuse}, {"flag", UnknownTypes::Flag}, {"pass", UnknownTypes::Pass}};
inline constexpr Words<MaskingPolicy> masking_policies[] = {
    {"default", MaskingPolicy::Default},
    {"none", MaskingPolicy::None},
    {"detectors", MaskingPolicy::Detectors},
    {"contracts", MaskingPolicy::Contracts}};
inline constexpr Words<RoleSpec::Right> rights[] = {{"unmask", RoleSpec::Right::Unmask}};

/// Whether that is a connection to a kind of warehouse that Weir knows.
inline bool is_warehouse_kind(const std::string& kind) {
    return kind == "sqlite" || kind == "postgresql";
}

/// The folder of contracts that is part of the program.
inline constexpr const char* built_in_contracts = "demo";

template <class T, std::size_t N>
const char* word_of(const Words<T> (&words)[N], T value) {
    for (const auto& [word, meaning] : words)
        if (meaning == value)
            return word;
    return words[0].first;
}

/// Where relative paths of a file begin; "" for a workspace without a file.
std::string folder_of(const std::string& file);
/// `path` as it is opened: absolute, if the workspace has a file.
std::string resolved_path(const std::string& folder, const std::string& path);
/// `path` as it is written: relative if it lies below the folder.
std::string written_path(const std::string& folder, const std::string& path);

/// What the schema cannot say: names that are unique and known, settings that fit together, no
/// password in an address. REQUIRES: `document` meets the schema. Error::where is a pointer.
std::optional<Error> check_meaning(const Json& document);

/// REQUIRES: `document` passed both checks.
Workspace read_workspace(const Json& document, const std::string& file);
/// Lays the members of `workspace` over `document`.
void write_workspace(const Workspace& workspace, const std::string& folder, Json& document);

} // namespace weir::workspace_json
