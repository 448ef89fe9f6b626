// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: window threads
// The window as its user meets it: by mouse and keys, on a session without a broker.
#include <QLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include "app/gui/main_window.h"
#include "app/gui/status_bar.h"
#include "app/gui/top_bar.h"
#include "app/gui/welcome_page.h"
#include "tests/app/gui/window_ground.h"
#include "tests/support/file_dialog.h"
#include "widgets/common/controls.h"
#include "widgets/common/rail.h"
#include "widgets/common/state_page.h"
#include "widgets/connect/connection_dialog.h"

using namespace weir;
using namespace weir::test;

class MainWindowTest : public QObject, private WindowGround {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() { Theme::apply(ThemeChoice::Light); }
    void init() { prepare(); }
    void cleanup() { QCOMPARE(m_world->alive.load(), 0); } // no window leaves a session behind
    void without_a_workspace_it_offers_ways_to_begin();
    void a_session_comes_up_live_with_its_mark();
    void enter_presses_the_button_with_the_keyboard();
    void the_mark_names_the_environment();
    void a_slow_broker_never_stops_the_window();
    void a_start_that_was_given_up_is_ended_when_it_comes();
    void a_failure_says_what_was_tried_and_can_be_tried_again();
    void what_needs_no_connection_is_shown_without_one();
    void a_workspace_file_is_asked_about_once();
    void commands_are_named_and_run_only_after_a_yes();
    void a_connection_that_is_added_says_yes_for_itself_alone();
    void a_connection_is_made_and_saved_to_a_workspace();
    void views_are_chosen_by_mouse_and_keys();
    void only_the_view_on_screen_is_pulled_for();
    void back_and_forward_return_to_where_the_user_was();
    void an_event_is_looked_for_by_id();
    void the_status_bar_tells_a_lost_connection();
    void the_status_bar_tells_a_topic_made_again();
    void the_status_bar_tells_which_failures_were_not_decoded();
    void light_and_dark_are_switched_and_kept();
    void in_the_top_bar_nothing_is_cut();
    void layouts_are_kept_between_windows();
    void every_control_has_a_name();

  private:
    /// Fills in the dialog of a new connection, by keys; null: there is none.
    static ConnectionDialog* enter_connection(MainWindow& window) {
        if (!activated(&window))
            return nullptr;
        press(&window, "Ctrl+N");
        auto* const dialog = window.findChild<ConnectionDialog*>();
        if (dialog == nullptr || !activated(dialog))
            return nullptr;
        QTest::keyClicks(line(dialog, "Name"), QStringLiteral("mine"));
        QTest::keyClicks(line(dialog, "Address"), QStringLiteral("localhost:9092"));
        return dialog;
    }
    static QLineEdit* line(QWidget* parent, const char* name) {
        for (QLineEdit* each : parent->findChildren<QLineEdit*>())
            if (each->accessibleName() == QLatin1String(name))
                return each;
        return nullptr;
    }
    static QPushButton* button(QWidget* parent, const QString& text) {
        for (QPushButton* each : parent->findChildren<QPushButton*>())
            if (each->text() == text && each->isVisible())
                return each;
        return nullptr;
    }

    static bool click(QWidget* parent, const QString& text) {
        if (!QTest::qWaitFor([&] { return button(parent, text) != nullptr; }))
            return false;
        QTest::mouseClick(button(parent, text), Qt::LeftButton);
        return true;
    }
};

void MainWindowTest::without_a_workspace_it_offers_ways_to_begin() {
    WindowStart start;
    start.open_demo = maker(*m_world, shop(kafka::Environment::Sandbox));
    const auto window = open(std::move(start));
    QVERIFY(window);
    QCOMPARE(window->page(), window->welcomePage());
    QVERIFY(!window->rail()->isVisible()); // absent, not empty
    QVERIFY(!window->topBar()->environmentMark()->isVisible());
    QVERIFY(button(window->welcomePage(), QStringLiteral("New connection…")));
    QVERIFY(button(window->welcomePage(), QStringLiteral("Open…")));
    QVERIFY(click(window->welcomePage(), QStringLiteral("Start the demo")));
    QTRY_COMPARE(window->page(), window->currentView());
    QCOMPARE(window->topBar()->environmentMark()->text(), QStringLiteral("● SANDBOX"));
}

