// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the command line says when it is not clear what to connect to: usage, before anything
// connects.
#include <QTemporaryDir>
#include <QtTest>

#include "tests/support/process.h"
#include "tests/support/verify.h"
#include "tests/support/weir_command.h"

using namespace weir;
using namespace weir::test;

class TestConnectionWords : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void an_address_that_is_none_is_usage_data() {
        QTest::addColumn<QString>("command");
        QTest::addColumn<QString>("address");
        for (const char* command : {"tail -t x", "search -t x y", "count -t x", "doctor",
                                    "sandbox --check", "generate -n 1 -t x", "-t x"})
            for (const char* address : {"", ":9092", "host:abc", "host:99999", "http://host:9092"})
                QTest::addRow("%s on %s", command, address)
                    << QString::fromUtf8(command) << QString::fromUtf8(address);
    }
    void an_address_that_is_none_is_usage() {
        QFETCH(QString, command);
        QFETCH(QString, address);
        const Answer told = weir_says(command, {QStringLiteral("--bootstrap"), address});
        QCOMPARE(told.code, 2);
        QVERIFY2(told.err.contains("--bootstrap: "), told.err);
        QVERIFY2(told.err.contains("HOST:PORT"), told.err);
    }
    void brokers_without_a_workspace_are_called_by_their_address_data() {
        QTest::addColumn<QString>("address");
        QTest::addColumn<QString>("name");
        QTest::newRow("one") << QStringLiteral("localhost:1") << QStringLiteral("localhost:1");
        QTest::newRow("two") << QStringLiteral("localhost:1,localhost:2")
                             << QStringLiteral("localhost:1 +1");
    }
    void brokers_without_a_workspace_are_called_by_their_address() {
        QFETCH(QString, address);
        QFETCH(QString, name);
        const Answer told = weir_says(QStringLiteral("doctor --json -q --timeout 1s"),
                                      {QStringLiteral("-b"), address});
        QCOMPARE(told.code, 3);
        QCOMPARE(
            told.json()[QStringLiteral("connections")][0][QStringLiteral("connection")].toString(),
            name);
    }
    void a_workspace_without_a_connection_is_no_crash() {
        const QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("empty.weir.json"));
        VERIFY_OK(write_text(file.toStdString(),
                             "{\"weir\": {\"version\": 1, \"least_reader\": 1}, \"name\": \"x\","
                             " \"connections\": []}"));
        for (const char* command : {"tail -t x", "search -t x y", "count -t x", "doctor",
                                    "sandbox --check", "generate -n 1 -t x"}) {
            const Answer told = weir_says(QString::fromUtf8(command), {QStringLiteral("-w"), file});
            QCOMPARE(told.code, 2);
            QVERIFY2(told.err.contains("the workspace has no connection"), told.err);
        }
    }
};

QTEST_GUILESS_MAIN(TestConnectionWords)
#include "tst_connection_words.moc"
