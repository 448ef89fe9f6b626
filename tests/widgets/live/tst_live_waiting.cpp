// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: window
//
// A Live view with nothing to show says why, and what can be done; and the keyboard stays where the
// next step is.
#include <QtTest>

#include "tests/widgets/live/live_story.h"
#include "widgets/common/state_page.h"
#include "widgets/live/filter_bar.h"
#include "widgets/live/search_popup.h"

using namespace weir;
using namespace weir::test;

class TestLiveWaiting : public QObject {
    Q_OBJECT

    static StatePage& page(const Window& w) { return *w.view->findChild<StatePage*>(); }

  private Q_SLOTS:
    void initTestCase() {
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_settings.path());
        Theme::apply(ThemeChoice::Light);
    }

    void a_quiet_topic_says_what_stands_before_it_and_reads_that() {
        Window w(0);
        w.source->now.caught_up = true;
        w.source->now.before = 41'999;
        w.source->now.existing = 41'999;
        QTRY_COMPARE(page(w).headline(), QStringLiteral("No new events yet"));
        QVERIFY2(page(w).detail().contains(QStringLiteral("about 41,999 records stand before it")),
                 qPrintable(page(w).detail()));
        QTest::mouseClick(button_named(w, "Read the last 1,000 of each partition"), Qt::LeftButton);
        QVERIFY(w.source->read_from.has_value());
        QVERIFY(w.source->read_from->kind == kafka::StartAt::Kind::LastN);
        QCOMPARE(w.source->read_from->number, 1'000);
        QPushButton* const all = button_named(w, "Read from the beginning");
        all->setFocus();
        QTest::keyClick(all, Qt::Key_Space);
        QVERIFY(w.source->read_from->kind == kafka::StartAt::Kind::Beginning);
    }

    void a_filter_that_finds_nothing_says_what_was_probably_meant() {
        Window w;
        w.view->filterBar()->apply(QStringLiteral("properties.prize > 3"));
        QTRY_COMPARE(page(w).headline(), QStringLiteral("No event in memory matches"));
        QVERIFY2(page(w).detail().contains(QStringLiteral("near: properties.price")),
                 qPrintable(page(w).detail()));
        w.view->filterBar()->apply(QStringLiteral("tipe == \"x\""));
        QTRY_VERIFY2(page(w).detail().contains(QStringLiteral("Did you mean type?")),
                     qPrintable(page(w).detail()));
        w.view->filterBar()->apply(QStringLiteral("type == \"never\""));
        QTRY_COMPARE(page(w).detail(),
                     QStringLiteral("New events are held against the filter as they come."));
    }

    void an_empty_topic_says_that_it_is_empty() {
        Window w(0);
        w.source->now.caught_up = true;
        w.source->now.before = w.source->now.existing = 0;
        QTRY_COMPARE(page(w).headline(), QStringLiteral("No records yet"));
        QVERIFY(page(w).detail().contains(QStringLiteral("no record is there")));
        QVERIFY(!has_button(w, QStringLiteral("Read from the beginning")));
    }

    void what_is_not_known_is_not_said() {
        Window w(0);
        w.source->now.caught_up = true;
        QTRY_COMPARE(page(w).headline(), QStringLiteral("No new events yet"));
        QCOMPARE(page(w).detail(), QStringLiteral("Waiting for events in raw_events."));
        QVERIFY(!has_button(w, QStringLiteral("Read from the beginning")));
    }

    void a_search_leaves_the_keyboard_at_its_results() {
        Window w;
        QTRY_COMPARE(w.table().rowCount(), 1'000u);
        w.source->searchable = true;
        QPushButton* const search = button_named(w, "Search topic…");
        QTRY_VERIFY(search->isVisible());
        w.view->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(w.view.get()));
        w.view->filterBar()->edit()->setFocus();
        QTest::keyClicks(w.view->filterBar()->edit(), QStringLiteral("type == \"purchase\""));
        QTest::mouseClick(search, Qt::LeftButton);
        QTest::mouseClick(w.view->searchPopup()->startButton(), Qt::LeftButton);
        QVERIFY(w.view->showingSearch());
        w.view->activateWindow(); // the offscreen platform leaves a closed popup active
        QTRY_VERIFY(w.table().hasFocus());
        QTest::keyClick(w.view->focusWidget(), Qt::Key_Space);
        QVERIFY(!w.view->showingFailures());
        QVERIFY(w.view->showingSearch());
        // Nothing is found: the way back is under the keyboard, nothing else.
        w.source->search_status.finished = w.source->search_status.complete = true;
        QTRY_VERIFY(has_button(w, QStringLiteral("Back to live")));
        QTRY_COMPARE(page(w).headline(), QStringLiteral("Nothing found"));
        QTRY_VERIFY(page(w).firstFocus()->hasFocus());
    }

  private:
    QTemporaryDir m_settings;
};

QTEST_MAIN(TestLiveWaiting)
#include "tst_live_waiting.moc"