void MainWindowTest::a_session_comes_up_live_with_its_mark() {
    const auto window = open_live();
    QVERIFY(window);
    QVERIFY(window->rail()->isVisible());
    QCOMPARE(window->windowTitle(), QStringLiteral("Shop analytics · Weir"));
    QTRY_VERIFY(window->statusBar()->text().contains(QStringLiteral("in 48,210 ev/s")));
    const QString status = window->statusBar()->text();
    QVERIFY2(status.contains(QStringLiteral("● prod-kafka up")), qPrintable(status));
    QVERIFY2(status.contains(QStringLiteral("400 ms behind the stream")), qPrintable(status));
    QVERIFY2(status.contains(QStringLiteral("in memory 0 of 2 M")), qPrintable(status));
    QVERIFY2(status.contains(QStringLiteral("dropped 0")), qPrintable(status));
}

void MainWindowTest::enter_presses_the_button_with_the_keyboard() {
    const auto window = open({});
    QVERIFY(window);
    QVERIFY(window->welcomePage()->firstFocus()->hasFocus());
    QTest::keyClick(window->welcomePage()->firstFocus(), Qt::Key_Return);
    QVERIFY(window->findChild<ConnectionDialog*>() != nullptr);
}

void MainWindowTest::the_mark_names_the_environment() {
    const auto production = open_live(kafka::Environment::Production);
    QVERIFY(production);
    QCOMPARE(production->topBar()->environmentMark()->text(),
             QStringLiteral("▲ PRODUCTION · read-only"));
    QCOMPARE(production->topBar()->environmentMark()->tone(), Pill::Tone::Red);
    const auto staging = open_live(kafka::Environment::Staging);
    QVERIFY(staging);
    QCOMPARE(staging->topBar()->environmentMark()->text(), QStringLiteral("■ STAGING · read-only"));
    QCOMPARE(staging->topBar()->environmentMark()->tone(), Pill::Tone::Amber);
}

void MainWindowTest::a_slow_broker_never_stops_the_window() {
    m_world->gate.close();
    WindowStart start;
    start.open = maker(*m_world, shop());
    const auto window = open(std::move(start));
    QVERIFY(window);
    QTRY_COMPARE(window->host().state(), SessionHost::State::Connecting);
    QCOMPARE(window->page(), window->statePage());
    QVERIFY(window->statePage()->headline().contains(QStringLiteral("prod-kafka")));
    // While the worker waits, the window goes on: its keys work.
    press(window.get(), "Ctrl+K");
    QTRY_VERIFY(window->palette()->isVisible());
    press(window->palette()->field(), "Esc");
    QTRY_VERIFY(!window->palette()->isVisible());
    QCOMPARE(m_world->starts.load(), 0);
    m_world->gate.open();
    QTRY_COMPARE(window->page(), window->currentView());
}

void MainWindowTest::a_start_that_was_given_up_is_ended_when_it_comes() {
    m_world->gate.close();
    WindowStart start;
    start.open = maker(*m_world, shop());
    const auto window = open(std::move(start));
    QVERIFY(window);
    QTRY_COMPARE(window->host().state(), SessionHost::State::Connecting);
    QVERIFY(click(window->statePage(), QStringLiteral("Cancel")));
    QCOMPARE(window->host().state(), SessionHost::State::Failed);
    m_world->gate.open();
    QTRY_COMPARE(m_world->stops.load(), 1); // the late answer was dropped, and what it began ended
    QCOMPARE(window->host().state(), SessionHost::State::Failed);
    QVERIFY(click(window->statePage(), QStringLiteral("Try again")));
    QTRY_COMPARE(window->page(), window->currentView());
}

void MainWindowTest::a_failure_says_what_was_tried_and_can_be_tried_again() {
    const auto window = open_failed();
    QVERIFY(window);
    QCOMPARE(window->statePage()->headline(), QStringLiteral("No broker answers"));
    QCOMPARE(window->statePage()->detail(), QStringLiteral("Check the address and the network."));
    m_world->fail = false;
    QVERIFY(click(window->statePage(), QStringLiteral("Try again")));
    QTRY_COMPARE(window->page(), window->currentView());
}

void MainWindowTest::what_needs_no_connection_is_shown_without_one() {
    const auto window = open_failed();
    QVERIFY(window);
    QCOMPARE(window->page(), window->statePage());
    window->openView(QStringLiteral("latency"), {});
    QCOMPARE(window->page(), window->currentView());
    QTRY_VERIFY(view(*window, 1)->ticks > 0);
    window->openView(QStringLiteral("live"), {});
    QCOMPARE(window->page(), window->statePage());
    QVERIFY(button(window->statePage(), QStringLiteral("Try again")) != nullptr);
    // It stays where it is while the connection comes up.
    window->openView(QStringLiteral("latency"), {});
    m_world->fail = false;
    window->connectNow();
    QCOMPARE(window->page(), window->currentView());
    QTRY_COMPARE(window->host().state(), SessionHost::State::Live);
    QCOMPARE(window->page(), window->currentView());
    QCOMPARE(window->currentView()->id(), QStringLiteral("latency"));
}

