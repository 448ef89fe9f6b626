// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: window
//
// A workspace that watches several connections: all are observed at once, told apart in the table
// and in the status bar, and searched as one.
#include <QClipboard>
#include <QDoubleSpinBox>
#include <QGuiApplication>
#include <QTemporaryDir>
#include <QToolButton>
#include <QtTest>

#include "app/gui/live_session_source.h"
#include "app/gui/main_window.h"
#include "app/gui/status_bar.h"
#include "app/gui/top_bar.h"
#include "connectors/kafka/sandbox/embedded.h"
#include "connectors/kafka/sandbox/producer.h"
#include "tests/app/gui/fake_session.h"
#include "widgets/common/controls.h"
#include "widgets/live/filter_bar.h"
#include "widgets/live/live_table.h"
#include "widgets/live/live_view.h"

using namespace weir;
using namespace weir::test;
using namespace std::chrono_literals;

namespace {

Workspace two_shops() {
    Workspace workspace = shop(kafka::Environment::Sandbox);
    kafka::ConnectionOptions other = workspace.connections.front();
    other.name = "eu-kafka";
    other.bootstrap = "kafka-eu:9092";
    other.environment = kafka::Environment::Production;
    workspace.connections.push_back(other);
    workspace.watch.push_back({"eu-kafka", {"raw_events"}, {}});
    return workspace;
}

void fill(const kafka::EmbeddedCluster& broker, int count) {
    const auto ticket = kafka::prove_sandbox(broker.connection(), {}, 10s);
    QVERIFY(ticket.ok());
    auto producer = kafka::Producer::open(*ticket, {}, 10s);
    QVERIFY(producer.ok());
    for (int i = 0; i < count; ++i) {
        const std::string value = R"({"event_type":"page_view","n":)" + std::to_string(i) + "}";
        kafka::OutRecord record;
        record.topic = "raw_events";
        record.value = value;
        QVERIFY((*producer)->send(record).ok());
    }
    QVERIFY((*producer)->flush(20s).ok());
}

} // namespace

class ManyConnectionsTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() {
        Theme::apply(ThemeChoice::Light);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
        qputenv("WEIR_OBSERVED_IDS", m_folder.filePath(QStringLiteral("ids.json")).toUtf8());
    }
    void init() {
        m_settings = std::make_unique<UserSettings>(m_folder.filePath(QStringLiteral("w.ini")));
    }
    void all_that_the_workspace_watches_is_observed();
    void one_that_does_not_answer_keeps_none_from_being_seen();
    void the_end_of_the_stream_is_reached_by_all_or_not();
    void what_is_shown_unmasked_is_marked();
    void the_read_limit_is_shown_and_changed_while_it_reads();
    void the_page_that_asks_is_answered_by_enter();
    void rows_of_all_stand_in_one_table_and_are_searched_as_one();

  private:
    std::unique_ptr<MainWindow> open(SessionMaker session, const std::vector<ViewEntry>& views) {
        WindowStart start;
        start.open = std::move(session);
        start.start = {kafka::StartAt::Kind::Beginning, 0, {}, {}};
        complete(start);
        auto window = std::make_unique<MainWindow>(std::move(start), *m_settings, views);
        window->resize(1440, 900);
        window->show();
        return window;
    }

    QTemporaryDir m_folder;
    std::unique_ptr<UserSettings> m_settings;
};

