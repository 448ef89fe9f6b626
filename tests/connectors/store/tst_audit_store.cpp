// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// labels: threads
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <thread>

#include <sqlite3.h>

#include "connectors/store/audit_store.h"
#include "tests/support/source_path.h"

using namespace weir;
using namespace weir::store;

namespace {

AuditEntry entry(const char* reason) {
    AuditEntry entry;
    entry.time = Micros(1'767'225'600'000'000);
    entry.who = "jdoe@desk";
    entry.action = "unmask";
    entry.subject = "prod-kafka";
    entry.reason = reason;
    entry.details = R"({"role":"data protection"})";
    return entry;
}

/// As somebody would who has the file and SQLite.
bool tampered(const std::string& file, const char* sql) {
    sqlite3* handle = nullptr;
    sqlite3_open(file.c_str(), &handle);
    const bool done = sqlite3_exec(handle, sql, nullptr, nullptr, nullptr) == SQLITE_OK;
    sqlite3_close(handle);
    return done;
}

} // namespace

class TestAuditStore : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::string file(const char* name) {
        return m_folder.filePath(QString::fromLatin1(name)).toStdString();
    }
    std::string three(const char* name) {
        for (const char* reason : {"first", "second", "third"})
            if (!append_to_audit(file(name), entry(reason)))
                qFatal("cannot append");
        return file(name);
    }
    static std::string verdict(const std::string& file) {
        auto store = AuditStore::open_read_only(file);
        if (!store)
            return store.error().text();
        const auto verified = (*store)->verify();
        return verified ? "" : verified.error().text();
    }

  private Q_SLOTS:
    void entries_are_appended_and_found_again() {
        const std::string trail = three("folder/that/is/not/there/yet/audit.sqlite");
        auto store = AuditStore::open_read_only(trail);
        QVERIFY(store.ok());
        const auto newest = (*store)->newest(2);
        QVERIFY(newest.ok());
        QCOMPARE(newest->size(), 2U);
        QCOMPARE(newest->at(0).reason, std::string("third"));
        QCOMPARE(newest->at(0).number, 3);
        QCOMPARE(newest->at(0).who, std::string("jdoe@desk"));
        QCOMPARE(newest->at(0).details, entry("").details);
        QCOMPARE(newest->at(0).hash.size(), 32U);
        QVERIFY(newest->at(0).hash != newest->at(1).hash);
        QCOMPARE(verdict(trail), std::string());
    }

    void the_file_refuses_to_change_or_remove_an_entry() {
        const std::string trail = three("refuses");
        QVERIFY(!tampered(trail, "UPDATE entries SET reason = 'other'"));
        QVERIFY(!tampered(trail, "DELETE FROM entries WHERE number = 2"));
        QCOMPARE(verdict(trail), std::string());
    }

    void what_was_changed_all_the_same_is_found_data() {
        QTest::addColumn<QString>("sql");
        QTest::addColumn<QString>("entry");
        QTest::newRow("changed") << "UPDATE entries SET reason = 'other' WHERE number = 2"
                                 << "entry 2";
        QTest::newRow("moved") << "UPDATE entries SET who = 'jdoe@', action = 'deskunmask' "
                                  "WHERE number = 1"
                               << "entry 1";
        QTest::newRow("removed") << "DELETE FROM entries WHERE number = 2"
                                 << "entry 2";
        QTest::newRow("removed in front") << "DELETE FROM entries WHERE number = 1"
                                          << "entry 1";
        QTest::newRow("renumbered") << "DELETE FROM entries WHERE number = 1; "
                                       "UPDATE entries SET number = number - 1"
                                    << "entry 1";
        QTest::newRow("put in") << "INSERT INTO entries SELECT 4, time_us, who, action, subject, "
                                   "reason, details, hash FROM entries WHERE number = 3"
                                << "entry 4";
    }
    void what_was_changed_all_the_same_is_found() {
        QFETCH(QString, sql);
        QFETCH(QString, entry);
        const std::string trail = three(QTest::currentDataTag());
        const std::string script =
            "DROP TRIGGER no_change; DROP TRIGGER no_removal; " + sql.toStdString();
        QVERIFY(tampered(trail, script.c_str()));
        const std::string told = verdict(trail);
        QVERIFY2(told.find(entry.toStdString() + " ") != std::string::npos, told.c_str());
    }

    void programs_that_write_at_once_wait_for_each_other() {
        const std::string trail = file("together");
        std::vector<std::thread> writers;
        for (int writer = 0; writer < 4; ++writer)
            writers.emplace_back([&] {
                for (int i = 0; i < 5; ++i)
                    if (!append_to_audit(trail, entry("together"), std::chrono::seconds(60)))
                        qFatal("cannot append");
            });
        for (std::thread& writer : writers)
            writer.join();
        QCOMPARE(verdict(trail), std::string());
        QCOMPARE((*AuditStore::open_read_only(trail))->newest(100)->size(), 20U);
    }

    void a_long_reason_is_cut() {
        const std::string trail = file("long");
        const auto appended = append_to_audit(trail, entry(std::string(100'000, 'x').c_str()));
        QVERIFY(appended.ok());
        QCOMPARE(appended->reason.size(), AuditStore::text_bytes_max);
        QCOMPARE(verdict(trail), std::string());
    }

    void a_trail_of_version_1_is_read_and_goes_on() {
        const std::string trail = file("v1");
        QVERIFY(QFile::copy(
            QString::fromStdString(test::source_path("tests/fixtures/store/audit-v1.sqlite")),
            QString::fromStdString(trail)));
        QVERIFY(QFile::setPermissions(QString::fromStdString(trail),
                                      QFile::ReadOwner | QFile::WriteOwner));
        QCOMPARE(verdict(trail), std::string());
        const auto appended = append_to_audit(trail, entry("one more"));
        QVERIFY2(appended.ok(), appended.ok() ? "" : appended.error().text().c_str());
        QCOMPARE(appended->number, 3);
        QCOMPARE(verdict(trail), std::string());
    }
};

QTEST_APPLESS_MAIN(TestAuditStore)
#include "tst_audit_store.moc"
