// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/workspace/duration.h"
#include "models/workspace/workspace_json.h"

namespace weir::workspace_json {
namespace {

/// Writes a member that differs from its default or already stands there; what is empty goes.
template <class T>
void put(Json& object, const char* name, const T& value, const T& usual) {
    if (value != usual || object.contains(name))
        object[name] = value;
}

void put_text(Json& object, const char* name, const std::string& value) {
    if (value.empty())
        object.erase(name);
    else
        object[name] = value;
}

template <class Container>
void put_list(Json& object, const char* name, const Container& value) {
    if (value.empty())
        object.erase(name);
    else
        object[name] = value;
}

void put_secret(Json& object, const char* name, const std::string& folder,
                const kafka::SecretRef& secret) {
    const std::string file = "file:";
    const bool is_file = secret.text.compare(0, file.size(), file) == 0;
    put_text(object, name,
             is_file ? file + written_path(folder, secret.text.substr(file.size())) : secret.text);
}

void put_duration(Json& object, const char* name, std::int64_t us) {
    const auto member = object.find(name);
    const bool stands = member != object.end() && member->is_string() &&
                        parse_duration_us(member->get<std::string>()) == us;
    if (!stands) // "90 s" is left as the user wrote it
        put_text(object, name, us > 0 ? format_duration_us(us) : std::string());
}

/// A member that is an object; made for writing, removed again if nothing was written.
template <class Write>
void put_object(Json& object, const char* name, Write write) {
    Json member = object.contains(name) ? object[name] : Json::object();
    write(member);
    if (member.empty())
        object.erase(name);
    else
        object[name] = std::move(member);
}

/// Rebuilds a list of named objects in the order of `items`, each laid over the one of that name.
template <class Items, class NameOf, class Write>
Json merged(const Json& before, const char* key, const Items& items, NameOf name_of, Write write) {
    Json after = Json::array();
    for (const auto& item : items) {
        Json object = Json::object();
        for (const Json& old : before)
            if (old.contains(key) && old[key] == name_of(item))
                object = old;
        write(item, object);
        after.push_back(std::move(object));
    }
    return after;
}

void write_oauth(const kafka::OAuth& oauth, const std::string& folder, Json& object) {
    put_text(object, "source",
             oauth.source == kafka::OAuth::Source::None ? ""
                                                        : word_of(oauth_sources, oauth.source));
    put_text(object, "token_endpoint", oauth.token_endpoint);
    put_text(object, "client_id", oauth.client_id);
    put_secret(object, "client_secret", folder, oauth.client_secret);
    put_text(object, "scope", oauth.scope);
    put_text(object, "file", written_path(folder, oauth.file));
    put_text(object, "command", oauth.command);
    put_text(object, "principal", oauth.principal);
}

void write_security(const kafka::Security& security, const std::string& folder, Json& object) {
    const kafka::Security usual;
    put<std::string>(object, "protocol", word_of(protocols, security.protocol),
                     word_of(protocols, usual.protocol));
    put_text(object, "ca_file", written_path(folder, security.ca_file));
    put_text(object, "certificate_file", written_path(folder, security.certificate_file));
    put_text(object, "key_file", written_path(folder, security.key_file));
    put_secret(object, "key_password", folder, security.key_password);
    put_text(object, "keystore_file", written_path(folder, security.keystore_file));
    put_secret(object, "keystore_password", folder, security.keystore_password);
    put(object, "verify_hostname", security.verify_hostname, usual.verify_hostname);
    put<std::string>(object, "mechanism", word_of(mechanisms, security.mechanism),
                     word_of(mechanisms, usual.mechanism));
    put_text(object, "username", security.username);
    put_secret(object, "password", folder, security.password);
    put_object(object, "oauth", [&](Json& o) { write_oauth(security.oauth, folder, o); });
}

void write_connection(const kafka::ConnectionOptions& connection, const std::string& folder,
                      Json& object) {
    object["name"] = connection.name;
    object["kind"] = "kafka";
    if (connection.environment_assumed)
        object.erase("environment"); // production by silence stays silent
    else
        object["environment"] = word_of(environments, connection.environment);
    object["address"] = connection.bootstrap;
    put_object(object, "security",
               [&](Json& o) { write_security(connection.security, folder, o); });
    put_list(object, "properties", connection.properties);
    put(object, "read_budget_mb_s", connection.read_budget_mb_s,
        kafka::usual_read_budget_mb_s(connection.environment));
}

void write_connections(const Workspace& workspace, const std::string& folder, Json& document) {
    const Json before = document.value("connections", Json::array());
    Json after = merged(
        before, "name", workspace.connections, [](const auto& c) { return c.name; },
        [&](const auto& c, Json& object) {
            if (object.value("kind", "kafka") != "kafka") // the name of a warehouse: a new one,
                object = Json::object();                  // which the check will refuse
            write_connection(c, folder, object);
        });
    for (const Json& old : before)
        if (old["kind"] != "kafka")
            after.push_back(old);
    put_list(document, "connections", after);
}

void write_event(const EventSpec& event, Json& object) {
    put<std::string>(object, "dialect", event.dialect, EventSpec().dialect);
    put_list(object, "dimensions", event.dimensions);
    put_list(object, "dimension_paths", event.dimension_paths);
    const Json before = object.value("places", Json::object());
    Json after = Json::object();
    for (const auto& [topic, place] : event.places) {
        Json entry = before.value(topic, Json::object());
        put_text(entry, "dialect", place.dialect);
        put_list(entry, "id_paths", place.id_paths);
        put(entry, "dead_letters", place.dead_letters, false);
        after[topic] = std::move(entry);
    }
    put_list(object, "places", after);
}

void write_stage(const StageSpec& stage, Json& object) {
    object["name"] = stage.name;
    object["inputs"] = stage.inputs;
    put_list(object, "outputs", stage.outputs);
    put<std::string>(object, "output_rule", stage.output_rule, StageSpec().output_rule);
    put_list(object, "output_filters", stage.output_filters);
    put_text(object, "dead_letter", stage.dead_letter);
    put_text(object, "consumer_group", stage.consumer_group);
    put_object(object, "slo", [&](Json& o) { put_duration(o, "p95", stage.slo_p95_us); });
    put_duration(object, "pending_limit", stage.pending_limit_us);
}

void write_history(const RetentionSpec& retention, Json& object) {
    const RetentionSpec usual;
    put(object, "keep", retention.keeps_history, usual.keeps_history);
    const auto put_kept = [&](const char* name, std::int64_t us, std::int64_t usual_us) {
        if (us != usual_us || object.contains(name))
            put_duration(object, name, us);
    };
    put_kept("hot", retention.history.hot_us, usual.history.hot_us);
    put_kept("warm", retention.history.warm_us, usual.history.warm_us);
    put_kept("cold", retention.history.cold_us, usual.history.cold_us);
    put(object, "disk_bytes", retention.history.bytes_max, usual.history.bytes_max);
}

void write_contracts(const ContractsSpec& contracts, const std::string& folder, Json& object) {
    if (contracts.folder.empty()) {
        object.clear();
        return;
    }
    const std::string written =
        contracts.built_in ? contracts.folder : written_path(folder, contracts.folder);
    // "./demo" is not the built-in one; what means the same is left as the user wrote it.
    const auto stands = object.find("folder");
    const bool same = stands != object.end() && *stands != built_in_contracts &&
                      !contracts.built_in &&
                      resolved_path(folder, stands->get<std::string>()) == contracts.folder;
    if (!same)
        object["folder"] =
            !contracts.built_in && written == built_in_contracts ? "./" + written : written;
    const ContractsSpec usual;
    put(object, "check", contracts.check, usual.check);
    put_text(object, "unknown_types",
             contracts.unknown_types ? word_of(unknown_types, *contracts.unknown_types) : "");
    const Json before = object.value("places", Json::object());
    Json places = before;
    for (const auto& [topic, ignored] : before.items())
        if (contracts.places.count(topic) == 0)
            places.erase(topic);
    for (const auto& [topic, place] : contracts.places) {
        Json& entry = places[topic].is_null() ? places[topic] = Json::object() : places[topic];
        if (place.check)
            entry["check"] = *place.check;
        else
            entry.erase("check");
        put_text(entry, "unknown_types",
                 place.unknown_types ? word_of(unknown_types, *place.unknown_types) : "");
    }
    put_list(object, "places", places);
}

void write_masking(const MaskingSpec& masking, Json& object) {
    put<std::string>(object, "policy", word_of(masking_policies, masking.policy),
                     word_of(masking_policies, MaskingSpec().policy));
    put_object(object, "environments", [&](Json& o) {
        for (const auto& [word, environment] : environments) {
            const auto named = masking.environments.find(environment);
            if (named == masking.environments.end())
                o.erase(word);
            else
                o[word] = word_of(masking_policies, named->second);
        }
    });
    put_text(object, "token_key", masking.token_key.text);
}

template <class T, std::size_t N>
void put_words(Json& object, const char* name, const Words<T> (&words)[N],
               const std::vector<T>& values) {
    std::vector<std::string> written;
    for (const T value : values)
        written.emplace_back(word_of(words, value));
    put_list(object, name, written);
}

void write_role(const RoleSpec& role, Json& object) {
    object["name"] = role.name;
    put_list(object, "members", role.members);
    put_words(object, "rights", rights, role.rights);
    put_words(object, "environments", environments, role.environments);
}

void write_watch(const Workspace::Watch& watch, Json& object) {
    object["connection"] = watch.connection;
    put_list(object, "topics", watch.topics);
    put_list(object, "topic_patterns", watch.topic_patterns);
}

} // namespace

void write_workspace(const Workspace& workspace, const std::string& folder, Json& document) {
    if (!document.contains("weir"))
        document["weir"] = {{"version", format_version}, {"least_reader", format_version}};
    document["name"] = workspace.name;
    write_connections(workspace, folder, document);
    put_list(document, "watch",
             merged(
                 document.value("watch", Json::array()), "connection", workspace.watch,
                 [](const auto& w) { return w.connection; }, write_watch));
    put_object(document, "event", [&](Json& o) { write_event(workspace.event, o); });
    put_list(document, "stages",
             merged(
                 document.value("stages", Json::array()), "name", workspace.stages,
                 [](const auto& s) { return s.name; }, write_stage));
    put_object(document, "contracts",
               [&](Json& o) { write_contracts(workspace.contracts, folder, o); });
    put_object(document, "masking", [&](Json& o) { write_masking(workspace.masking, o); });
    put_list(document, "roles",
             merged(
                 document.value("roles", Json::array()), "name", workspace.roles,
                 [](const auto& r) { return r.name; }, write_role));
    put_object(document, "retention", [&](Json& o) {
        const RetentionSpec usual;
        put(o, "memory_rows", workspace.retention.memory_rows, usual.memory_rows);
        put(o, "memory_bytes", workspace.retention.memory_bytes, usual.memory_bytes);
        put(o, "disk_bytes", workspace.retention.disk_bytes, usual.disk_bytes);
        put_object(o, "history", [&](Json& h) { write_history(workspace.retention, h); });
    });
}

} // namespace weir::workspace_json
