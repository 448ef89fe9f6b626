// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/client/properties.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "connectors/base/characters.h"
#include "connectors/kafka/client/config.h"

namespace weir::kafka {
namespace {

constexpr std::size_t value_bytes_max = 4096;

/// An allowed property. `most` > 0: a whole number from `least` to `most`.
struct Allowed {
    std::string_view name;
    std::int64_t least = 0;
    std::int64_t most = 0;
};

// Memory stays bounded whatever a workspace says, so what allocates has a limit of ours.
constexpr std::array allowed = {
    Allowed{"api.version.fallback.ms"},
    Allowed{"api.version.request"},
    Allowed{"api.version.request.timeout.ms", 1, 300'000},
    Allowed{"broker.address.family"},
    Allowed{"broker.address.ttl", 0, 86'400'000},
    Allowed{"broker.version.fallback"},
    Allowed{"check.crcs"},
    Allowed{"client.rack"},
    Allowed{"connections.max.idle.ms", 0, 2'147'483'647},
    Allowed{"fetch.error.backoff.ms", 0, 300'000},
    Allowed{"fetch.max.bytes", 1'000, 134'217'728},
    Allowed{"fetch.message.max.bytes", 1, 134'217'728},
    Allowed{"fetch.min.bytes", 1, 100'000'000},
    Allowed{"fetch.wait.max.ms", 0, 300'000},
    Allowed{"max.in.flight.requests.per.connection", 1, 1'000'000},
    Allowed{"max.partition.fetch.bytes", 1, 134'217'728},
    Allowed{"metadata.max.age.ms", 1, 86'400'000},
    Allowed{"queued.max.messages.kbytes", 1, 131'072},
    Allowed{"queued.min.messages", 1, 10'000'000},
    Allowed{"receive.message.max.bytes", 1'000, 268'435'456},
    Allowed{"reconnect.backoff.max.ms", 0, 3'600'000},
    Allowed{"reconnect.backoff.ms", 0, 3'600'000},
    Allowed{"socket.connection.setup.timeout.ms", 1'000, 300'000},
    Allowed{"socket.keepalive.enable"},
    Allowed{"socket.max.fails", 0, 1'000'000},
    Allowed{"socket.nagle.disable"},
    Allowed{"socket.receive.buffer.bytes", 0, 100'000'000},
    Allowed{"socket.send.buffer.bytes", 0, 100'000'000},
    Allowed{"socket.timeout.ms", 10, 300'000},
    Allowed{"ssl.cipher.suites"},
    Allowed{"ssl.crl.location"},
    Allowed{"ssl.curves.list"},
    Allowed{"ssl.sigalgs.list"},
    Allowed{"topic.metadata.refresh.fast.interval.ms", 1, 60'000},
    Allowed{"topic.metadata.refresh.interval.ms", -1, 3'600'000},
};

/// Why a property is refused. A name that ends in '.' stands for all that begin with it.
struct Refusal {
    std::string_view name;
    std::string_view reason;
    std::string_view advice;
};

constexpr std::string_view runs_code = "it makes a workspace file run code";
constexpr std::string_view leaves_trace =
    "Weir observes without a consumer group and without a commit";
constexpr std::string_view own_setting = "Weir sets it itself";
constexpr std::string_view own_place = "the connection has a field of its own for it";
constexpr std::string_view see_security = "Set it in the connection's \"security\".";
constexpr std::string_view no_producer = "it is a producer's, and an observed connection has none";
constexpr std::string_view tls_off = "it would let anybody pose as the cluster";

constexpr std::array refusals = {
    Refusal{"plugin.", runs_code, "Remove it."},
    Refusal{"interceptors", runs_code, "Remove it."},
    Refusal{"ssl.engine.", runs_code, "Give the key as a PEM or PKCS#12 file."},
    Refusal{"ssl.providers", runs_code, "Give the key as a PEM or PKCS#12 file."},
    Refusal{"sasl.kerberos.kinit.cmd", runs_code, "Kerberos is not supported."},
    Refusal{"sasl.kerberos.", "Kerberos is not supported",
            "Use SCRAM, PLAIN, OAUTHBEARER or a client certificate."},
    Refusal{"group.", leaves_trace, "Remove it."},
    Refusal{"enable.auto.commit", leaves_trace, "Remove it."},
    Refusal{"auto.commit.", leaves_trace, "Remove it."},
    Refusal{"enable.auto.offset.store", leaves_trace, "Remove it."},
    Refusal{"offset.store.", leaves_trace, "Remove it."},
    Refusal{"session.timeout.ms", leaves_trace, "Remove it."},
    Refusal{"heartbeat.interval.ms", leaves_trace, "Remove it."},
    Refusal{"max.poll.interval.ms", leaves_trace, "Remove it."},
    Refusal{"partition.assignment.strategy", leaves_trace, "Remove it."},
    Refusal{"coordinator.query.interval.ms", leaves_trace, "Remove it."},
    Refusal{"allow.auto.create.topics", "Weir never creates a topic by looking at it",
            "Remove it."},
    Refusal{"auto.offset.reset", "what is read is said by the range, and a gap is reported",
            "Say where to begin instead (--from, or the start in the Live view)."},
    Refusal{"isolation.level", own_setting, "Choose the isolation where you read."},
    Refusal{"enable.partition.eof", own_setting, "Remove it."},
    Refusal{"client.id", own_setting, "Remove it."},
    Refusal{"enabled_events", own_setting, "Remove it."},
    Refusal{"message.max.bytes", no_producer, "Use receive.message.max.bytes for large records."},
    Refusal{"transactional.id", no_producer, "Remove it."},
    Refusal{"transaction.timeout.ms", no_producer, "Remove it."},
    Refusal{"enable.idempotence", no_producer, "Remove it."},
    Refusal{"debug", "librdkafka's debug log can show secrets and payloads",
            "Use `weir doctor` to see what goes on with a connection."},
    Refusal{"log_level", own_setting, "Remove it."},
    Refusal{"log.", own_setting, "Remove it."},
    Refusal{"statistics.interval.ms", own_setting, "Remove it."},
    Refusal{"enable.ssl.certificate.verification", tls_off,
            "Name the authority that signed the cluster's certificate as \"ca_file\"."},
    Refusal{"ssl.endpoint.identification.algorithm", own_place,
            "Set \"verify_hostname\" in the connection's \"security\"."},
    Refusal{"enable.sasl.oauthbearer.unsecure.jwt", "it makes up tokens that anybody can make up",
            "Give the token's source in \"oauth\"."},
    Refusal{"bootstrap.servers", own_place, "Set the connection's \"bootstrap\"."},
    Refusal{"metadata.broker.list", own_place, "Set the connection's \"bootstrap\"."},
    Refusal{"security.protocol", own_place, see_security},
    Refusal{"sasl.", own_place, see_security},
    Refusal{"ssl.", own_place, see_security},
};

bool covers(std::string_view pattern, std::string_view name) {
    return pattern.back() == '.' ? name.substr(0, pattern.size()) == pattern : name == pattern;
}

Error refusal(const std::string& connection, const std::string& name) {
    const auto found = std::find_if(refusals.begin(), refusals.end(),
                                    [&](const Refusal& r) { return covers(r.name, name); });
    const bool known = found != refusals.end();
    return Error{.code = ErrorCode::Refused,
                 .what = "the property \"" + name.substr(0, 100) + "\" is not passed on: " +
                         std::string(known ? found->reason : "it is not among those Weir allows"),
                 .where = connection,
                 .advice =
                     std::string(known ? found->advice : "Remove it, or check how it is written.")};
}

Error bad_value(const std::string& connection, const std::string& name, const std::string& rule) {
    return Error{.code = ErrorCode::Config,
                 .what = "the property \"" + name.substr(0, 100) + "\" " + rule,
                 .where = connection};
}

} // namespace

Result<void> check_property(const std::string& connection, const std::string& name,
                            const std::string& value) {
    const auto found = std::find_if(allowed.begin(), allowed.end(),
                                    [&](const Allowed& a) { return a.name == name; });
    if (found == allowed.end())
        return refusal(connection, name);
    if (value.size() > value_bytes_max || value.find('\0') != std::string::npos)
        return bad_value(connection, name, "has a value that is too long or holds a zero byte");
    if (found->most == 0)
        return {};
    std::int64_t number = 0;
    const char* end = value.data() + value.size();
    const auto [stop, error] = std::from_chars(value.data(), end, number);
    if (error != std::errc() || stop != end || number < found->least || number > found->most)
        return bad_value(connection, name,
                         "must be a whole number from " + std::to_string(found->least) + " to " +
                             std::to_string(found->most));
    return {};
}

Result<void> check_properties(const ConnectionOptions& options) {
    for (const auto& [name, value] : options.properties)
        if (Result<void> fine = check_property(options.name, name, value); !fine)
            return fine;
    return {};
}

namespace {

Result<void> set_protocol(ConnectionOptions& options, const std::string& value) {
    const std::string word = lower(value);
    if (word == "plaintext")
        options.security.protocol = Protocol::Plaintext;
    else if (word == "ssl")
        options.security.protocol = Protocol::Ssl;
    else if (word == "sasl_plaintext")
        options.security.protocol = Protocol::SaslPlaintext;
    else if (word == "sasl_ssl")
        options.security.protocol = Protocol::SaslSsl;
    else
        return bad_value(options.name, "security.protocol",
                         "must be plaintext, ssl, sasl_plaintext or sasl_ssl");
    return {};
}

Result<void> set_mechanism(ConnectionOptions& options, const std::string& value) {
    const std::string word = lower(value);
    if (word == "plain")
        options.security.mechanism = Mechanism::Plain;
    else if (word == "scram-sha-256")
        options.security.mechanism = Mechanism::ScramSha256;
    else if (word == "scram-sha-512")
        options.security.mechanism = Mechanism::ScramSha512;
    else if (word == "oauthbearer")
        options.security.mechanism = Mechanism::OAuthBearer;
    else
        return bad_value(options.name, "sasl.mechanism",
                         "must be PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER");
    return {};
}

Result<void> set_secret(const ConnectionOptions& options, SecretRef& secret,
                        const std::string& name, const std::string& value) {
    for (const char* kind : {"env:", "file:", "keychain:", "command:"})
        if (value.rfind(kind, 0) == 0) {
            secret.text = value;
            return {};
        }
    Error error = bad_value(options.name, name, "must say where the secret lies, not what it is");
    error.advice = "Put it into an environment variable and write " + name +
                   "=env:NAME (or file:PATH, keychain:SERVICE/KEY): a command line can be read by "
                   "others.";
    return error;
}

} // namespace

Result<void> apply_property(ConnectionOptions& options, const std::string& assignment) {
    const std::size_t equals = assignment.find('=');
    if (equals == std::string::npos || equals == 0)
        return Error{.code = ErrorCode::Usage,
                     .what = "a property is written NAME=VALUE",
                     .where = options.name};
    const std::string name = assignment.substr(0, equals);
    const std::string value = assignment.substr(equals + 1);
    Security& security = options.security;
    if (name == "bootstrap.servers" || name == "metadata.broker.list") {
        options.bootstrap = value;
    } else if (name == "security.protocol") {
        return set_protocol(options, value);
    } else if (name == "sasl.mechanism" || name == "sasl.mechanisms") {
        return set_mechanism(options, value);
    } else if (name == "sasl.username") {
        security.username = value;
    } else if (name == "sasl.password") {
        return set_secret(options, security.password, name, value);
    } else if (name == "ssl.ca.location") {
        security.ca_file = value;
    } else if (name == "ssl.certificate.location") {
        security.certificate_file = value;
    } else if (name == "ssl.key.location") {
        security.key_file = value;
    } else if (name == "ssl.key.password") {
        return set_secret(options, security.key_password, name, value);
    } else if (name == "ssl.keystore.location") {
        security.keystore_file = value;
    } else if (name == "ssl.keystore.password") {
        return set_secret(options, security.keystore_password, name, value);
    } else if (name == "ssl.endpoint.identification.algorithm") {
        if (value != "https" && value != "none")
            return bad_value(options.name, name, "must be https or none");
        security.verify_hostname = value == "https";
    } else {
        if (Result<void> fine = check_property(options.name, name, value); !fine)
            return fine;
        options.properties[name] = value;
    }
    return {};
}

std::vector<Property> properties_of(const ConnectionOptions& options) {
    const Security& security = options.security;
    std::vector<Property> all;
    const auto say = [&all](const char* name, const std::string& value) {
        if (!value.empty())
            all.push_back({name, value, {}});
    };
    const auto refer = [&all](const char* name, const SecretRef& secret) {
        if (!secret.empty())
            all.push_back({name, {}, secret});
    };
    if (security.protocol != Protocol::Plaintext)
        say("security.protocol", to_word(security.protocol));
    say("sasl.mechanism", to_word(security.mechanism));
    say("sasl.username", security.username);
    refer("sasl.password", security.password);
    say("ssl.ca.location", security.ca_file);
    say("ssl.certificate.location", security.certificate_file);
    say("ssl.key.location", security.key_file);
    refer("ssl.key.password", security.key_password);
    say("ssl.keystore.location", security.keystore_file);
    refer("ssl.keystore.password", security.keystore_password);
    if (!security.verify_hostname)
        say("ssl.endpoint.identification.algorithm", "none");
    for (const auto& [name, value] : options.properties)
        say(name.c_str(), value);
    return all;
}

} // namespace weir::kafka