void MainWindowTest::a_workspace_file_is_asked_about_once() {
    Workspace workspace = shop();
    workspace.file = m_folder->filePath(QStringLiteral("shop.weir.json")).toStdString();
    WindowStart start;
    start.open = maker(*m_world, workspace);
    {
        const auto window = open(start);
        QVERIFY(window);
        QTRY_COMPARE(window->statePage()->headline(), QStringLiteral("Connect to prod-kafka?"));
        QCOMPARE(m_world->starts.load(), 0); // opening a file opened no connection
        QVERIFY(click(window->statePage(), QStringLiteral("Connect")));
        QTRY_COMPARE(window->page(), window->currentView());
    }
    {
        const auto again = open(start);
        QVERIFY(again);
        QTRY_COMPARE(again->page(), again->currentView());
    }
    // The same file with another address is another matter.
    workspace.connections.front().bootstrap = "elsewhere:9092";
    start.open = maker(*m_world, workspace);
    const auto changed = open(start);
    QVERIFY(changed);
    QTRY_COMPARE(changed->statePage()->headline(), QStringLiteral("Connect to prod-kafka?"));
    QCOMPARE(m_world->starts.load(), 2);
}

void MainWindowTest::commands_are_named_and_run_only_after_a_yes() {
    Workspace workspace = shop();
    workspace.file = m_folder->filePath(QStringLiteral("shop.weir.json")).toStdString();
    workspace.connections.front().security.password.text = "command:pass show kafka";
    WindowStart start;
    start.open = maker(*m_world, workspace);
    const auto window = open(start);
    QVERIFY(window);
    QTRY_VERIFY(
        window->statePage()->detail().contains(QStringLiteral("It will run: pass show kafka")));
    QVERIFY(!m_world->commands_allowed);
    QVERIFY(click(window->statePage(), QStringLiteral("Connect")));
    QTRY_COMPARE(window->page(), window->currentView());
    QVERIFY(m_world->commands_allowed);
}

void MainWindowTest::a_connection_that_is_added_says_yes_for_itself_alone() {
    Workspace workspace = shop();
    workspace.file = m_folder->filePath(QStringLiteral("hostile.weir.json")).toStdString();
    workspace.connections.front().security.password.text = "command:/usr/bin/touch pwned";
    WindowStart start;
    start.open = maker(*m_world, workspace);
    const auto window = open(start);
    QVERIFY(window);
    QTRY_COMPARE(window->statePage()->headline(), QStringLiteral("Connect to prod-kafka?"));
    ConnectionDialog* dialog = enter_connection(*window);
    QVERIFY(dialog != nullptr);
    QTest::keyClick(line(dialog, "Address"), Qt::Key_Return);
    QTRY_COMPARE(window->statePage()->headline(), QStringLiteral("Connect to mine?"));
    const QString asked = window->statePage()->detail();
    QVERIFY2(asked.contains(QStringLiteral("It will run: /usr/bin/touch pwned")),
             qPrintable(asked));
    QVERIFY2(asked.contains(QStringLiteral("It also connects to prod-kafka at kafka-1:9092")),
             qPrintable(asked));
    QCOMPARE(m_world->starts.load(), 0);
    QVERIFY(!m_world->commands_allowed);
    QVERIFY(click(window->statePage(), QStringLiteral("Connect")));
    QTRY_COMPARE(window->page(), window->currentView());
    QVERIFY(m_world->commands_allowed);
    // What was said yes to is not asked about again.
    QTRY_VERIFY(window->findChild<ConnectionDialog*>() == nullptr);
    dialog = enter_connection(*window);
    QVERIFY(dialog != nullptr);
    QTest::keyClick(line(dialog, "Address"), Qt::Key_Return);
    QTRY_COMPARE(m_world->starts.load(), 4);
    QTRY_COMPARE(window->page(), window->currentView());
}