void ManyConnectionsTest::all_that_the_workspace_watches_is_observed() {
    World world;
    const auto window = open(maker(world, two_shops()), fake_views());
    const auto status = [&] { return window->statusBar()->text(); };
    QTRY_VERIFY(status().contains(QStringLiteral("● prod-kafka up")));
    QTRY_VERIFY(status().contains(QStringLiteral("● eu-kafka up")));
    QTRY_VERIFY(status().contains(QStringLiteral("in 96,420 ev/s"))); // of both
    QCOMPARE(world.starts.load(), 2);
    // The one that asks for most care gives the mark.
    QCOMPARE(window->topBar()->environmentMark()->text(),
             QStringLiteral("▲ PRODUCTION · read-only"));
    const auto* session = static_cast<const FakeSession*>(window->host().session());
    session->fake_cluster("eu-kafka")
        ->set_health({kafka::Health::State::Down, Micros::now() - Micros(42'300'000), {}, "gone"});
    QTRY_VERIFY(status().contains(QStringLiteral("▲ eu-kafka down, stale 42 s")));
    QVERIFY(status().contains(QStringLiteral("● prod-kafka up")));
}

void ManyConnectionsTest::one_that_does_not_answer_keeps_none_from_being_seen() {
    World world;
    world.unreachable = "prod-kafka";
    const auto window = open(maker(world, two_shops()), fake_views());
    const auto status = [&] { return window->statusBar()->text(); };
    QTRY_VERIFY(status().contains(QStringLiteral("● eu-kafka up")));
    QTRY_VERIFY(status().contains(QStringLiteral("▲ prod-kafka not connected")));
    QCOMPARE(window->page(), static_cast<QWidget*>(window->currentView()));
    QCOMPARE(LiveSessionSource(window->host()).status().partial,
             QStringLiteral("prod-kafka: not connected: No broker answers"));
    // It is tried again by itself; what runs goes on meanwhile.
    world.unreachable.clear();
    window->host().retryFailed();
    QTRY_VERIFY(status().contains(QStringLiteral("● prod-kafka up")));
    QCOMPARE(world.starts.load(), 2);
    QCOMPARE(world.stops.load(), 0);
}

void ManyConnectionsTest::the_end_of_the_stream_is_reached_by_all_or_not() {
    for (const char* unread : {"", "prod-kafka", "eu-kafka"}) {
        World world;
        world.behind_us = 0;
        world.unread = unread;
        const auto window = open(maker(world, two_shops()), fake_views());
        const auto status = [&] { return window->statusBar()->text(); };
        QTRY_VERIFY(status().contains(QStringLiteral("in 96,420 ev/s")));
        QCOMPARE(status().contains(QStringLiteral("at the end of the stream")), *unread == 0);
    }
}

void ManyConnectionsTest::what_is_shown_unmasked_is_marked() {
    World world;
    world.unmasked = true;
    const auto production = open(maker(world, shop()), fake_views());
    QTRY_VERIFY(production->topBar()->unmaskedMark()->isVisible());
    QCOMPARE(production->topBar()->unmaskedMark()->text(), QStringLiteral("◉ UNMASKED"));
    // Both marks are whole in the smallest window that is asked for.
    production->resize(1024, 700);
    const TopBar* const bar = production->topBar();
    QTRY_COMPARE(bar->width(), 1024);
    for (const Pill* mark : {bar->unmaskedMark(), bar->environmentMark()}) {
        QTRY_VERIFY(mark->width() >= mark->sizeHint().width());
        QVERIFY(mark->geometry().right() < bar->width());
    }
    QVERIFY(!bar->unmaskedMark()->geometry().intersects(bar->environmentMark()->geometry()));
    // A sandbox holds no real person's data.
    const auto sandbox = open(maker(world, shop(kafka::Environment::Sandbox)), fake_views());
    QTRY_VERIFY(sandbox->topBar()->environmentMark()->isVisible());
    QVERIFY(!sandbox->topBar()->unmaskedMark()->isVisible());
}

