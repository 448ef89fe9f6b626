// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Command lines that are copied reach what was reached, and hold no secret.
#include <QtTest>

#include "connectors/kafka/client/properties.h"
#include "models/live/copied_command.h"

using namespace weir;

namespace {

const RecordIdentity record{"raw_events", PartitionId(3), Offset(42)};
const std::string of_weir = " --topic raw_events --filter 'partition == 3 and offset == 42' --json";
const std::string of_kcat = " -t raw_events -p 3 -o 42 -c 1";

CommandTarget secured(const std::string& password) {
    CommandTarget target;
    target.connection.name = "prod kafka";
    target.connection.bootstrap = "kafka-1:9093";
    kafka::Security& security = target.connection.security;
    security.protocol = kafka::Protocol::SaslSsl;
    security.mechanism = kafka::Mechanism::ScramSha512;
    security.username = "reader";
    security.password.text = password;
    security.ca_file = "/etc/my ca.pem";
    security.verify_hostname = false;
    target.connection.properties = {{"client.rack", "eu-1"}};
    return target;
}

} // namespace

class TestCopiedCommand : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void they_are_safe_to_paste() {
        CommandTarget target;
        target.connection.bootstrap = "localhost:9092";
        const RecordIdentity odd{"it's", PartitionId(3), Offset(42)};
        QCOMPARE(kcat_command(target, odd),
                 std::string("kcat -C -e -b localhost:9092 -t 'it'\\''s' -p 3 -o 42 -c 1"));
        QCOMPARE(weir_command(target, odd),
                 std::string("weir search --bootstrap localhost:9092 --topic 'it'\\''s' --filter "
                             "'partition == 3 and offset == 42' --json"));
    }

    void a_workspace_says_all_there_is_to_say() {
        CommandTarget target = secured("env:KAFKA_PASSWORD");
        target.workspace = "/home/me/shop.weir.json";
        QCOMPARE(weir_command(target, record),
                 "weir search --workspace /home/me/shop.weir.json -c 'prod kafka'" + of_weir);
        target.connection.security.password.text = "command:pass show kafka";
        QCOMPARE(weir_command(target, record),
                 "weir search --workspace /home/me/shop.weir.json -c 'prod kafka' "
                 "--allow-commands" +
                     of_weir);
    }

    void without_one_security_is_spelt_out_and_secrets_are_referred_to() {
        const std::string common = " -X security.protocol=sasl_ssl -X sasl.mechanism=SCRAM-SHA-512"
                                   " -X sasl.username=reader -X ";
        const std::string rest = " -X 'ssl.ca.location=/etc/my ca.pem'"
                                 " -X ssl.endpoint.identification.algorithm=none"
                                 " -X client.rack=eu-1";
        const struct {
            const char* reference;
            const char* to_weir;
            const char* to_kcat;
        } each[] = {
            {"env:KAFKA_PASSWORD", "sasl.password=env:KAFKA_PASSWORD",
             "sasl.password=\"$KAFKA_PASSWORD\""},
            {"file:/run/my secret", "'sasl.password=file:/run/my secret'",
             "sasl.password=\"$(cat '/run/my secret')\""},
            {"keychain:weir/prod", "sasl.password=keychain:weir/prod",
             "sasl.password=\"$SASL_PASSWORD\""},
            {"typed:7", "sasl.password=env:SASL_PASSWORD", "sasl.password=\"$SASL_PASSWORD\""},
        };
        for (const auto& [reference, to_weir, to_kcat] : each) {
            const CommandTarget target = secured(reference);
            QCOMPARE(weir_command(target, record),
                     "weir search --bootstrap kafka-1:9093" + common + to_weir + rest + of_weir);
            QCOMPARE(kcat_command(target, record),
                     "kcat -C -e -b kafka-1:9093" + common + to_kcat + rest + of_kcat);
        }
    }

    void what_is_spelt_out_makes_the_same_connection() {
        const kafka::ConnectionOptions wanted = secured("env:KAFKA_PASSWORD").connection;
        kafka::ConnectionOptions made;
        made.name = wanted.name;
        made.bootstrap = wanted.bootstrap;
        const std::vector<kafka::Property> all = kafka::properties_of(wanted);
        QCOMPARE(all.size(), std::size_t{7});
        for (const kafka::Property& property : all)
            QVERIFY(kafka::apply_property(
                        made, property.name + '=' +
                                  (property.secret.empty() ? property.value : property.secret.text))
                        .ok());
        QCOMPARE(made.security.protocol, wanted.security.protocol);
        QCOMPARE(made.security.mechanism, wanted.security.mechanism);
        QCOMPARE(made.security.username, wanted.security.username);
        QCOMPARE(made.security.password.text, wanted.security.password.text);
        QCOMPARE(made.security.ca_file, wanted.security.ca_file);
        QCOMPARE(made.security.verify_hostname, wanted.security.verify_hostname);
        QCOMPARE(made.properties, wanted.properties);
    }
};

QTEST_GUILESS_MAIN(TestCopiedCommand)
#include "tst_copied_command.moc"
