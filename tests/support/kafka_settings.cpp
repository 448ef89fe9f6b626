// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/kafka_settings.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <sstream>

#include "tests/support/free_ports.h"

namespace weir::test {
namespace {

struct Door {
    Listener listener;
    const char* name;
    const char* protocol;
    const char* advertised_host;
};

constexpr std::array doors = {
    Door{Listener::Plaintext, "PLAINTEXT", "PLAINTEXT", "127.0.0.1"},
    Door{Listener::Ssl, "SSL", "SSL", "127.0.0.1"},
    Door{Listener::MutualTls, "MUTUALTLS", "SSL", "127.0.0.1"},
    Door{Listener::SaslPlaintext, "SASLPLAINTEXT", "SASL_PLAINTEXT", "127.0.0.1"},
    Door{Listener::SaslSsl, "SASLSSL", "SASL_SSL", "127.0.0.1"},
    Door{Listener::OAuth, "OAUTH", "SASL_PLAINTEXT", "127.0.0.1"},
    Door{Listener::Expired, "EXPIRED", "SSL", "127.0.0.1"},
    Door{Listener::Misnamed, "MISNAMED", "SSL", "127.0.0.1"},
    Door{Listener::Unresolvable, "UNRESOLVABLE", "PLAINTEXT", "no-such-host.invalid"},
};
constexpr std::array users = {"admin", "reader", "auditor", "operator", "stranger", "historian"};

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

std::string comma(const std::string& list) {
    return list.empty() ? "" : ",";
}

void add_listeners(std::ostringstream& out, const std::map<std::string, int>& ports) {
    const std::string controller = std::to_string(ports.at("CONTROLLER"));
    std::string listeners = "CONTROLLER://127.0.0.1:" + controller;
    std::string advertised;
    std::string protocols = "CONTROLLER:PLAINTEXT";
    for (const Door& door : doors) {
        const std::string port = std::to_string(ports.at(door.name));
        listeners += "," + std::string(door.name) + "://127.0.0.1:" + port;
        advertised += comma(advertised) + door.name + "://" + door.advertised_host + ":" + port;
        protocols += "," + std::string(door.name) + ":" + door.protocol;
    }
    out << "controller.quorum.voters=1@127.0.0.1:" << controller << "\nlisteners=" << listeners
        << "\nadvertised.listeners=" << advertised
        << "\nlistener.security.protocol.map=" << protocols
        << "\ninter.broker.listener.name=PLAINTEXT\ncontroller.listener.names=CONTROLLER\n";
}

void add_certificate(std::ostringstream& out, Listener listener, const std::string& folder,
                     const char* file, const char* client) {
    const std::string prefix = "listener.name." + lower(listener_name(listener)) + ".ssl.";
    out << prefix << "keystore.type=PEM\n"
        << prefix << "keystore.location=" << folder << "/certificates/" << file << "\n"
        << prefix << "truststore.type=PEM\n"
        << prefix << "truststore.location=" << folder << "/certificates/ca.pem\n"
        << prefix << "client.auth=" << client << "\n";
}

void add_logins(std::ostringstream& out, Listener listener) {
    const std::string prefix = "listener.name." + lower(listener_name(listener)) + ".";
    const std::string package = "org.apache.kafka.common.security.";
    out << prefix << "sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512\n"
        << prefix << "plain.sasl.jaas.config=" << package << "plain.PlainLoginModule required";
    for (const char* user : users)
        out << " user_" << user << "=\"" << user << "-secret\"";
    out << ";\n";
    for (const char* mechanism : {"scram-sha-256", "scram-sha-512"})
        out << prefix << mechanism << ".sasl.jaas.config=" << package
            << "scram.ScramLoginModule required;\n";
}

} // namespace

const char* listener_name(Listener listener) {
    const auto door = std::find_if(doors.begin(), doors.end(),
                                   [&](const Door& d) { return d.listener == listener; });
    return door->name;
}

std::map<std::string, int> choose_ports() {
    const std::vector<int> found = free_ports(static_cast<int>(doors.size()) + 1);
    std::map<std::string, int> ports{{"CONTROLLER", found.front()}};
    for (std::size_t i = 0; i < doors.size(); ++i)
        ports[doors[i].name] = found[i + 1];
    return ports;
}

std::string server_properties(const std::string& folder, const std::map<std::string, int>& ports,
                              const std::map<std::string, std::string>& more) {
    std::ostringstream out;
    out << "process.roles=broker,controller\nnode.id=1\nlog.dirs=" << folder << "/data\n";
    add_listeners(out, ports);
    add_certificate(out, Listener::Ssl, folder, "broker.pem", "requested");
    add_certificate(out, Listener::MutualTls, folder, "broker.pem", "required");
    add_certificate(out, Listener::SaslSsl, folder, "broker.pem", "none");
    add_certificate(out, Listener::Expired, folder, "broker-expired.pem", "none");
    add_certificate(out, Listener::Misnamed, folder, "broker-misnamed.pem", "none");
    add_logins(out, Listener::SaslPlaintext);
    add_logins(out, Listener::SaslSsl);
    out << "listener.name.oauth.sasl.enabled.mechanisms=OAUTHBEARER\n"
           "listener.name.oauth.oauthbearer.sasl.jaas.config=org.apache.kafka.common.security."
           "oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub=\"broker\";\n"
           "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer\n"
           "super.users=User:ANONYMOUS;User:admin\n"
           "auto.create.topics.enable=true\nnum.partitions=1\n"
           "offsets.topic.replication.factor=1\noffsets.topic.num.partitions=4\n"
           "transaction.state.log.replication.factor=1\ntransaction.state.log.min.isr=1\n"
           "transaction.state.log.num.partitions=4\n"
           "share.coordinator.state.topic.replication.factor=1\n"
           "share.coordinator.state.topic.min.isr=1\n"
           "group.initial.rebalance.delay.ms=0\n"
           "message.max.bytes=33554432\nsocket.request.max.bytes=104857600\n"
           // Compaction, retention and deletion happen while a test looks on.
           "log.initial.task.delay.ms=500\nlog.retention.check.interval.ms=500\n"
           "log.cleaner.backoff.ms=300\nlog.cleaner.dedupe.buffer.size=4194304\n"
           "log.segment.delete.delay.ms=500\n"
           // A killed broker that comes back is let in again once its old session has ended.
           "broker.session.timeout.ms=3000\nbroker.heartbeat.interval.ms=500\n"
           "controlled.shutdown.enable=false\n";
    for (const auto& [name, value] : more)
        out << name << "=" << value << "\n";
    return out.str();
}

std::vector<std::string> scram_credentials() {
    std::vector<std::string> credentials;
    for (const char* user : users)
        for (const char* mechanism : {"SCRAM-SHA-256", "SCRAM-SHA-512"})
            credentials.push_back(std::string(mechanism) + "=[name=" + user + ",password=" + user +
                                  "-secret]");
    return credentials;
}

void set_security(kafka::Security& security, Listener listener, const std::string& user,
                  const std::string& certificates) {
    using kafka::Protocol;
    const auto door = std::find_if(doors.begin(), doors.end(),
                                   [&](const Door& d) { return d.listener == listener; });
    const std::string protocol = door->protocol;
    const bool tls = protocol == "SSL" || protocol == "SASL_SSL";
    const bool sasl = protocol.rfind("SASL", 0) == 0;
    security.protocol = sasl ? (tls ? Protocol::SaslSsl : Protocol::SaslPlaintext)
                             : (tls ? Protocol::Ssl : Protocol::Plaintext);
    if (tls)
        security.ca_file = certificates + "/ca.pem";
    if (listener == Listener::MutualTls) {
        security.certificate_file = certificates + "/client.pem";
        security.key_file = certificates + "/client.key";
    }
    if (!sasl || listener == Listener::OAuth)
        return;
    security.mechanism = kafka::Mechanism::Plain;
    security.username = user;
    const std::string variable = "WEIR_TEST_PASSWORD_" + user;
    setenv(variable.c_str(), (user + "-secret").c_str(), 1);
    security.password.text = "env:" + variable;
}

} // namespace weir::test