void ManyConnectionsTest::the_read_limit_is_shown_and_changed_while_it_reads() {
    World world;
    Workspace workspace = two_shops();
    workspace.connections[1].read_budget_mb_s = 20;
    const auto window = open(maker(world, workspace), fake_views());
    QTRY_VERIFY(window->statusBar()->text().contains(QStringLiteral("read limit 20 MB/s")));
    QTest::mouseClick(window->statusBar()->limitButton(), Qt::LeftButton);
    QDoubleSpinBox* limit = nullptr;
    for (QDoubleSpinBox* each : window->findChildren<QDoubleSpinBox*>())
        if (each->accessibleName() == QStringLiteral("Read limit of prod-kafka"))
            limit = each;
    QVERIFY(limit != nullptr && limit->isVisible());
    QCOMPARE(limit->text(), QStringLiteral("no limit"));
    limit->selectAll();
    QTest::keyClicks(limit, QStringLiteral("7.5"));
    QTest::keyClick(limit, Qt::Key_Return);
    QCOMPARE(window->host().watched("prod-kafka")->cluster->budget().rate_mb_s(), 7.5);
    QCOMPARE(window->host().watched("eu-kafka")->cluster->budget().rate_mb_s(), 20.0);
    QTRY_VERIFY(window->statusBar()->text().contains(QStringLiteral("read limit 7.5 MB/s")));
}

void ManyConnectionsTest::the_page_that_asks_is_answered_by_enter() {
    World world;
    world.unreachable = "prod-kafka";
    const auto window = open(maker(world, shop()), fake_views());
    window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(window.get()));
    QTRY_COMPARE(window->host().state(), SessionHost::State::Failed);
    world.unreachable.clear();
    QTRY_VERIFY(window->focusWidget() != nullptr);
    QTest::keyClick(window->focusWidget(), Qt::Key_Return); // "Try again"
    QTRY_COMPARE(window->host().state(), SessionHost::State::Live);
}

void ManyConnectionsTest::rows_of_all_stand_in_one_table_and_are_searched_as_one() {
    auto first = kafka::EmbeddedCluster::start({{"raw_events", 2}});
    auto second = kafka::EmbeddedCluster::start({{"raw_events", 1}});
    QVERIFY(first.ok() && second.ok());
    fill(**first, 30);
    fill(**second, 12);
    Workspace workspace;
    workspace.name = "Two";
    workspace.connections = {(*first)->connection("one"), (*second)->connection("two")};
    workspace.watch = {{"one", {"raw_events"}, {}}, {"two", {"raw_events"}, {}}};
    const auto window = open([workspace] { return Session::open(workspace); }, view_entries());
    QTRY_VERIFY_WITH_TIMEOUT(
        window->currentView() != nullptr && window->page() == window->currentView(), 20'000);
    LiveView& live = *static_cast<LiveView*>(window->currentView());
    QTRY_COMPARE_WITH_TIMEOUT(live.table()->rowCount(), 42u, 20'000);
    const ColumnSpec connection{ColumnSpec::Kind::Connection, {}};
    QVERIFY(live.table()->visibleColumns()[1] == connection);
    std::map<QString, int> rows;
    std::map<QString, std::uint64_t> row_of;
    for (std::uint64_t row = 0; row < live.table()->rowCount(); ++row) {
        const QString name = live.table()->cellText(row, connection);
        ++rows[name];
        row_of[name] = row;
    }
    QCOMPARE(rows[QStringLiteral("one")], 30);
    QCOMPARE(rows[QStringLiteral("two")], 12);
    // A command line that is copied goes where its row came from.
    live.table()->goToRow(row_of[QStringLiteral("two")]);
    live.copy(QStringLiteral("kcat"));
    QVERIFY2(QGuiApplication::clipboard()->text().contains(
                 QString::fromStdString((*second)->bootstrap())),
             qPrintable(QGuiApplication::clipboard()->text()));
    live.filterBar()->apply(QStringLiteral("n < 5"));
    live.startSearch();
    QTRY_VERIFY2_WITH_TIMEOUT(live.statusText().contains(QStringLiteral("one: complete")) &&
                                  live.statusText().contains(QStringLiteral("two: complete")),
                              qPrintable(live.statusText()), 30'000);
    QTRY_COMPARE(live.table()->rowCount(), 10u);
}

QTEST_MAIN(ManyConnectionsTest)
#include "tst_many_connections.moc"
