// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: window
// The audit trail as the window shows it.
#include <QAbstractItemModelTester>
#include <QFile>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include "app/gui/audit_dialog.h"
#include "widgets/common/theme.h"

using namespace weir;

namespace {

store::AuditEntry entry(const char* action, const char* reason) {
    store::AuditEntry entry;
    entry.time = Micros(1'795'226'400'000'000);
    entry.who = "jdoe@desk";
    entry.action = action;
    entry.subject = "prod-kafka";
    entry.reason = reason;
    return entry;
}

} // namespace

class TestAuditDialog : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    const ZoneClock m_clock;
    std::string file(const char* name) const {
        return m_folder.filePath(QString::fromUtf8(name)).toStdString();
    }

  private Q_SLOTS:
    void initTestCase() { Theme::apply(ThemeChoice::Light); }

    void the_newest_stand_on_top_and_the_chain_is_verified() {
        const std::string trail = file("trail");
        QVERIFY(store::append_to_audit(trail, entry("unmask", "ticket 4711: no orders")).ok());
        QVERIFY(store::append_to_audit(trail, entry("export", "a\nb\x1b[31m")).ok());
        AuditDialog dialog(trail, m_clock);
        dialog.show();
        QAbstractItemModel* const model = dialog.table()->model();
        QAbstractItemModelTester tester(model,
                                        QAbstractItemModelTester::FailureReportingMode::Fatal);
        QCOMPARE(dialog.verdict(), QStringLiteral("Reading the trail…"));
        QTRY_COMPARE(model->rowCount(), 2);
        QCOMPARE(dialog.verdict(), QStringLiteral("The chain of 2 entries holds"));
        const auto cell = [&](int row, int column) { return model->index(row, column).data(); };
        QCOMPARE(cell(0, AuditModel::Action).toString(), QStringLiteral("export"));
        QCOMPARE(cell(0, AuditModel::Reason).toString(), QStringLiteral("a\\nb\\x1b[31m"));
        QCOMPARE(cell(1, AuditModel::Time).toString(), QStringLiteral("2026-11-21 02:00:00"));
        QCOMPARE(cell(1, AuditModel::Who).toString(), QStringLiteral("jdoe@desk"));
        QCOMPARE(cell(1, AuditModel::Subject).toString(), QStringLiteral("prod-kafka"));
        QTest::keyClick(&dialog, Qt::Key_Escape);
        QVERIFY(!dialog.isVisible());
    }

    void what_is_not_there_or_cannot_be_read_is_said() {
        AuditDialog none(file("none"), m_clock);
        QTRY_VERIFY(none.verdict().startsWith(QStringLiteral("Nothing has been recorded yet")));
        QFile garbage(QString::fromStdString(file("garbage")));
        QVERIFY(garbage.open(QIODevice::WriteOnly) && garbage.write("not a trail, surely") > 0);
        garbage.close();
        AuditDialog unread(file("garbage"), m_clock);
        QTRY_VERIFY2(unread.verdict().startsWith(QStringLiteral("▲ ")),
                     qPrintable(unread.verdict()));
        QCOMPARE(unread.table()->model()->rowCount(), 0);
    }
};

QTEST_MAIN(TestAuditDialog)
#include "tst_audit_dialog.moc"
