// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "connectors/warehouse/connection.h"
#include "connectors/warehouse/kind/url.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace weir::warehouse;

class TestUrl : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void the_parts_are_found() {
        const auto url =
            parse_url("postgresql://an%40a@[::1]:5433,db2.x.org/my%20db?sslmode=require");
        VERIFY_OK(url);
        QCOMPARE(url->scheme, std::string("postgresql"));
        QCOMPARE(url->user, std::string("an@a"));
        QCOMPARE(url->hosts.size(), 2u);
        QCOMPARE(url->hosts[0].name, std::string("::1"));
        QCOMPARE(url->hosts[0].port, 5433);
        QCOMPARE(url->hosts[1].name, std::string("db2.x.org"));
        QCOMPARE(url->hosts[1].port, 0);
        QCOMPARE(url->database, std::string("my db"));
        QCOMPARE(url->parameters.at("sslmode"), std::string("require"));
        QCOMPARE(to_text(*url),
                 std::string("postgresql://an%40a@[::1]:5433,db2.x.org/my%20db?sslmode=require"));
    }

    void what_may_be_left_out_may_be_left_out() {
        VERIFY_OK(parse_url("postgresql://"));
        VERIFY_OK(parse_url("postgresql:///db"));
        const auto socket = parse_url("postgresql://%2Frun%2Fpostgresql/db");
        VERIFY_OK(socket);
        QCOMPARE(socket->hosts[0].name, std::string("/run/postgresql"));
    }

    void mistakes_are_told_data() {
        QTest::addColumn<QString>("address");
        QTest::addColumn<QString>("told");
        const auto row = [](const char* address, const char* told) {
            QTest::newRow(address) << QString::fromLatin1(address) << QString::fromLatin1(told);
        };
        row("", "no warehouse");
        row("mysql://x/y", "no warehouse");
        row("sqlite:", "no file");
        row("sqlite::memory:", "no file");
        row("postgresql://u:hunter2@h/d", "no password");
        row("postgresql://u:hunter2/x@h/d", "no password");
        row("postgresql://u:hunter2?x@h/d", "no password");
        row("postgresql://h/d?password=hunter2", "not allowed");
        row("postgresql://h/d?options=-c%20x", "not allowed");
        row("postgresql://h/d?service=other", "not allowed");
        row("postgresql://h/d?passfile=x", "not allowed");
        row("postgresql://h/d?replication=database", "not allowed");
        row("postgresql://h/d?host=other", "twice");
        row("postgresql://h/d?sslmode=a&sslmode=b", "twice");
        row("postgresql://h:0/d", "port");
        row("postgresql://h:65536/d", "port");
        row("postgresql://h:5432x/d", "port");
        row("postgresql://[::1/d", "bracket");
        row("postgresql://[x]/d", "IPv6");
        row("postgresql://a b/d", "host");
        row("postgresql://h,/d", "host");
        row("postgresql://h/%zz", "not readable");
        row("postgresql://h/%00", "not readable");
        row("postgresql://h/d?sslmode", "NAME=VALUE");
    }
    void mistakes_are_told() {
        QFETCH(QString, address);
        QFETCH(QString, told);
        const auto checked = check_address(address.toStdString());
        QVERIFY(!checked);
        const std::string text = checked.error().text();
        QVERIFY2(text.find(told.toStdString()) != std::string::npos, text.c_str());
        QVERIFY2(text.find("hunter2") == std::string::npos, text.c_str());
    }
};

QTEST_GUILESS_MAIN(TestUrl)
#include "tst_url.moc"
