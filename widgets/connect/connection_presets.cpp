// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/connect/connection_presets.h"

#include "connectors/base/qt_text.h"

namespace weir {
namespace {

ConnectionPreset own() {
    ConnectionPreset made;
    made.title = tr("A cluster of your own");
    made.address_hint = tr("kafka-1:9092, kafka-2:9092 (or embedded)");
    return made;
}

ConnectionPreset local() {
    ConnectionPreset made = own();
    made.title = tr("Kafka on this machine");
    made.name = QStringLiteral("local-kafka");
    made.address = QStringLiteral("localhost:9092");
    made.note = tr("As it comes out of the box: no login, nothing encrypted. Should it be written "
                   "to, choose Sandbox below before you connect.");
    return made;
}

ConnectionPreset confluent_cloud() {
    ConnectionPreset made;
    made.title = QStringLiteral("Confluent Cloud");
    made.address_hint = QStringLiteral("pkc-….eu-central-1.aws.confluent.cloud:9092");
    made.user_hint = tr("API key");
    made.note = tr("The address is the bootstrap server in the cluster's settings. User is the API "
                   "key, password is its secret.");
    made.protocol = kafka::Protocol::SaslSsl;
    return made;
}

ConnectionPreset amazon_msk() {
    ConnectionPreset made;
    made.title = QStringLiteral("Amazon MSK");
    made.address_hint = QStringLiteral("b-1.….kafka.eu-central-1.amazonaws.com:9096");
    made.note =
        tr("Port 9096 takes a user and a password from Secrets Manager; 9094 takes TLS with "
           "a client's certificate.");
    made.protocol = kafka::Protocol::SaslSsl;
    made.mechanism = kafka::Mechanism::ScramSha512;
    return made;
}

ConnectionPreset event_hubs() {
    ConnectionPreset made;
    made.title = QStringLiteral("Azure Event Hubs");
    made.address_hint = QStringLiteral("NAMESPACE.servicebus.windows.net:9093");
    made.user = QStringLiteral("$ConnectionString");
    made.note = tr("The password is the namespace's connection string, whole: Endpoint=sb://…");
    made.protocol = kafka::Protocol::SaslSsl;
    return made;
}

ConnectionPreset certificates() {
    ConnectionPreset made = own();
    made.title = tr("TLS with a client's certificate");
    made.note = tr("The certificate and its key are two PEM files, or one PKCS#12 keystore.");
    made.protocol = kafka::Protocol::Ssl;
    return made;
}

} // namespace

const std::vector<ConnectionPreset>& connection_presets() {
    static const std::vector<ConnectionPreset> all{
        own(), local(), certificates(), confluent_cloud(), amazon_msk(), event_hubs()};
    return all;
}

} // namespace weir
