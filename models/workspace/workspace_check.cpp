// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <set>

#include "connectors/base/near_word.h"
#include "connectors/base/time_units.h"
#include "connectors/kafka/client/address.h"
#include "connectors/warehouse/connection.h"
#include "models/workspace/duration.h"
#include "models/workspace/schema_check.h"
#include "models/workspace/workspace_json.h"

namespace weir::workspace_json {
namespace {

using Mistake = std::optional<Error>;

Mistake mistake(const std::string& at, std::string what, std::string advice) {
    return Error{ErrorCode::Config, std::move(what), at, "", std::move(advice)};
}

std::string text(const Json& object, const char* name) {
    return object.value(name, std::string());
}

/// USER:PASSWORD@ in front of a host.
bool holds_credentials(const std::string& address) {
    const std::size_t scheme = address.find("://");
    const std::size_t begin = scheme == std::string::npos ? 0 : scheme + 3;
    const std::size_t end = std::min(address.find('/', begin), address.size());
    const std::size_t at = address.rfind('@', end);
    const std::size_t colon = address.find(':', begin);
    return at != std::string::npos && at >= begin && colon < at;
}

/// A librdkafka property (or one of another client) whose value is a secret.
bool is_secret_property(std::string name) {
    std::transform(name.begin(), name.end(), name.begin(), [](char ch) {
        return ch >= 'A' && ch <= 'Z' ? static_cast<char>(ch + 32) : ch;
    });
    for (const char* part : {"password", "secret", "token", "key.pem", "jaas", "credentials"})
        if (name.find(part) != std::string::npos)
            return true;
    return false;
}

Mistake check_oauth(const Json& security, const std::string& at) {
    const auto oauth = security.find("oauth");
    const bool wanted = text(security, "mechanism") == "oauthbearer";
    if (oauth == security.end())
        return wanted
                   ? mistake(at, "the mechanism oauthbearer has no \"oauth\" to get a token with",
                             "Add \"oauth\" with a source.")
                   : std::nullopt;
    const std::string here = at + "/oauth";
    if (!wanted)
        return mistake(here, "\"oauth\" is given, but the mechanism is not oauthbearer",
                       "Set \"mechanism\": \"oauthbearer\", or remove \"oauth\".");
    const std::string source = text(*oauth, "source");
    const std::vector<const char*> needed =
        source == "client_credentials"
            ? std::vector<const char*>{"token_endpoint", "client_id", "client_secret"}
            : std::vector<const char*>{source.c_str()};
    for (const char* member : needed)
        if (!oauth->contains(member))
            return mistake(here, "the source " + source + " needs \"" + member + "\"", "Add it.");
    if (holds_credentials(text(*oauth, "token_endpoint")))
        return mistake(here + "/token_endpoint", "the address holds a password",
                       "Give client_id and client_secret instead.");
    return std::nullopt;
}

Mistake check_tls(const Json& security, const std::string& at, bool tls) {
    for (const char* member : {"ca_file", "certificate_file", "key_file", "key_password",
                               "keystore_file", "keystore_password"})
        if (!tls && security.contains(member))
            return mistake(at + "/" + member,
                           "it is given, but the connection would not be encrypted",
                           "Set \"protocol\" to \"ssl\" or \"sasl_ssl\", or remove it.");
    if (security.contains("keystore_file") && security.contains("certificate_file"))
        return mistake(at, "there are both a keystore_file and a certificate_file",
                       "Keep one: PKCS#12, or the two PEM files.");
    if (security.contains("certificate_file") != security.contains("key_file"))
        return mistake(at, "certificate_file and key_file go together", "Add the other one.");
    if (security.contains("keystore_password") && !security.contains("keystore_file"))
        return mistake(at + "/keystore_password", "there is no keystore_file", "Add it.");
    return std::nullopt;
}

Mistake check_security(const Json& security, const std::string& at) {
    const std::string protocol = security.value("protocol", std::string("plaintext"));
    const std::string mechanism = security.value("mechanism", std::string("none"));
    const bool sasl = protocol.compare(0, 4, "sasl") == 0;
    if (sasl && mechanism == "none")
        return mistake(at, "the protocol " + protocol + " needs a mechanism",
                       "Add \"mechanism\": plain, scram-sha-256, scram-sha-512 or oauthbearer.");
    if (!sasl && mechanism != "none")
        return mistake(at, "a mechanism is given, but the protocol " + protocol + " has no login",
                       "Set \"protocol\" to \"sasl_ssl\" (or \"sasl_plaintext\").");
    const bool login = sasl && mechanism != "oauthbearer";
    for (const char* member : {"username", "password"}) {
        if (login && !security.contains(member))
            return mistake(at, "the mechanism " + mechanism + " needs \"" + member + "\"",
                           "Add it; a password as a reference, e.g. env:KAFKA_PASSWORD.");
        if (!login && security.contains(member))
            return mistake(at + "/" + member, "it is given, but nothing would use it",
                           "Add a mechanism that logs in with it, or remove it.");
    }
    if (auto error = check_tls(security, at, protocol == "ssl" || protocol == "sasl_ssl"))
        return error;
    return check_oauth(security, at);
}

Mistake check_kafka(const Json& connection, const std::string& at) {
    if (text(connection, "address") == "embedded" && text(connection, "environment") != "sandbox")
        return mistake(at, "the cluster inside Weir cannot be production or staging",
                       "Add \"environment\": \"sandbox\".");
    if (const auto fine = kafka::check_address(text(connection, "address")); !fine)
        return mistake(at + "/address", fine.error().what, fine.error().advice);
    if (const auto properties = connection.find("properties"); properties != connection.end())
        for (const auto& [name, ignored] : properties->items())
            if (is_secret_property(name))
                return mistake(at + "/properties" + pointer_step(name),
                               "a secret stands here in the clear",
                               "Remove it; use \"security\" with a reference such as env:NAME.");
    const auto security = connection.find("security");
    return security == connection.end() ? std::nullopt
                                        : check_security(*security, at + "/security");
}

Mistake check_warehouse(const Json& connection, const std::string& at) {
    const std::string kind = text(connection, "kind");
    const std::string address = text(connection, "address");
    if (address.compare(0, kind.size() + 1, kind + ":") != 0)
        return mistake(at + "/address", "this is no address of kind " + kind,
                       kind == "sqlite" ? "Write sqlite:FILE."
                                        : "Write postgresql://USER@HOST/DATABASE.");
    if (const auto fine = warehouse::check_address(address); !fine)
        return mistake(at + "/address", fine.error().what, fine.error().advice);
    return std::nullopt;
}

Mistake check_connections(const Json& document, std::vector<std::string>& names) {
    const Json connections = document.value("connections", Json::array());
    for (std::size_t i = 0; i < connections.size(); ++i) {
        const Json& connection = connections[i];
        const std::string at = "/connections/" + std::to_string(i);
        const std::string name = text(connection, "name");
        if (std::find(names.begin(), names.end(), name) != names.end())
            return mistake(at + "/name", "a connection of this name came before", "Rename one.");
        names.push_back(name);
        if (holds_credentials(text(connection, "address")))
            return mistake(at + "/address", "the address holds a password",
                           "Move the user to security/username and refer to the password in "
                           "security/password, e.g. env:NAME.");
        if (text(connection, "kind") == "kafka")
            if (auto error = check_kafka(connection, at))
                return error;
        if (is_warehouse_kind(text(connection, "kind")))
            if (auto error = check_warehouse(connection, at))
                return error;
    }
    return std::nullopt;
}

Mistake check_watch(const Json& document, const std::vector<std::string>& names) {
    const Json watches = document.value("watch", Json::array());
    for (std::size_t i = 0; i < watches.size(); ++i) {
        const std::string name = text(watches[i], "connection");
        if (std::find(names.begin(), names.end(), name) != names.end())
            continue;
        const std::string near = nearest_word(name, names);
        return mistake("/watch/" + std::to_string(i) + "/connection",
                       "there is no connection \"" + name + "\"",
                       near.empty() ? "Add it to \"connections\"."
                                    : "Did you mean \"" + near + "\"?");
    }
    return std::nullopt;
}

Mistake check_dimensions(const Json& document) {
    const auto event = document.find("event");
    if (event == document.end() || !event->contains("dimensions"))
        return std::nullopt;
    std::set<std::string> seen;
    for (const Json& name : (*event)["dimensions"])
        if (!seen.insert(name.get<std::string>()).second)
            return mistake("/event/dimensions", "\"" + name.get<std::string>() + "\" stands twice",
                           "Remove one.");
    if ((*event)["dimensions"][0] != "type")
        return mistake("/event/dimensions/0", "the first dimension must be \"type\"",
                       "Put \"type\" first.");
    return std::nullopt;
}

Mistake check_outputs(const Json& stage, const std::string& at) {
    const Json filters = stage.value("output_filters", Json::object());
    const Json outputs = stage.value("outputs", Json::array());
    if (stage.value("output_rule", std::string("all")) != "filter")
        return filters.empty()
                   ? std::nullopt
                   : mistake(at + "/output_filters", "the output rule is not \"filter\"",
                             "Set \"output_rule\": \"filter\".");
    for (const auto& [place, ignored] : filters.items())
        if (std::find(outputs.begin(), outputs.end(), Json(place)) == outputs.end())
            return mistake(at + "/output_filters" + pointer_step(place),
                           "the stage has no output of that name", "Add it to \"outputs\".");
    return std::nullopt;
}

Mistake check_durations(const Json& stage, const std::string& at) {
    const std::string limit = text(stage, "pending_limit");
    if (!limit.empty() && !parse_duration_us(limit))
        return mistake(at + "/pending_limit", "the duration is too long", "Shorten it.");
    const std::string p95 = text(stage.value("slo", Json::object()), "p95");
    if (!p95.empty() && !parse_duration_us(p95))
        return mistake(at + "/slo/p95", "the duration is too long", "Shorten it.");
    return std::nullopt;
}

Mistake check_stages(const Json& document) {
    const Json stages = document.value("stages", Json::array());
    std::set<std::string> seen;
    for (std::size_t i = 0; i < stages.size(); ++i) {
        const std::string at = "/stages/" + std::to_string(i);
        if (!seen.insert(text(stages[i], "name")).second)
            return mistake(at + "/name", "a stage of this name came before", "Rename one.");
        if (auto error = check_outputs(stages[i], at))
            return error;
        if (auto error = check_durations(stages[i], at))
            return error;
    }
    return std::nullopt;
}

Mistake check_masking(const Json& document) {
    const auto masking = document.find("masking");
    if (masking == document.end())
        return std::nullopt;
    const std::string key = text(*masking, "token_key");
    const bool kept_by_the_system =
        key.compare(0, 4, "env:") == 0 || key.compare(0, 9, "keychain:") == 0;
    if (!key.empty() && !kept_by_the_system)
        return mistake("/masking/token_key", "the key of tokens is taken from elsewhere",
                       "Write env:NAME or keychain:SERVICE/KEY.");
    return std::nullopt;
}

Mistake check_contracts(const Json& document) {
    const bool named = document.contains("contracts");
    const Json masking = document.value("masking", Json::object());
    const auto wants = [&](const Json& object, const char* name) {
        return text(object, name) == "contracts";
    };
    std::string at = wants(masking, "policy") ? "/masking/policy" : "";
    const Json chosen = masking.value("environments", Json::object());
    for (const auto& [word, ignored] : environments)
        if (wants(chosen, word))
            at = "/masking/environments/" + std::string(word);
    if (named || at.empty())
        return std::nullopt;
    return mistake(at, "the workspace has no contracts to mask by",
                   "Add \"contracts\" with a folder, or choose \"default\".");
}

Mistake check_roles(const Json& document) {
    const Json roles = document.value("roles", Json::array());
    std::set<std::string> seen;
    for (std::size_t i = 0; i < roles.size(); ++i) {
        const std::string at = "/roles/" + std::to_string(i);
        if (!seen.insert(text(roles[i], "name")).second)
            return mistake(at + "/name", "a role of this name came before", "Rename one.");
        if (roles[i].contains("rights") != roles[i].contains("members"))
            return mistake(at, "members and rights of a role go together", "Add the other one.");
    }
    return std::nullopt;
}

/// Each age is as long as the one before at least, and an hour.
Mistake check_history(const Json& document) {
    const Json history =
        document.value("retention", Json::object()).value("history", Json::object());
    const RetentionSpec usual;
    std::int64_t before_us = hour_us;
    const char* before = "1 h";
    const auto longer = [&](const char* name, std::int64_t usual_us) -> Mistake {
        const std::string at = std::string("/retention/history/") + name;
        const std::string written = text(history, name);
        const auto us = written.empty() ? std::optional(usual_us) : parse_duration_us(written);
        if (!us)
            return mistake(at, "the duration is too long", "Shorten it.");
        if (*us < before_us)
            return mistake(at, std::string("it is shorter than ") + before, "Lengthen it.");
        before_us = *us;
        before = name;
        return std::nullopt;
    };
    if (auto error = longer("hot", usual.history.hot_us))
        return error;
    if (auto error = longer("warm", usual.history.warm_us))
        return error;
    return longer("cold", usual.history.cold_us);
}

} // namespace

std::optional<Error> check_meaning(const Json& document) {
    std::vector<std::string> names;
    if (auto error = check_connections(document, names))
        return error;
    if (auto error = check_watch(document, names))
        return error;
    if (auto error = check_dimensions(document))
        return error;
    for (const auto check :
         {check_stages, check_masking, check_contracts, check_roles, check_history})
        if (auto error = check(document))
            return error;
    return std::nullopt;
}

} // namespace weir::workspace_json