void MainWindowTest::a_connection_is_made_and_saved_to_a_workspace() {
    const auto window = open({});
    QVERIFY(window);
    ConnectionDialog* const dialog = enter_connection(*window);
    QVERIFY(dialog != nullptr);
    QVERIFY(click(dialog, QStringLiteral("Save to a workspace…")));
    QFileDialog* const files = file_dialog(window.get());
    QVERIFY(files != nullptr);
    QCOMPARE(files->findChild<QLineEdit*>()->text(), QStringLiteral("mine.weir.json"));
    const QString file = m_folder->filePath(QStringLiteral("kept.weir.json"));
    type_name(files, file);
    QTRY_COMPARE(window->page(), window->currentView());
    const Result<Workspace> kept = Workspace::load(file.toStdString());
    QVERIFY(kept.ok());
    QCOMPARE(kept->name, std::string("mine"));
    QCOMPARE(kept->connections.size(), std::size_t{1});
    QCOMPARE(kept->connections.front().bootstrap, std::string("localhost:9092"));
    QCOMPARE(kept->watch.front().topic_patterns, (std::vector<std::string>{"[^_].*"}));
    QVERIFY(m_settings->mayConnect(*kept)); // the user has just entered it
    QVERIFY(m_settings->recentWorkspaces().contains(file));
}

void MainWindowTest::views_are_chosen_by_mouse_and_keys() {
    const auto window = open_live();
    QVERIFY(window);
    press(window.get(), "Ctrl+2");
    QTRY_COMPARE(window->page(), window->views()[1]);
    QVERIFY(window->rail()->button(1)->isChecked());
    QTest::mouseClick(window->rail()->button(0), Qt::LeftButton);
    QCOMPARE(window->page(), window->views()[0]);
    window->rail()->button(0)->setFocus();
    QTest::keyClick(window->rail()->button(0), Qt::Key_Down);
    QVERIFY(window->rail()->button(1)->hasFocus());
    QTest::keyClick(window->rail()->button(1), Qt::Key_Space);
    QCOMPARE(window->page(), window->views()[1]);
    view(*window, 0)->shown_badge = {ViewBadge::Kind::Alarm, 3,
                                     QStringLiteral("Three reasons are new")};
    QTRY_COMPARE(window->rail()->button(0)->badge().count, 3);
    QCOMPARE(window->rail()->button(0)->accessibleDescription(),
             QStringLiteral("Three reasons are new"));
}

void MainWindowTest::only_the_view_on_screen_is_pulled_for() {
    const auto window = open_live();
    QVERIFY(window);
    QTRY_VERIFY(view(*window, 0)->chart_ticks >= 3);
    QVERIFY(view(*window, 0)->ticks >= view(*window, 0)->chart_ticks);
    QCOMPARE(view(*window, 1)->ticks, 0);
}

void MainWindowTest::back_and_forward_return_to_where_the_user_was() {
    const auto window = open_live();
    QVERIFY(window);
    view(*window, 0)->walk_to(10);
    view(*window, 0)->walk_to(20);
    window->context().setFilter(QStringLiteral("type == \"purchase\""));
    press(window.get(), "Ctrl+2");
    QTRY_COMPARE(window->page(), window->views()[1]);
    press(window.get(), "Alt+Left");
    QTRY_COMPARE(window->page(), window->views()[0]);
    QCOMPARE(view(*window, 0)->row, 20);
    QCOMPARE(window->context().filter(), QStringLiteral("type == \"purchase\""));
    press(window.get(), "Alt+Left");
    QTRY_VERIFY(window->context().filter().isEmpty());
    press(window.get(), "Alt+Left");
    QTRY_COMPARE(view(*window, 0)->row, 10);
    press(window.get(), "Alt+Right");
    QTRY_COMPARE(view(*window, 0)->row, 20);
    view(*window, 0)->walk_to(30); // a new way: what lay ahead is forgotten
    press(window.get(), "Alt+Right");
    QCOMPARE(window->page(), window->views()[0]);
    QCOMPARE(view(*window, 0)->row, 30);
}

void MainWindowTest::an_event_is_looked_for_by_id() {
    const auto window = open_live();
    QVERIFY(window);
    press(window.get(), "Ctrl+2");
    press(window.get(), "Ctrl+F");
    QTest::keyClicks(window->topBar()->findField(), QStringLiteral("  7F3C2A10-aaaa "));
    QTest::keyClick(window->topBar()->findField(), Qt::Key_Return);
    QCOMPARE(view(*window, 0)->looked_for, QStringLiteral("7F3C2A10-aaaa"));
    QCOMPARE(window->page(), window->views()[0]);
}

