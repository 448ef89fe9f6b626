// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir audit: the trail is shown, and that it holds is proved.
#include <QJsonArray>
#include <QTemporaryDir>
#include <QtTest>

#include <sqlite3.h>

#include "connectors/store/audit_store.h"
#include "tests/support/weir_command.h"

using namespace weir;
using namespace weir::test;

class TestAuditCommand : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    std::string m_trail;

    void append(const char* action, const char* reason) const {
        store::AuditEntry entry;
        entry.time = Micros(1'777'636'800'000'000);
        entry.who = "jdoe@desk";
        entry.action = action;
        entry.subject = "prod-kafka";
        entry.reason = reason;
        entry.details = R"({"role":"data protection"})";
        QVERIFY(store::append_to_audit(m_trail, entry).ok());
    }

  private Q_SLOTS:
    void init() {
        m_trail = m_folder.filePath(QString::fromUtf8(QTest::currentTestFunction())).toStdString();
        qputenv("WEIR_AUDIT", QByteArray::fromStdString(m_trail));
    }

    void the_newest_entry_comes_first() {
        append("unmask", "ticket 4711");
        append("mask", "ticket 4711\x1b[2J");
        const Answer listed = weir_in_process({"audit"});
        QCOMPARE(listed.code, 0);
        const QList<QByteArray> lines = listed.out.trimmed().split('\n');
        QCOMPARE(lines.size(), 2);
        QVERIFY2(lines[0].startsWith("2  2026-05-01T12:00:00"), lines[0].constData());
        QVERIFY(lines[0].contains("mask  prod-kafka  jdoe@desk: ticket 4711"));
        QVERIFY(!listed.out.contains('\x1b')); // what was typed cannot steer a terminal
        QVERIFY(listed.err.contains("the chain of 2 entries holds"));
        QCOMPARE(weir_in_process({"audit", "-n", "1"}).out.trimmed().split('\n').size(), 1);

        const QJsonObject all = weir_in_process({"audit", "--json"}).json();
        QVERIFY(all[QStringLiteral("intact")].toBool());
        const QJsonObject first = all[QStringLiteral("entries")].toArray()[1].toObject();
        QCOMPARE(first[QStringLiteral("action")].toString(), QStringLiteral("unmask"));
        QCOMPARE(first[QStringLiteral("details")].toObject()[QStringLiteral("role")].toString(),
                 QStringLiteral("data protection"));
        QCOMPARE(first[QStringLiteral("hash")].toString().size(), 64);
    }

    void what_was_changed_is_a_finding() {
        append("unmask", "ticket 4711");
        append("mask", "ticket 4711");
        sqlite3* file = nullptr;
        QCOMPARE(sqlite3_open(m_trail.c_str(), &file), SQLITE_OK);
        QCOMPARE(sqlite3_exec(file,
                              "DROP TRIGGER no_change; UPDATE entries SET reason = 'none' "
                              "WHERE number = 1",
                              nullptr, nullptr, nullptr),
                 SQLITE_OK);
        sqlite3_close(file);
        const Answer told = weir_in_process({"audit", "--json"});
        QCOMPARE(told.code, 1);
        QVERIFY(!told.json()[QStringLiteral("intact")].toBool());
        QVERIFY(
            told.json()[QStringLiteral("broken")].toString().contains(QStringLiteral("entry 1 ")));
        QCOMPARE(weir_in_process({"audit"}).code, 1);
    }

    void nothing_recorded_is_no_failure_but_a_file_that_is_named_must_be_there() {
        const Answer nothing = weir_in_process({"audit", "--json"});
        QCOMPARE(nothing.code, 0);
        QVERIFY(nothing.json()[QStringLiteral("entries")].toArray().isEmpty());
        QVERIFY(weir_in_process({"audit", "--file", m_trail}).code > 1);
    }
};

QTEST_APPLESS_MAIN(TestAuditCommand)
#include "tst_audit_command.moc"
