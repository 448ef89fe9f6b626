// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: window threads
//
// The palette of commands, views, topics and filters, by keys.
#include <QAbstractItemModelTester>
#include <QLineEdit>
#include <QListView>

#include "app/gui/top_bar.h"
#include "tests/app/gui/window_ground.h"
#include "widgets/common/controls.h"

using namespace weir;
using namespace weir::test;

class CommandPaletteTest : public QObject, private WindowGround {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() { Theme::apply(ThemeChoice::Light); }
    void init() { prepare(); }
    void cleanup() { QCOMPARE(m_world->alive.load(), 0); }
    void the_palette_finds_by_letters_and_runs_by_enter();
    void a_topic_that_is_not_watched_yet_is_watched_from_the_palette();
    void the_palette_leaves_nothing_out();
    void the_palette_gives_the_keyboard_back();
    void a_palette_that_finds_nothing_says_so();
};

void CommandPaletteTest::the_palette_finds_by_letters_and_runs_by_enter() {
    const auto window = open_live();
    QVERIFY(window);
    press(window.get(), "Ctrl+K");
    QTRY_VERIFY(window->palette()->isVisible());
    QTest::keyClicks(window->palette()->field(), QStringLiteral("ltncy"));
    QCOMPARE(window->palette()->shownTitles().value(0), QStringLiteral("Latency"));
    QTest::keyClick(window->palette()->field(), Qt::Key_Return);
    QTRY_COMPARE(window->page(), window->views()[1]);
    press(window.get(), "Ctrl+K");
    QTRY_VERIFY(window->palette()->isVisible());
    QTest::keyClicks(window->palette()->field(), QStringLiteral("topic raw"));
    QCOMPARE(window->palette()->shownTitles().value(0), QStringLiteral("raw_events"));
    QTest::keyClick(window->palette()->field(), Qt::Key_Return);
    QCOMPARE(view(*window, 0)->topics_opened + view(*window, 1)->topics_opened, 1);
    press(window.get(), "Ctrl+K");
    QTest::keyClicks(window->palette()->field(), QStringLiteral("last 15"));
    QTest::keyClick(window->palette()->field(), Qt::Key_Return);
    QCOMPARE(window->context().timeRange(), TimeRange::last(900'000'000));
}

void CommandPaletteTest::a_topic_that_is_not_watched_yet_is_watched_from_the_palette() {
    WindowStart start;
    start.open = maker(*m_world, shop());
    start.list_topics = [](const std::shared_ptr<kafka::Cluster>&) {
        return std::vector<std::string>{"empty1", "raw_events"};
    };
    const auto window = open(std::move(start));
    QVERIFY(window);
    QTRY_COMPARE(window->page(), window->currentView());
    press(window.get(), "Ctrl+K");
    QTest::keyClicks(window->palette()->field(), QStringLiteral("watch topic"));
    QTRY_COMPARE(window->palette()->shownTitles(),
                 QStringList{QStringLiteral("Watch topic empty1")});
    QTest::keyClick(window->palette()->field(), Qt::Key_Return);
    QTRY_COMPARE(m_world->starts.load(), 2);
    QTRY_COMPARE(window->page(), window->currentView());
    QCOMPARE(window->host().workspace()->watch.front().topics,
             (std::vector<std::string>{"raw_events", "empty1"}));
}

void CommandPaletteTest::the_palette_leaves_nothing_out() {
    WindowStart start;
    start.open = maker(*m_world, shop());
    start.list_topics = [](const std::shared_ptr<kafka::Cluster>&) {
        std::vector<std::string> topics;
        for (int i = 0; i < 1'500; ++i)
            topics.push_back("topic-" + std::to_string(i));
        return topics;
    };
    const auto window = open(std::move(start));
    QVERIFY(window);
    QTRY_COMPARE(window->page(), window->currentView());
    press(window.get(), "Ctrl+K");
    QTest::keyClicks(window->palette()->field(), QStringLiteral("watch topic topic"));
    QTRY_COMPARE(window->palette()->shownTitles().size(), qsizetype{1'500});
}

void CommandPaletteTest::the_palette_gives_the_keyboard_back() {
    const auto window = open_live();
    QVERIFY(window);
    QLineEdit* find = window->topBar()->findField();
    press(window.get(), "Ctrl+F");
    QTRY_VERIFY(find->hasFocus());
    QTest::keyClicks(find, QStringLiteral("7f3c"));
    find->home(false);
    press(find, "Ctrl+K"); // which a text field would take for "delete to the end of the line"
    QTRY_VERIFY(window->palette()->field()->hasFocus());
    QCOMPARE(find->text(), QStringLiteral("7f3c"));
    QTest::keyClick(window->palette()->field(), Qt::Key_Escape);
    QVERIFY(!window->palette()->isVisible());
    QVERIFY(find->hasFocus());
}

void CommandPaletteTest::a_palette_that_finds_nothing_says_so() {
    const auto window = open_live();
    QVERIFY(window);
    auto* const list = window->palette()->findChild<QListView*>();
    const QAbstractItemModelTester tester(list->model());
    press(window.get(), "Ctrl+K");
    QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("xqz"));
    QVERIFY(window->palette()->shownTitles().isEmpty());
    const auto labels = window->palette()->findChildren<TextLabel*>();
    QVERIFY(std::any_of(labels.begin(), labels.end(), [](const TextLabel* label) {
        return label->isVisible() && label->text().startsWith(QStringLiteral("No command"));
    }));
    QTest::keySequence(QApplication::focusWidget(), QKeySequence(Qt::CTRL | Qt::Key_A));
    QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("theme"));
    QVERIFY(list->isVisible());
}

QTEST_MAIN(CommandPaletteTest)
#include "tst_command_palette.moc"
