// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "connectors/kafka/client/address.h"
#include "connectors/kafka/cluster.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace weir::kafka;

/// What somebody may write where brokers are to be named.
class TestAddress : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void what_brokers_are_called() {
        for (const char* address :
             {"kafka-1:9092", "kafka-1", "10.0.0.1:9092", "[::1]:9092", "[fe80::1]",
              "a.example:1,b.example:65535", " a:1 , b:2 ", "kafka_broker:9092", "embedded"})
            VERIFY_OK(check_address(address));
    }
    void what_is_off_is_named_data() {
        QTest::addColumn<QString>("address");
        QTest::addColumn<QString>("told");
        const auto row = [](const char* address, const char* told) {
            QTest::newRow(address) << QString::fromUtf8(address) << QString::fromUtf8(told);
        };
        row("", "no address");
        row("  ", "no address");
        row(":9092", "no host");
        row("host:", "the port is no number");
        row("host:abc", "the port is no number");
        row("host:99999", "the port is no number");
        row("host:0", "the port is no number");
        row("host:-1", "the port is no number");
        row("host:9092x", "the port is no number");
        row("good:9092,bad:port", "\"bad:port\"");
        row("good:9092,", "is empty");
        row("good:9092,,other:9092", "is empty");
        row("http://host:9092", "no protocol in front");
        row("two words:9092", "no name of a host");
        row("host:9092/path", "the port is no number");
        row("user:secret@host:9092", "no password");
        row("::1", "no host");
        row("fe80::1", "in brackets");
        row("[::1:9092", "no name of a host");
        row("[]:9092", "no name of a host");
    }
    void what_is_off_is_named() {
        QFETCH(QString, address);
        QFETCH(QString, told);
        const auto checked = check_address(address.toStdString());
        VERIFY_ERROR(checked, ErrorCode::Usage);
        QVERIFY2(checked.error().text().find(told.toStdString()) != std::string::npos,
                 checked.error().text().c_str());
        QVERIFY(checked.error().text().find("HOST:PORT") != std::string::npos);
        QVERIFY(checked.error().text().find("secret") == std::string::npos);
    }
    void no_client_is_made_for_such_an_address() {
        ConnectionOptions options;
        options.name = "prod-kafka";
        options.bootstrap = "kafka-1:abc";
        const auto cluster = Cluster::open(options, {});
        VERIFY_ERROR(cluster, ErrorCode::Config);
        QVERIFY2(cluster.error().text().rfind("prod-kafka: \"kafka-1:abc\": the port", 0) == 0,
                 cluster.error().text().c_str());
    }
};

QTEST_GUILESS_MAIN(TestAddress)
#include "tst_address.moc"
