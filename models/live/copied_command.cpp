// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/live/copied_command.h"

#include <algorithm>

#include "connectors/kafka/client/properties.h"

namespace weir {

namespace {

constexpr std::string_view in_variable = "env:";
constexpr std::string_view in_file = "file:";
constexpr std::string_view by_command = "command:";

/// "sasl.password" → SASL_PASSWORD, for what the shell cannot get at.
std::string variable_for(std::string_view property) {
    std::string name(property);
    std::transform(name.begin(), name.end(), name.begin(), [](char c) {
        return c == '.' ? '_' : static_cast<char>(c - ('a' <= c && c <= 'z' ? 'a' - 'A' : 0));
    });
    return name;
}

/// Weir fetches a secret itself, from wherever it lies but its own memory.
std::string weir_secret(const kafka::Property& property) {
    const std::string& text = property.secret.text;
    const bool typed = text.rfind("typed:", 0) == 0;
    return shell_quoted(property.name + '=' +
                        (typed ? std::string(in_variable) + variable_for(property.name) : text));
}

/// For kcat the shell has to, out of what it can get at.
std::string shell_secret(const kafka::Property& property) {
    const std::string& text = property.secret.text;
    const std::string name = property.name + "=\"$";
    if (text.starts_with(in_variable))
        return name + text.substr(in_variable.size()) + '"';
    if (text.starts_with(in_file))
        return name + "(cat " + shell_quoted(text.substr(in_file.size())) + ")\"";
    return name + variable_for(property.name) + '"';
}

template <class Secret>
std::string options_of(const kafka::ConnectionOptions& connection, Secret secret) {
    std::string out;
    for (const kafka::Property& property : kafka::properties_of(connection))
        out +=
            " -X " + (property.secret.empty() ? shell_quoted(property.name + '=' + property.value)
                                              : secret(property));
    return out;
}

/// A workspace's commands run only where the user says so.
bool runs_a_command(const kafka::Security& security) {
    const auto runs = [](const kafka::SecretRef& secret) {
        return secret.text.starts_with(by_command);
    };
    return runs(security.password) || runs(security.key_password) ||
           runs(security.keystore_password) || runs(security.oauth.client_secret) ||
           security.oauth.source == kafka::OAuth::Source::Command;
}

} // namespace

std::string weir_connection(const CommandTarget& target) {
    const kafka::ConnectionOptions& connection = target.connection;
    if (target.workspace.empty())
        return "--bootstrap " + shell_quoted(connection.bootstrap) +
               options_of(connection, weir_secret);
    return "--workspace " + shell_quoted(target.workspace) + " -c " +
           shell_quoted(connection.name) +
           (runs_a_command(connection.security) ? " --allow-commands" : "");
}

std::string weir_command(const CommandTarget& target, const RecordIdentity& identity) {
    const std::string filter = "partition == " + std::to_string(identity.partition.value()) +
                               " and offset == " + std::to_string(identity.offset.value());
    return "weir search " + weir_connection(target) + " --topic " + shell_quoted(identity.topic) +
           " --filter " + shell_quoted(filter) + " --json";
}

std::string kcat_command(const CommandTarget& target, const RecordIdentity& identity) {
    return "kcat -C -e -b " + shell_quoted(target.connection.bootstrap) +
           options_of(target.connection, shell_secret) + " -t " + shell_quoted(identity.topic) +
           " -p " + std::to_string(identity.partition.value()) + " -o " +
           std::to_string(identity.offset.value()) + " -c 1";
}

} // namespace weir
