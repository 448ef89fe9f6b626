// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <filesystem>

#include "connectors/warehouse/kind/url.h"
#include "models/workspace/duration.h"
#include "models/workspace/workspace_json.h"

namespace weir::workspace_json {
namespace {

template <class T>
void read(const Json& object, const char* name, T& into) {
    if (const auto member = object.find(name); member != object.end())
        into = member->get<T>();
}

template <class T, std::size_t N>
void read_word(const Json& object, const char* name, const Words<T> (&words)[N], T& into) {
    const auto member = object.find(name);
    if (member == object.end())
        return;
    for (const auto& [word, meaning] : words)
        if (member->get<std::string>() == word)
            into = meaning;
}

template <class T, std::size_t N>
void read_words(const Json& object, const char* name, const Words<T> (&words)[N],
                std::vector<T>& into) {
    const auto member = object.find(name);
    if (member == object.end())
        return;
    for (const Json& word : *member)
        for (const auto& [known, meaning] : words)
            if (word == known)
                into.push_back(meaning);
}

void read_duration(const Json& object, const char* name, std::int64_t& into) {
    if (const auto member = object.find(name); member != object.end())
        into = parse_duration_us(member->get<std::string>()).value_or(0);
}

void read_path(const Json& object, const char* name, const std::string& folder, std::string& into) {
    read(object, name, into);
    into = resolved_path(folder, into);
}

void read_secret(const Json& object, const char* name, const std::string& folder,
                 kafka::SecretRef& into) {
    read(object, name, into.text);
    const std::string file = "file:";
    if (into.text.compare(0, file.size(), file) == 0)
        into.text = file + resolved_path(folder, into.text.substr(file.size()));
}

kafka::OAuth read_oauth(const Json& object, const std::string& folder) {
    kafka::OAuth oauth;
    read_word(object, "source", oauth_sources, oauth.source);
    read(object, "token_endpoint", oauth.token_endpoint);
    read(object, "client_id", oauth.client_id);
    read_secret(object, "client_secret", folder, oauth.client_secret);
    read(object, "scope", oauth.scope);
    read_path(object, "file", folder, oauth.file);
    read(object, "command", oauth.command);
    read(object, "principal", oauth.principal);
    return oauth;
}

kafka::Security read_security(const Json& object, const std::string& folder) {
    kafka::Security security;
    read_word(object, "protocol", protocols, security.protocol);
    read_path(object, "ca_file", folder, security.ca_file);
    read_path(object, "certificate_file", folder, security.certificate_file);
    read_path(object, "key_file", folder, security.key_file);
    read_secret(object, "key_password", folder, security.key_password);
    read_path(object, "keystore_file", folder, security.keystore_file);
    read_secret(object, "keystore_password", folder, security.keystore_password);
    read(object, "verify_hostname", security.verify_hostname);
    read_word(object, "mechanism", mechanisms, security.mechanism);
    read(object, "username", security.username);
    read_secret(object, "password", folder, security.password);
    if (const auto oauth = object.find("oauth"); oauth != object.end())
        security.oauth = read_oauth(*oauth, folder);
    return security;
}

kafka::ConnectionOptions read_connection(const Json& object, const std::string& folder) {
    kafka::ConnectionOptions connection;
    read(object, "name", connection.name);
    read(object, "address", connection.bootstrap);
    read_word(object, "environment", environments, connection.environment);
    connection.environment_assumed = !object.contains("environment");
    if (const auto security = object.find("security"); security != object.end())
        connection.security = read_security(*security, folder);
    read(object, "properties", connection.properties);
    connection.read_budget_mb_s = kafka::usual_read_budget_mb_s(connection.environment);
    read(object, "read_budget_mb_s", connection.read_budget_mb_s);
    return connection;
}

warehouse::ConnectionOptions read_warehouse(const Json& object, const std::string& folder) {
    warehouse::ConnectionOptions connection;
    read(object, "name", connection.name);
    read(object, "address", connection.address);
    const std::string file = "sqlite:";
    if (connection.address.compare(0, file.size(), file) == 0)
        connection.address = file + resolved_path(folder, connection.address.substr(file.size()));
    read_word(object, "environment", environments, connection.environment);
    connection.environment_assumed = !object.contains("environment");
    const auto security = object.find("security");
    if (security == object.end())
        return connection;
    read_secret(*security, "password", folder, connection.password);
    read_secret(*security, "key_password", folder, connection.key_password);
    if (auto url = warehouse::parse_url(connection.address); url && url->user.empty()) {
        read(*security, "username", url->user);
        connection.address = warehouse::to_text(*url);
    }
    return connection;
}

EventSpec read_event(const Json& object) {
    EventSpec event;
    read(object, "dialect", event.dialect);
    read(object, "dimensions", event.dimensions);
    read(object, "dimension_paths", event.dimension_paths);
    const auto places = object.find("places");
    if (places == object.end())
        return event;
    for (const auto& [topic, members] : places->items()) {
        EventSpec::Place& place = event.places[topic];
        read(members, "dialect", place.dialect);
        read(members, "id_paths", place.id_paths);
        read(members, "dead_letters", place.dead_letters);
    }
    return event;
}

StageSpec read_stage(const Json& object) {
    StageSpec stage;
    read(object, "name", stage.name);
    read(object, "inputs", stage.inputs);
    read(object, "outputs", stage.outputs);
    read(object, "output_rule", stage.output_rule);
    read(object, "output_filters", stage.output_filters);
    read(object, "dead_letter", stage.dead_letter);
    read(object, "consumer_group", stage.consumer_group);
    if (const auto slo = object.find("slo"); slo != object.end())
        read_duration(*slo, "p95", stage.slo_p95_us);
    read_duration(object, "pending_limit", stage.pending_limit_us);
    return stage;
}

void read_history(const Json& object, RetentionSpec& retention) {
    read(object, "keep", retention.keeps_history);
    read_duration(object, "hot", retention.history.hot_us);
    read_duration(object, "warm", retention.history.warm_us);
    read_duration(object, "cold", retention.history.cold_us);
    read(object, "disk_bytes", retention.history.bytes_max);
}

ContractsSpec read_contracts(const Json& object, const std::string& folder) {
    ContractsSpec contracts;
    read(object, "folder", contracts.folder);
    contracts.built_in = contracts.folder == built_in_contracts;
    if (!contracts.built_in)
        contracts.folder = resolved_path(folder, contracts.folder);
    read(object, "check", contracts.check);
    if (object.contains("unknown_types"))
        read_word(object, "unknown_types", unknown_types, contracts.unknown_types.emplace());
    const auto places = object.find("places");
    if (places == object.end())
        return contracts;
    for (const auto& [topic, members] : places->items()) {
        ContractsSpec::Place& place = contracts.places[topic];
        if (const auto check = members.find("check"); check != members.end())
            place.check = check->get<bool>();
        if (members.contains("unknown_types"))
            read_word(members, "unknown_types", unknown_types, place.unknown_types.emplace());
    }
    return contracts;
}

MaskingSpec read_masking(const Json& object) {
    MaskingSpec masking;
    read_word(object, "policy", masking_policies, masking.policy);
    read(object, "token_key", masking.token_key.text);
    if (const auto named = object.find("environments"); named != object.end())
        for (const auto& [word, environment] : environments)
            if (named->contains(word))
                read_word(*named, word, masking_policies, masking.environments[environment]);
    return masking;
}

RoleSpec read_role(const Json& object) {
    RoleSpec role;
    read(object, "name", role.name);
    read(object, "members", role.members);
    read_words(object, "rights", rights, role.rights);
    read_words(object, "environments", environments, role.environments);
    return role;
}

Workspace::Watch read_watch(const Json& object) {
    Workspace::Watch watch;
    read(object, "connection", watch.connection);
    read(object, "topics", watch.topics);
    read(object, "topic_patterns", watch.topic_patterns);
    return watch;
}

} // namespace

std::string folder_of(const std::string& file) {
    if (file.empty())
        return {};
    std::error_code ignored;
    const auto absolute = std::filesystem::absolute(file, ignored);
    return absolute.lexically_normal().parent_path().string();
}

std::string resolved_path(const std::string& folder, const std::string& path) {
    if (folder.empty() || path.empty() || path.front() == '/')
        return path;
    return (std::filesystem::path(folder) / path).lexically_normal().string();
}

std::string written_path(const std::string& folder, const std::string& path) {
    const std::string below = folder == "/" ? folder : folder + "/";
    if (folder.empty() || path.size() <= below.size() || path.compare(0, below.size(), below) != 0)
        return path;
    return path.substr(below.size());
}

Workspace read_workspace(const Json& document, const std::string& file) {
    const std::string folder = folder_of(file);
    const Json none = Json::array();
    const auto list = [&](const char* name) -> const Json& {
        const auto member = document.find(name);
        return member == document.end() ? none : *member;
    };
    Workspace workspace;
    workspace.file = file;
    read(document, "name", workspace.name);
    for (const Json& connection : list("connections"))
        if (connection["kind"] == "kafka")
            workspace.connections.push_back(read_connection(connection, folder));
        else if (is_warehouse_kind(connection["kind"].get<std::string>()))
            workspace.warehouses.push_back(read_warehouse(connection, folder));
    for (const Json& watch : list("watch"))
        workspace.watch.push_back(read_watch(watch));
    if (const auto event = document.find("event"); event != document.end())
        workspace.event = read_event(*event);
    for (const Json& stage : list("stages"))
        workspace.stages.push_back(read_stage(stage));
    if (const auto contracts = document.find("contracts"); contracts != document.end())
        workspace.contracts = read_contracts(*contracts, folder);
    if (const auto masking = document.find("masking"); masking != document.end())
        workspace.masking = read_masking(*masking);
    for (const Json& role : list("roles"))
        workspace.roles.push_back(read_role(role));
    if (const auto retention = document.find("retention"); retention != document.end()) {
        read(*retention, "memory_rows", workspace.retention.memory_rows);
        read(*retention, "memory_bytes", workspace.retention.memory_bytes);
        read(*retention, "disk_bytes", workspace.retention.disk_bytes);
        if (const auto history = retention->find("history"); history != retention->end())
            read_history(*history, workspace.retention);
    }
    return workspace;
}

} // namespace weir::workspace_json
