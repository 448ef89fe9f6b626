// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: window
//
// A search of the topics is told before it starts: what it reads, how long that takes, what is
// assumed; in which order it reads is the user's choice.
#include <QCheckBox>
#include <QRadioButton>
#include <QTemporaryDir>

#include "tests/widgets/live/live_story.h"
#include "widgets/live/filter_bar.h"
#include "widgets/live/search_popup.h"

using namespace weir;
using namespace weir::test;

namespace {

/// By key: one partition of six.
LiveSearchPlan by_key() {
    return {.partitions = 1,
            .left_out = 5,
            .records_at_most = 833'333,
            .bytes_estimate = 446'000'000,
            .estimate_us = 4'200'000,
            .rate_measured = true,
            .assumed = QStringLiteral("murmur2")};
}

struct Asked : Window {
    SearchPopup& popup;

    Asked()
        : Window(100)
        , popup(*view->searchPopup()) {
        source->searchable = true;
        view->tick();
        view->askSearch();
    }
};

} // namespace

class SearchPopupTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() {
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_settings.path());
        Theme::apply(ThemeChoice::Light);
    }

    void the_volume_and_the_time_are_said_before_it_starts() {
        Asked w;
        QVERIFY(w.popup.isVisible());
        QVERIFY(w.popup.planText().startsWith(QStringLiteral("Asking the brokers")));
        w.source->search_plan = {.partitions = 6,
                                 .records_at_most = 5'000'000,
                                 .bytes_estimate = 2'700'000'000,
                                 .estimate_us = 5'000'000};
        QTRY_COMPARE(w.popup.planText(),
                     QStringLiteral("Reads at most 5,000,000 records, about 2.7 GB, in 6 "
                                    "partitions; that takes about 5 s at the usual speed"));
        w.source->search_plan->limit_mb_s = 75;
        w.source->search_plan->estimate_us = 36'000'000;
        QTRY_VERIFY(w.popup.planText().endsWith(
            QStringLiteral("; that takes about 36 s at the read limit of 75 MB/s")));
        QVERIFY(!w.popup.exhaustive()->isVisible()); // nothing is assumed
        QVERIFY(!w.source->search_order && !w.view->showingSearch());
        QTest::keyClick(w.popup.startButton(), Qt::Key_Return);
        QVERIFY(!w.popup.isVisible() && w.view->showingSearch());
        QVERIFY(w.source->search_order == SearchOrder::NewestFirst);
        const auto of_the_stream = [&w] { // its failures are none of the search's
            for (const QPushButton* button : w.view->findChildren<QPushButton*>())
                if (button->text().contains(QStringLiteral("ailures")) && button->isVisible())
                    return true;
            return false;
        };
        QTRY_VERIFY(!of_the_stream());
    }

    void two_keys_start_it_without_waiting_for_the_answer() {
        Asked w;
        w.popup.hide();
        w.view->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(w.view.get()));
        QTest::keyClick(w.view.get(), Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(w.popup.isVisible());
        QTest::keyClick(&w.popup, Qt::Key_Enter);
        QVERIFY(w.source->search_order && w.view->showingSearch());
    }

    void the_oldest_can_come_first() {
        Asked w;
        QTest::mouseClick(w.popup.oldestFirst(), Qt::LeftButton, {}, QPoint(8, 8));
        QTest::mouseClick(w.popup.startButton(), Qt::LeftButton);
        QVERIFY(w.source->search_order == SearchOrder::OldestFirst);
    }

    void what_a_key_leaves_out_is_told_and_can_be_read() {
        Asked w;
        w.source->search_plan = by_key();
        QTRY_VERIFY(w.popup.exhaustive()->isVisible());
        QVERIFY2(w.popup.planText().contains(QStringLiteral("▲ 5 partitions left out")),
                 qPrintable(w.popup.planText()));
        QVERIFY(!w.source->searched_all);
        w.source->search_plan.reset();
        QTest::mouseClick(w.popup.exhaustive(), Qt::LeftButton, {}, QPoint(8, 8));
        QVERIFY(w.source->searched_all);
        QCOMPARE(w.source->searches_alive, 1); // the first plan is given up
        w.source->search_plan = LiveSearchPlan{.partitions = 6, .records_at_most = 5'000'000};
        QTRY_VERIFY(w.popup.planText().contains(QStringLiteral("in 6 partitions")));
        QVERIFY(w.popup.exhaustive()->isVisible()); // and there is a way back
        QTest::mouseClick(w.popup.startButton(), Qt::LeftButton);
        QVERIFY(w.source->searched_all && w.source->search_order);
    }

    void an_end_by_time_is_told_and_can_be_read_past() {
        Asked w;
        w.source->search_plan = {
            .partitions = 6, .records_at_most = 5'000'000, .times_assumed = true};
        QTRY_VERIFY(w.popup.exhaustive()->isVisible());
        QVERIFY2(w.popup.planText().contains(QStringLiteral("▲ Read up to the first record past")),
                 qPrintable(w.popup.planText()));
    }

    void one_that_is_not_wanted_is_given_up() {
        Asked w;
        QCOMPARE(w.source->searches_alive, 1);
        QTest::keyClick(&w.popup, Qt::Key_Escape);
        QVERIFY(!w.popup.isVisible() && !w.view->showingSearch());
        QCOMPARE(w.source->searches_alive, 0);
    }

    void what_cannot_be_planned_says_why() {
        Asked w;
        w.source->search_status.finished = true;
        w.source->search_status.error =
            Error{ErrorCode::Connection, "No broker answers", "test-kafka", {}, {}};
        QTRY_VERIFY2(w.popup.planText().startsWith(QStringLiteral("▲ ")) &&
                         w.popup.planText().contains(QStringLiteral("No broker answers")),
                     qPrintable(w.popup.planText()));
        QVERIFY(!w.popup.startButton()->isEnabled());
    }

    void draws_itself_in_light_and_dark() {
        const QString folder = qEnvironmentVariable("WEIR_SHOTS");
        if (folder.isEmpty())
            QSKIP("WEIR_SHOTS names no folder for pictures");
        for (const ThemeChoice choice : {ThemeChoice::Light, ThemeChoice::Dark}) {
            Theme::apply(choice);
            Asked w;
            w.source->search_plan = by_key();
            QTRY_VERIFY(w.popup.exhaustive()->isVisible());
            QVERIFY(w.popup.grab().save(folder % (choice == ThemeChoice::Light
                                                      ? QStringLiteral("/search-light.png")
                                                      : QStringLiteral("/search-dark.png"))));
        }
        Theme::apply(ThemeChoice::Light);
    }

  private:
    QTemporaryDir m_settings;
};

QTEST_MAIN(SearchPopupTest)
#include "tst_search_popup.moc"
