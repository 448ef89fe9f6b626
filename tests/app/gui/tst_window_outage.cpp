// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: broker window
//
// The window while its broker is killed, and after it has come back; and once one of its topics is
// gone.
#include <QTemporaryDir>
#include <QtTest>

#include "app/gui/main_window.h"
#include "app/gui/status_bar.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/kafka_tool.h"
#include "tests/support/verify.h"
#include "widgets/live/filter_bar.h"
#include "widgets/live/live_table.h"
#include "widgets/live/live_view.h"
#include "widgets/live/search_popup.h"

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
    void initTestCase();
    void what_is_stale_says_since_when_and_heals_by_itself();
    void a_deleted_topic_keeps_no_search_from_the_others();

  private:
    std::unique_ptr<MainWindow> open(const KafkaBroker& broker, std::vector<std::string> topics);
    void picture(const MainWindow& window, const char* name) {
        if (const QString folder = qEnvironmentVariable("WEIR_SHOTS"); !folder.isEmpty())
            const_cast<MainWindow&>(window).grab().save(folder % u'/' % QLatin1String(name));
    }
    QTemporaryDir m_folder;
    std::unique_ptr<UserSettings> m_settings;
};

void WindowOutageTest::initTestCase() {
    Theme::apply(ThemeChoice::Light);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
    qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
    m_settings = std::make_unique<UserSettings>(m_folder.filePath(QStringLiteral("w.ini")));
}

/// A window that reads these topics from their beginnings.
std::unique_ptr<MainWindow> WindowOutageTest::open(const KafkaBroker& broker,
                                                   std::vector<std::string> topics) {
    Workspace workspace;
    workspace.name = "Outage";
    workspace.connections = {broker.connection()};
    workspace.watch = {{"test-kafka", std::move(topics), {}}};
    WindowStart start;
    start.open = [workspace] { return Session::open(workspace); };
    start.start.kind = kafka::StartAt::Kind::Beginning;
    complete(start);
    auto window = std::make_unique<MainWindow>(std::move(start), *m_settings);
    window->resize(1440, 900);
    window->show();
    return window;
}

void WindowOutageTest::what_is_stale_says_since_when_and_heals_by_itself() {
    auto broker = KafkaBroker::start();
    VERIFY_OK(broker);
    KafkaTool tool(**broker);
    VERIFY_OK(tool.create_topic("raw_events", 3));
    VERIFY_OK(tool.write("raw_events", events(30)));
    const auto opened = open(**broker, {"raw_events"});
    MainWindow& window = *opened;
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

void WindowOutageTest::a_deleted_topic_keeps_no_search_from_the_others() {
    const KafkaBroker& broker = KafkaBroker::shared();
    KafkaTool tool(broker);
    const std::string stays = unique_name("stays");
    const std::string goes = unique_name("goes");
    for (const std::string& topic : {stays, goes}) {
        VERIFY_OK(tool.create_topic(topic, 3));
        VERIFY_OK(tool.write(topic, events(30)));
    }
    const auto window = open(broker, {stays, goes});
    QTRY_VERIFY_WITH_TIMEOUT(
        window->currentView() != nullptr && window->page() == window->currentView(), 30'000);
    LiveView& live = *static_cast<LiveView*>(window->currentView());
    QTRY_COMPARE_WITH_TIMEOUT(live.table()->rowCount(), 60u, 30'000);
    VERIFY_OK(tool.delete_topic(goes));
    QTRY_VERIFY_WITH_TIMEOUT(
        window->statusBar()->text().contains(QStringLiteral("▲ 3 partitions not read")), 60'000);
    live.filterBar()->apply(QStringLiteral("type == \"page_view\""));
    QTest::mouseClick(live.filterBar()->searchButton(), Qt::LeftButton);
    QTRY_VERIFY2_WITH_TIMEOUT(
        live.searchPopup()->planText().startsWith(QStringLiteral("Reads at most 30 records")),
        qPrintable(live.searchPopup()->planText()), 30'000);
    QTest::keyClick(live.searchPopup(), Qt::Key_Return);
    QTRY_VERIFY2_WITH_TIMEOUT(live.statusText().contains(QStringLiteral("complete: 30 records")),
                              qPrintable(live.statusText()), 30'000);
    QVERIFY(!live.statusText().contains(QStringLiteral("NOT complete")));
    QVERIFY2(live.statusText().contains(QStringLiteral("deleted meanwhile and not searched: ") +
                                        QString::fromStdString(goes)),
             qPrintable(live.statusText()));
}

QTEST_MAIN(WindowOutageTest)
#include "tst_window_outage.moc"
