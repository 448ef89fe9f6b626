// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker window
//
// The window while its broker is killed, and after it has come back.
#include <QTemporaryDir>
#include <QtTest>

#include "app/gui/main_window.h"
#include "app/gui/status_bar.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/kafka_tool.h"
#include "tests/support/verify.h"
#include "widgets/live/live_table.h"
#include "widgets/live/live_view.h"

using namespace weir;
using namespace weir::test;
using namespace std::chrono_literals;

namespace {

std::vector<TestRecord> events(int count) {
    std::vector<TestRecord> records;
    for (int i = 0; i < count; ++i)
        records.push_back({.value = R"({"event_type":"page_view"})", .partition = i % 3});
    return records;
}

} // namespace

class WindowOutageTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void what_is_stale_says_since_when_and_heals_by_itself();

  private:
    void picture(const MainWindow& window, const char* name) {
        if (const QString folder = qEnvironmentVariable("WEIR_SHOTS"); !folder.isEmpty())
            const_cast<MainWindow&>(window).grab().save(folder % u'/' % QLatin1String(name));
    }
    QTemporaryDir m_folder;
};

void WindowOutageTest::what_is_stale_says_since_when_and_heals_by_itself() {
    Theme::apply(ThemeChoice::Light);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
    qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
    auto broker = KafkaBroker::start();
    VERIFY_OK(broker);
    KafkaTool tool(**broker);
    VERIFY_OK(tool.create_topic("raw_events", 3));
    VERIFY_OK(tool.write("raw_events", events(30)));
    Workspace workspace;
    workspace.name = "Outage";
    workspace.connections = {(*broker)->connection()};
    workspace.watch = {{"test-kafka", {"raw_events"}, {}}};
    WindowStart start;
    start.open = [workspace] { return Session::open(workspace); };
    start.start.kind = kafka::StartAt::Kind::Beginning;
    complete(start);
    UserSettings settings(m_folder.filePath(QStringLiteral("w.ini")));
    MainWindow window(std::move(start), settings);
    window.resize(1440, 900);
    window.show();
    QTRY_VERIFY_WITH_TIMEOUT(
        window.currentView() != nullptr && window.page() == window.currentView(), 30'000);
    LiveView& live = *static_cast<LiveView*>(window.currentView());
    QTRY_COMPARE_WITH_TIMEOUT(live.table()->rowCount(), 30u, 30'000);
    const auto status = [&] { return window.statusBar()->text(); };
    QTRY_VERIFY_WITH_TIMEOUT(status().contains(QStringLiteral("at the end of the stream")), 30'000);

    (*broker)->kill();
    QTRY_VERIFY_WITH_TIMEOUT(live.statusText().contains(QStringLiteral("▲ stale since ")), 60'000);
    QTRY_VERIFY_WITH_TIMEOUT(status().contains(QStringLiteral("▲ test-kafka down, stale ")),
                             60'000);
    // Nobody can say now which partitions are to blame, nor where the stream ends.
    QVERIFY2(!live.statusText().contains(QStringLiteral("partitions are not read")),
             qPrintable(live.statusText()));
    QVERIFY2(!status().contains(QStringLiteral("not read")), qPrintable(status()));
    QVERIFY2(!status().contains(QStringLiteral("at the end of the stream")), qPrintable(status()));
    QCOMPARE(live.table()->rowCount(), 30u); // what came stays
    picture(window, "outage.png");

    VERIFY_OK((*broker)->restart());
    VERIFY_OK(tool.write("raw_events", events(12)));
    QTRY_COMPARE_WITH_TIMEOUT(live.table()->rowCount(), 42u, 60'000); // nothing twice
    QTRY_VERIFY_WITH_TIMEOUT(!live.statusText().contains(QStringLiteral("stale")), 60'000);
    QTRY_VERIFY_WITH_TIMEOUT(status().contains(QStringLiteral("● test-kafka up")), 60'000);
    picture(window, "healed.png");
}

QTEST_MAIN(WindowOutageTest)
#include "tst_window_outage.moc"
