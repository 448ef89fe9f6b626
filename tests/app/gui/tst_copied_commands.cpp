// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker window
//
// A command line copied from a window that had to log in fetches the same event in a shell.
#include <QClipboard>
#include <QGuiApplication>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

#include "app/gui/main_window.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/kafka_tool.h"
#include "tests/support/verify.h"
#include "tests/support/weir_command.h"
#include "widgets/live/live_table.h"
#include "widgets/live/live_view.h"

using namespace weir;
using namespace weir::test;

class CopiedCommandsTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() {
        Theme::apply(ThemeChoice::Light);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
        KafkaTool tool(m_broker);
        VERIFY_OK(tool.create_topic(m_topic, 1));
        VERIFY_OK(tool.write(m_topic, {{.value = m_value}}));
    }

    void they_fetch_the_event_data() {
        QTest::addColumn<bool>("saved");
        QTest::newRow("of a workspace file") << true;
        QTest::newRow("of a connection that is kept nowhere") << false;
    }
    void they_fetch_the_event() {
        QFETCH(bool, saved);
        Workspace workspace;
        workspace.name = "Secured";
        workspace.connections = {m_broker.connection(Listener::SaslSsl)};
        workspace.masking.policy = MaskingPolicy::None;
        workspace.watch = {{"test-kafka", {m_topic}, {}}};
        if (saved) {
            workspace.file = m_folder.filePath(QStringLiteral("it's.weir.json")).toStdString();
            VERIFY_OK(workspace.save(workspace.file));
        }
        WindowStart start;
        start.open = [workspace] { return Session::open(workspace); };
        start.start.kind = kafka::StartAt::Kind::Beginning;
        complete(start);
        UserSettings settings(m_folder.filePath(QStringLiteral("w.ini")));
        settings.setMayConnect(workspace);
        MainWindow window(std::move(start), settings);
        window.show();
        QTRY_VERIFY_WITH_TIMEOUT(
            window.currentView() != nullptr && window.page() == window.currentView(), 30'000);
        LiveView& live = *static_cast<LiveView*>(window.currentView());
        QTRY_COMPARE_WITH_TIMEOUT(live.table()->rowCount(), 1u, 30'000);
        live.table()->goToRow(0);
        live.copy(QStringLiteral("weir"));
        const QString weir = QGuiApplication::clipboard()->text();
        QCOMPARE(weir.contains(QStringLiteral("--workspace ")), saved);
        QVERIFY2(shell_says(weir).contains("Zoë"), qPrintable(weir));
        live.copy(QStringLiteral("kcat"));
        const QString kcat = QGuiApplication::clipboard()->text();
        QVERIFY2(kcat.contains(QStringLiteral("-X security.protocol=sasl_ssl")), qPrintable(kcat));
        for (const QString& command : {weir, kcat})
            QVERIFY2(!command.contains(QStringLiteral("admin-secret")), qPrintable(command));
        if (QStandardPaths::findExecutable(QStringLiteral("kcat")).isEmpty())
            QSKIP("kcat is not installed");
        QCOMPARE(shell_says(kcat).trimmed().toStdString(), m_value);
    }

  private:
    KafkaBroker& m_broker = KafkaBroker::shared();
    const std::string m_topic = unique_name("copied");
    const std::string m_value = R"({"who":"Zoë"})";
    QTemporaryDir m_folder;
};

QTEST_MAIN(CopiedCommandsTest)
#include "tst_copied_commands.moc"