void MainWindowTest::the_status_bar_tells_a_topic_made_again() {
    const PartitionEvent again{"raw_events", PartitionId(0), PartitionNote::Recreated, {}, {}, {}};
    m_world->notes = {{again, Micros::now()}};
    const auto window = open_live();
    QVERIFY(window);
    QTRY_VERIFY(window->statusBar()->text().contains(QStringLiteral("▲ raw_events made again ")));
}

void MainWindowTest::the_status_bar_tells_a_lost_connection() {
    const auto window = open_live();
    QVERIFY(window);
    auto* session = static_cast<const FakeSession*>(window->host().session());
    const Micros now = Micros::now();
    session->fake_cluster()->set_health(
        {kafka::Health::State::Up, now, now - Micros(12'300'000), {}});
    QTRY_VERIFY(window->statusBar()->text().contains(QStringLiteral("◐ prod-kafka stale 12 s")));
    session->fake_cluster()->set_health(
        {kafka::Health::State::Down, now - Micros(89'700'000), {}, "refused"});
    QTRY_VERIFY(window->statusBar()->text().contains(
        QStringLiteral("▲ prod-kafka down, stale 1 min 30 s")));
}

void MainWindowTest::the_status_bar_tells_which_failures_were_not_decoded() {
    m_world->undecodable = 5;
    m_world->cut_events = 465;
    const auto window = open_live();
    QVERIFY(window);
    const auto says = [&](const char* text) {
        return window->statusBar()->text().contains(QString::fromUtf8(text));
    };
    QTRY_VERIFY(says("not decoded 5 of 5 failures") && says("▲ 465 events not read"));
}

void MainWindowTest::light_and_dark_are_switched_and_kept() {
    const auto window = open_live();
    QVERIFY(window);
    const QColor light = window->grab().toImage().pixelColor(300, 3);
    press(window.get(), "Ctrl+Shift+L");
    QTRY_VERIFY(Theme::is_dark());
    QVERIFY(window->grab().toImage().pixelColor(300, 3) != light);
    QCOMPARE(m_settings->theme(), ThemeChoice::Dark);
    press(window.get(), "Ctrl+Shift+L");
    QTRY_VERIFY(!Theme::is_dark());
}

void MainWindowTest::in_the_top_bar_nothing_is_cut() {
    m_world->unmasked = true;
    const auto window = open_live();
    QVERIFY(window);
    const TopBar* bar = window->topBar();
    window->context().setClock(ZoneClock::from_id(QStringLiteral("Asia/Kolkata")));
    window->context().setTimeRange(
        TimeRange::absolute(1'734'912'345'678'000, 1'767'166'509'876'000)); // 2024 to 2025
    for (const QSize size : {QSize(1024, 700), QSize(1440, 900)}) {
        window->resize(size);
        QTRY_COMPARE(window->size(), size);
        QVERIFY(bar->layout()->minimumSize().width() <= bar->width());
        const QLineEdit* find = bar->findField();
        QVERIFY(find->fontMetrics().horizontalAdvance(find->placeholderText()) <
                find->contentsRect().width() - 12);
        QVERIFY(bar->environmentMark()->geometry().right() < bar->width());
    }
}

void MainWindowTest::layouts_are_kept_between_windows() {
    {
        const auto window = open_live();
        QVERIFY(window);
        view(*window, 0)->columns = 11;
        window->context().setClock(ZoneClock::from_id(QStringLiteral("Asia/Kolkata")));
        window->resize(1100, 720);
        window->close();
    }
    const auto window = open_live();
    QVERIFY(window);
    QCOMPARE(view(*window, 0)->columns, 11);
    QCOMPARE(window->context().clock().id(), QStringLiteral("Asia/Kolkata"));
}

void MainWindowTest::every_control_has_a_name() {
    const auto window = open_live();
    QVERIFY(window);
    press(window.get(), "Ctrl+K");
    for (const QWidget* each : window->findChildren<QWidget*>()) {
        if (each->focusPolicy() == Qt::NoFocus || dynamic_cast<const FakeView*>(each) != nullptr)
            continue;
        if (qobject_cast<const QLabel*>(each) != nullptr)
            continue; // its text is its name
        const auto* labelled = qobject_cast<const QAbstractButton*>(each);
        const bool named = !each->accessibleName().isEmpty() ||
                           (labelled != nullptr && !labelled->text().isEmpty());
        QVERIFY2(
            named,
            qPrintable(QStringLiteral("%1 in %2")
                           .arg(QLatin1String(each->metaObject()->className()),
                                QLatin1String(each->parentWidget()->metaObject()->className()))));
    }
}

QTEST_MAIN(MainWindowTest)
#include "tst_main_window.moc"
