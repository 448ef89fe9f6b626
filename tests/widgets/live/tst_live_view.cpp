// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: window
//
// The Live view, used by mouse and keys.
#include <QAbstractItemModelTester>
#include <QAbstractItemView>
#include <QAccessible>
#include <QClipboard>
#include <QCompleter>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QTabBar>
#include <QTextBlock>
#include <QTextLayout>
#include <QTreeView>
#include <QtTest>

#include "tests/widgets/live/live_story.h"
#include "widgets/live/byte_view.h"
#include "widgets/live/column_model.h"
#include "widgets/live/detail_pane.h"
#include "widgets/live/filter_bar.h"
#include "widgets/live/filter_store.h"
#include "widgets/live/jump_popup.h"
#include "widgets/live/live_table.h"
#include "widgets/live/live_view.h"
#include "widgets/live/search_popup.h"

using namespace weir;
using namespace weir::test;

class TestLiveView : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() {
        m_settings = std::make_unique<QTemporaryDir>();
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_settings->path());
        Theme::apply(ThemeChoice::Light);
    }

    void the_newest_events_are_on_top_and_keep_coming() {
        Window w;
        QTRY_COMPARE(w.table().rowCount(), 1'000u);
        QCOMPARE(w.cell(0, ColumnSpec::Kind::RecordOffset), QStringLiteral("999"));
        QVERIFY(w.cell(0, ColumnSpec::Kind::Summary)
                    .startsWith(QStringLiteral("199.5 EUR · order 999")));
        w.world.put(0, LiveWorld::purchases(50, 1'000));
        QTRY_COMPARE(w.cell(0, ColumnSpec::Kind::RecordOffset), QStringLiteral("1,049"));
        QVERIFY(w.view->statusText().contains(QStringLiteral("1,050 in memory")));
    }

    void keys_walk_the_rows_and_pause() {
        Window w;
        QTRY_COMPARE(w.table().rowCount(), 1'000u);
        w.table().setFocus();
        QTest::keyClick(&w.table(), Qt::Key_Down);
        QCOMPARE(w.table().currentRow(), std::optional<std::uint64_t>(0));
        QVERIFY(w.view->isPaused());
        QTest::keyClick(&w.table(), Qt::Key_Down);
        QTest::keyClick(&w.table(), Qt::Key_Down, Qt::ShiftModifier);
        QCOMPARE(w.table().currentRow(), std::optional<std::uint64_t>(2));
        QCOMPARE(w.table().selection().count(), 2u);
        QTest::keyClick(&w.table(), Qt::Key_End);
        QCOMPARE(w.table().currentRow(), std::optional<std::uint64_t>(999));
        QCOMPARE(w.cell(999, ColumnSpec::Kind::RecordOffset), QStringLiteral("0"));
        QTest::keyClick(&w.table(), Qt::Key_Home);
        QCOMPARE(w.table().currentRow(), std::optional<std::uint64_t>(0));
        QTest::keyClick(&w.table(), Qt::Key_PageDown);
        QCOMPARE(w.table().currentRow(), std::optional<std::uint64_t>(w.table().rowsOnScreen()));

        // Paused: what comes does not move what is read.
        QTRY_VERIFY(w.table().snapshot()->paused);
        const QString shown = w.cell(0, ColumnSpec::Kind::RecordOffset);
        w.world.put(0, LiveWorld::purchases(500, 1'000));
        QTRY_VERIFY(w.view->statusText().contains(QStringLiteral("paused, 500 new since")));
        QCOMPARE(w.cell(0, ColumnSpec::Kind::RecordOffset), shown);
        QTest::keyClick(&w.table(), Qt::Key_Escape);
        QVERIFY(!w.view->isPaused());
        QTRY_COMPARE(w.cell(0, ColumnSpec::Kind::RecordOffset), QStringLiteral("1,499"));
    }

    void the_row_clicked_stays_the_row_while_events_pour_in() {
        Window w;
        QTRY_COMPARE(w.table().rowCount(), 1'000u);
        std::int64_t next = 1'000;
        QTimer pour;
        connect(&pour, &QTimer::timeout, this, [&] {
            w.world.put(0, LiveWorld::purchases(37, next));
            next += 37;
        });
        pour.start(3);
        QTRY_VERIFY(w.table().rowCount() > 2'000);
        w.click(4);
        const QString clicked = w.cell(*w.table().currentRow(), ColumnSpec::Kind::RecordOffset);
        QTRY_VERIFY(w.table().snapshot()->paused);
        QCOMPARE(w.cell(*w.table().currentRow(), ColumnSpec::Kind::RecordOffset), clicked);
        QTRY_VERIFY(w.view->detail()->detail());
        QString digits = clicked;
        digits.remove(u',');
        QCOMPARE(QString::number(w.view->detail()->detail()->offset.value()), digits);
    }

    void scrolling_away_from_the_newest_pauses() {
        Window w;
        QTRY_COMPARE(w.table().rowCount(), 1'000u);
        w.table().verticalScrollBar()->setValue(40);
        QVERIFY(w.view->isPaused());
        QTRY_VERIFY(w.table().snapshot()->paused);
        QCOMPARE(w.table().topRow(), 40u);
    }

    void a_filter_is_coloured_checked_and_applied_by_enter() {
        Window w;
        QTRY_COMPARE(w.table().rowCount(), 1'000u);
        FilterEdit* const edit = w.view->filterBar()->edit();
        edit->setFocus();
        QTest::keyClicks(edit, QStringLiteral("type == \"purchase\" and properties.price >"));
        QTest::keyClick(edit, Qt::Key_Return);
        QVERIFY(w.view->filterBar()->mistake().startsWith(QStringLiteral("Column ")));
        QVERIFY(w.view->filterBar()->appliedText().isEmpty()); // a mistake is not applied
        QTest::keyClicks(edit, QStringLiteral(" 150"));
        QVERIFY(w.view->filterBar()->mistake().isEmpty());
        QTest::keyClick(edit, Qt::Key_Return);
        QTRY_VERIFY(w.table().snapshot()->filtered && !w.table().snapshot()->scanning);
        std::uint64_t expected = 0;
        for (int i = 0; i < 1'000; ++i)
            expected += i % 3 == 0 && i % 200 >= 150 ? 1 : 0;
        QTRY_COMPARE(w.table().rowCount(), expected);
        QTRY_VERIFY(w.view->statusText().startsWith(
            QStringLiteral("%1 of 1,000 in memory match").arg(expected)));
        QCOMPARE(w.context.filter(), w.view->filterBar()->appliedText());
        QCOMPARE(FilterStore::history().value(0), w.view->filterBar()->appliedText());
    }

    void what_is_half_written_is_not_called_wrong_yet() {
        Window w;
        QTRY_COMPARE(w.table().rowCount(), 1'000u);
        FilterBar& bar = *w.view->filterBar();
        w.view->activateWindow();
        bar.edit()->setFocus();
        QTRY_VERIFY(bar.edit()->hasFocus());
        for (const QChar letter : QStringLiteral("type == \"purch")) {
            QTest::keyClicks(bar.edit(), letter);
            QVERIFY2(bar.mistake().isEmpty(), qPrintable(bar.text()));
        }
        // Nor is it red: an open quote has the colour of a text.
        const auto formats = bar.edit()->document()->firstBlock().layout()->formats();
        QCOMPARE(formats.back().format.foreground().color(), Theme::color(Token::Series3));
        QVERIFY(bar.edit()->completer()->popup()->isVisible());
        QTest::keyClicks(bar.edit(), QStringLiteral("x")); // there is nothing to offer any more …
        QVERIFY(bar.mistake().isEmpty());
        QTRY_VERIFY(!bar.mistake().isEmpty()); // … and the writer pauses
        QTest::keyClick(bar.edit(), Qt::Key_Backspace);
        QVERIFY(bar.mistake().isEmpty());
        QTest::keyClicks(bar.edit(), QStringLiteral("ase\""));
        QVERIFY(bar.mistake().isEmpty());
        QTest::keyClicks(bar.edit(), QStringLiteral(" and"));
        w.table().setFocus(); // leaves the line
        QTRY_VERIFY(!bar.mistake().isEmpty());
    }

    void fields_and_values_that_were_seen_are_offered() {
        Window w;
        QTRY_COMPARE(w.table().rowCount(), 1'000u);
        FilterEdit* const edit = w.view->filterBar()->edit();
        edit->setFocus();
        QTest::keyClicks(edit, QStringLiteral("properties.ord"));
        QCOMPARE(edit->completer()->currentCompletion(), QStringLiteral("properties.order_id"));
        edit->clear();
        QTest::keyClicks(edit, QStringLiteral("platform == \"and"));
        QCOMPARE(edit->completer()->currentCompletion(), QStringLiteral("\"android\""));
        QTest::keyClick(edit, Qt::Key_Tab);
        QCOMPARE(edit->toPlainText(), QStringLiteral("platform == \"android\""));
    }

    void paths_are_offered_as_they_begin_in_an_event_alone_in_its_batch() {
        Window w(0);
        w.read("{\"batch\":[{\"type\":\"track\",\"event\":\"a\",\"messageId\":\"1\","
               "\"anonymousId\":\"a\",\"properties\":{\"price\":5}}]}");
        QTRY_COMPARE(w.table().rowCount(), 1u);
        FilterEdit* const edit = w.view->filterBar()->edit();
        edit->setFocus();
        QTest::keyClicks(edit, QStringLiteral("properties.pr"));
        QCOMPARE(edit->completer()->currentCompletion(), QStringLiteral("properties.price"));
        edit->clear();
        QTest::keyClicks(edit, QStringLiteral("bat"));
        QCOMPARE(edit->completer()->completionCount(), 0);
    }

    void a_masked_value_is_not_offered() {
        Window w;
        QTRY_COMPARE(w.table().rowCount(), 1'000u);
        LiveWorldEvent failed = LiveWorld::purchases(1, 5'000).front();
        failed.outcome = Outcome::Failed;
        failed.reason = "no account for jane.doe@example.com";
        w.world.put(0, {failed});
        FilterEdit* const edit = w.view->filterBar()->edit();
        edit->setFocus();
        const auto offered = [&] {
            edit->clear();
            QTest::keyClicks(edit, QStringLiteral("reason == \"no acc"));
            return edit->completer()->completionCount() > 0;
        };
        QVERIFY(offered());
        w.source->policy = DisclosurePolicy::built_in_detectors();
        QVERIFY(!offered());
    }

    void nothing_that_matches_is_said_and_not_an_empty_box() {
        Window w;
        QTRY_COMPARE(w.table().rowCount(), 1'000u);
        w.view->filterBar()->apply(QStringLiteral("type == \"never\""));
        QTRY_VERIFY(!w.table().isVisible());
        bool said = false;
        for (const QLabel* label : w.view->findChildren<QLabel*>())
            said = said || (label->isVisible() &&
                            label->text() == QStringLiteral("No event in memory matches"));
        QVERIFY(said);
    }

    void paused_what_came_since_is_not_said_to_be_missing() {
        Window w;
        QTRY_COMPARE(w.table().rowCount(), 1'000u);
        w.view->pause();
        w.world.put(0, LiveWorld::purchases(1, 1'000));
        w.view->filterBar()->apply(QStringLiteral("offset == 1000"));
        const auto button = [&]() -> QPushButton* {
            for (QPushButton* each : w.view->findChildren<QPushButton*>())
                if (each->isVisible() && each->text() == QStringLiteral("Follow the newest events"))
                    return each;
            return nullptr;
        };
        QTRY_VERIFY(button() != nullptr);
        QTest::mouseClick(button(), Qt::LeftButton);
        QTRY_COMPARE(w.table().rowCount(), 1u);
    }

    void exact_numbers_come_through_display_filter_copy_and_detail() {
        Window w(0);
        w.world.put(
            0, {{.offset = 7, .value = R"({"a":-7210194211959421178,"b":23958446825181076828})"}});
        QTRY_COMPARE(w.table().rowCount(), 1u);
        w.view->addColumn(QStringLiteral("a"));
        w.view->addColumn(QStringLiteral("b"));
        QCOMPARE(w.cell(0, ColumnSpec::Kind::Path, "a"), QStringLiteral("-7210194211959421178"));
        QCOMPARE(w.cell(0, ColumnSpec::Kind::Path, "b"), QStringLiteral("23958446825181076828"));
        w.view->filterBar()->apply(QStringLiteral("b == 23958446825181076828"));
        QTRY_VERIFY(w.table().snapshot()->filtered && !w.table().snapshot()->scanning);
        QTRY_COMPARE(w.table().rowCount(), 1u);
        w.click(0);
        w.view->copy(QStringLiteral("cell"), {ColumnSpec::Kind::Path, "a"});
        QCOMPARE(clipboard(), QStringLiteral("-7210194211959421178"));
        w.view->copy(QStringLiteral("json"));
        QVERIFY(clipboard().contains(QStringLiteral("23958446825181076828")));
        QTRY_VERIFY(w.view->detail()->detail());
        QCOMPARE(w.view->detail()->raw()->selectedText(),
                 QStringLiteral("{\"a\":-7210194211959421178,\"b\":23958446825181076828}"));
        w.view->copy(QStringLiteral("kcat"));
        QCOMPARE(clipboard(),
                 QStringLiteral("kcat -C -e -b localhost:9092 -t raw_events -p 0 -o 7 -c 1"));
    }

    void markup_and_formulas_are_text() {
        Window w(0);
        w.world.put(0, {{.type = "<h1>big</h1>", .value = R"({"x":"<img src=x>=1+1"})"}});
        QTRY_COMPARE(w.table().rowCount(), 1u);
        QCOMPARE(w.cell(0, ColumnSpec::Kind::Dimension, "type"), QStringLiteral("<h1>big</h1>"));
        w.click(0);
        QTRY_VERIFY(w.view->detail()->detail());
        for (const QLabel* label : w.view->findChildren<QLabel*>())
            QVERIFY(label->text().isEmpty() || label->textFormat() == Qt::PlainText);
        QVERIFY(w.cell(0, ColumnSpec::Kind::Summary).contains(QStringLiteral("<img src=x>=1+1")));
    }

    void a_jump_goes_to_the_row() {
        Window w;
        QTRY_COMPARE(w.table().rowCount(), 1'000u);
        auto* const popup = w.view->findChild<JumpPopup*>();
        popup->ask({10, 10}, w.context.clock());
        popup->edit()->setText(QStringLiteral("nonsense"));
        QTest::keyClick(popup->edit(), Qt::Key_Return);
        QVERIFY(!popup->problem().isEmpty());
        popup->edit()->setText(QStringLiteral("4:334"));
        QTest::keyClick(popup->edit(), Qt::Key_Return);
        QTRY_VERIFY(w.table().currentRow().has_value());
        QCOMPARE(w.cell(*w.table().currentRow(), ColumnSpec::Kind::RecordOffset),
                 QStringLiteral("334"));
        QVERIFY(w.view->isPaused());
    }

    void the_topic_is_searched_by_mouse_and_the_way_back_is_there() {
        Window w;
        QTRY_COMPARE(w.table().rowCount(), 1'000u);
        QPushButton* const button = button_named(w, "Search topic…");
        QVERIFY(!button->isVisible()); // nothing to search yet …
        w.source->searchable = true;   // … and then there is: the cluster came later
        QTRY_VERIFY(button->isVisible());
        w.view->filterBar()->edit()->setFocus();
        QTest::keyClicks(w.view->filterBar()->edit(), QStringLiteral("type == \"purchase\""));
        QTest::mouseClick(button, Qt::LeftButton);
        QTest::mouseClick(w.view->searchPopup()->startButton(), Qt::LeftButton);
        QVERIFY(w.view->showingSearch());
        QCOMPARE(w.source->searched_for->text(), std::string("type == \"purchase\""));
        QVERIFY(!button->isEnabled());
        // As a search finds them: the newest first, older ones below as they come.
        auto found = LiveWorld::purchases(7, 9'000);
        std::reverse(found.begin(), found.end());
        for (auto& event : found)
            event.observed_us = 1;
        w.source->found.put(0, found);
        QTRY_COMPARE(w.cell(0, ColumnSpec::Kind::RecordOffset), QStringLiteral("9,006"));
        w.source->found.put(0, LiveWorld::purchases(1, 3'000));
        QTRY_COMPARE(w.cell(w.table().rowCount() - 1, ColumnSpec::Kind::RecordOffset),
                     QStringLiteral("3,000"));
        QCOMPARE(w.cell(0, ColumnSpec::Kind::RecordOffset), QStringLiteral("9,006"));
        QVERIFY(w.view->statusText().contains(QStringLiteral("searching 6 partitions")));
        w.click(1);
        QTRY_VERIFY(w.view->detail()->detail());
        QCOMPARE(w.view->detail()->detail()->offset.value(), 9'003);
        QTest::mouseClick(button_named(w, "Cancel the search"), Qt::LeftButton);
        QVERIFY(w.source->search_cancelled);
        w.source->search_status.finished = w.source->search_status.complete = true;
        w.source->search_status.line = QStringLiteral("complete: 6 of 6 partitions read");
        QTRY_VERIFY(w.view->statusText().contains(QStringLiteral("complete: 6 of 6")));
        QVERIFY(button->isEnabled());
        QTest::mouseClick(button_named(w, "Back to live"), Qt::LeftButton);
        QVERIFY(!w.view->showingSearch());
        QTRY_COMPARE(w.cell(0, ColumnSpec::Kind::RecordOffset), QStringLiteral("999"));
    }

    void the_time_range_narrows_live_and_paused_rows_and_says_so() {
        Window w(0);
        const std::int64_t now_us = Micros::now().value();
        const auto minutes_ago = [&](std::int64_t offset, std::int64_t minutes) {
            return LiveWorldEvent{.offset = offset,
                                  .value = "{}",
                                  .time_us = now_us - minutes * 60'000'000,
                                  .observed_us = now_us};
        };
        w.world.put(0, {minutes_ago(1, 90), minutes_ago(2, 30), minutes_ago(3, 10)});
        QTRY_COMPARE(w.table().rowCount(), 3u);
        w.context.setTimeRange(TimeRange::last(15 * 60'000'000LL));
        QTRY_COMPARE(w.table().rowCount(), 1u);
        QTRY_VERIFY(w.view->statusText().startsWith(
            QStringLiteral("1 of 3 in memory match · time range: Last 15 min")));
        w.world.put(0, {minutes_ago(4, 20), minutes_ago(5, 5)});
        QTRY_COMPARE(w.table().rowCount(), 2u);
        // Paused.
        w.table().setFocus();
        QTest::keyClick(&w.table(), Qt::Key_Down);
        QTRY_VERIFY(w.table().snapshot()->paused);
        w.context.setTimeRange(
            TimeRange::absolute(now_us - 40 * 60'000'000LL, now_us - 15 * 60'000'000LL));
        QTRY_COMPARE(w.cell(0, ColumnSpec::Kind::RecordOffset), QStringLiteral("4"));
        QCOMPARE(w.table().rowCount(), 2u);
        QCOMPARE(w.cell(1, ColumnSpec::Kind::RecordOffset), QStringLiteral("2"));
        QTRY_VERIFY(w.view->statusText().contains(QStringLiteral("time range: ")));
        QVERIFY(w.view->statusText().contains(QStringLiteral("paused")));
        // Nothing in it: the reason is said, and the way out is a button.
        w.context.setTimeRange(TimeRange::absolute(1, 2));
        QTRY_VERIFY(!w.table().isVisible());
        QTest::mouseClick(button_named(w, "Show all in memory"), Qt::LeftButton);
        QTRY_COMPARE(w.table().rowCount(), 5u);
        QVERIFY(!w.view->statusText().contains(QStringLiteral("time range")));
    }

    void a_search_reads_no_more_than_the_time_range() {
        Window w;
        w.source->searchable = true;
        QTRY_COMPARE(w.table().rowCount(), 1'000u);
        w.view->filterBar()->apply(QStringLiteral("needle or type == purchase"));
        w.context.setTimeRange(TimeRange::absolute(1'000'000, 2'000'000));
        w.view->activateWindow();
        w.view->filterBar()->edit()->setFocus();
        QTRY_VERIFY(w.view->filterBar()->edit()->hasFocus());
        QTest::keyClick(w.view->filterBar()->edit(), Qt::Key_F,
                        Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(w.source->searched_for);
        QCOMPARE(w.source->searched_for->scope().time_from, std::optional(Micros(1'000'000)));
        QCOMPARE(w.source->searched_for->scope().time_to, std::optional(Micros(2'000'000)));
    }

    void times_are_whole_and_keys_get_the_room_there_is() {
        for (const int width : {1440 - 148, 1024 - 148}) {
            for (const std::int64_t age_us : {0LL, 40LL * 86'400'000'000}) {
                Window w(0, {width, 640});
                w.world.put(0, {{.key = "0123456789abcdef0123456789abcdef",
                                 .value = "{}",
                                 .time_us = Micros::now().value() - age_us}});
                QTRY_COMPARE(w.table().rowCount(), 1u);
                const QString time = w.cell(0, ColumnSpec::Kind::Time);
                QCOMPARE(time.size(), age_us == 0 ? 12 : 23);
                const QFontMetricsF mono(Theme::mono_font(12));
                QTRY_VERIFY(w.table().header()->sectionSize(0) >=
                            mono.horizontalAdvance(time) + 20);
                if (width > 1'200 && age_us == 0)
                    QVERIFY(w.table().header()->sectionSize(4) > 20 * mono.horizontalAdvance(u'0'));
            }
        }
    }

    void where_there_is_little_room_the_summary_stays() {
        Window w(1'000, {876, 634});
        QTRY_COMPARE(w.table().rowCount(), 1'000u);
        w.click(0);
        QTRY_VERIFY(w.view->detail()->isVisible());
        QTRY_VERIFY(w.table().header()->length() <= w.table().viewport()->width());
        QTRY_VERIFY(w.table().header()->sectionSize(w.table().header()->count() - 1) >= 170);
        const auto visible = w.table().visibleColumns();
        QVERIFY(std::find(visible.begin(), visible.end(),
                          ColumnSpec{ColumnSpec::Kind::Summary, {}}) != visible.end());
    }

    void columns_are_hidden_added_moved_and_remembered() {
        Window w;
        QTRY_COMPARE(w.table().rowCount(), 1'000u);
        w.view->addColumn(QStringLiteral("properties.currency"));
        QCOMPARE(w.cell(0, ColumnSpec::Kind::Path, "properties.currency"), QStringLiteral("EUR"));
        w.table().header()->moveSection(0, 2);
        w.table().setColumnShown(3, false);
        const auto visible = w.table().visibleColumns();
        const QJsonObject layout = w.view->layoutState();
        Window other;
        QTRY_COMPARE(other.table().rowCount(), 1'000u);
        other.view->restoreLayout(layout);
        QCOMPARE(other.table().visibleColumns(), visible);
    }

    void the_detail_opens_by_enter_and_closes() {
        Window w;
        QTRY_COMPARE(w.table().rowCount(), 1'000u);
        w.click(2);
        QTRY_VERIFY(w.view->detail()->isVisible());
        QTRY_VERIFY(w.view->detail()->detail());
        QTRY_VERIFY(w.view->detail()->tree()->model()->rowCount(
                        w.view->detail()->tree()->model()->index(0, 0)) > 0);
        Q_EMIT w.view->detail()->closeWanted();
        QVERIFY(!w.view->detail()->isVisible());
        QTest::keyClick(&w.table(), Qt::Key_Down);
        QVERIFY(!w.view->detail()->isVisible());
        QTest::keyClick(&w.table(), Qt::Key_Return);
        QTRY_VERIFY(w.view->detail()->isVisible());
    }

    void of_a_megabyte_and_of_twenty_the_window_makes_what_is_on_screen() {
        Window w(0);
        const auto big = [](std::size_t bytes) {
            std::string text = "{\"items\":[0";
            while (text.size() < bytes)
                text += ",\"0123456789abcdef0123456789abcdef\"";
            return text + "]}";
        };
        w.world.put(
            0, {{.offset = 1, .value = big(1u << 20)}, {.offset = 2, .value = big(20u << 20)}});
        QTRY_COMPARE(w.table().rowCount(), 2u);
        w.click(1);
        QTRY_VERIFY(w.view->detail()->detail() && w.view->detail()->detail()->offset.value() == 1);
        w.click(0);
        QCOMPARE(w.view->detail()->detail()->offset.value(), 1); // it is opened elsewhere
        QTRY_VERIFY_WITH_TIMEOUT(w.view->detail()->detail()->offset.value() == 2, 30'000);
        QVERIFY(w.view->detail()->detail()->is_json);
        // Raw: what is on screen at once; all lines a little later, found elsewhere.
        w.view->detail()->setTab(DetailPane::Raw);
        ByteView* const raw = w.view->detail()->raw();
        QVERIFY(raw->lineText(0).startsWith(QStringLiteral("{\"items\":[0")));
        const qsizetype width = raw->lineText(0).size();
        const int lines = static_cast<int>((20u << 20) / static_cast<unsigned>(width));
        const auto made_at_once = [&] {
            return static_cast<std::size_t>(raw->lineCount() - 1) *
                   static_cast<std::size_t>(raw->lineText(0).size());
        };
        QVERIFY(made_at_once() <= ByteView::at_once_bytes);
        QTRY_VERIFY(raw->lineCount() >= lines);
        raw->setFocus();
        QTest::keyClick(raw, Qt::Key_End);
        QVERIFY(raw->lineText(raw->lineCount() - 1).endsWith(QStringLiteral("]}")));
        raw->resize(raw->width() / 2, raw->height());
        QVERIFY(made_at_once() <= ByteView::at_once_bytes);
        QTRY_VERIFY(raw->lineCount() >= 2 * lines - 2);
        QTest::keySequence(raw, QKeySequence::SelectAll);
        QCOMPARE(raw->selectedText().toUtf8().size(),
                 static_cast<qsizetype>(w.view->detail()->detail()->value.size()));
        w.view->detail()->setTab(DetailPane::Hex);
        QVERIFY(
            w.view->detail()->hex()->lineText(0).startsWith(QStringLiteral("00000000  7b 22 69")));
    }

    void its_keys_work_while_the_keyboard_is_in_the_bar_above_it() {
        QWidget frame;
        QLineEdit above(&frame);
        Window w;
        w.view->setParent(&frame);
        w.view->show();
        frame.resize(w.view->size());
        frame.show();
        frame.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&frame));
        above.setFocus();
        QTRY_VERIFY(above.hasFocus());
        QTest::keyClick(&above, Qt::Key_P, Qt::ControlModifier);
        QTRY_VERIFY(w.view->statusText().contains(QStringLiteral("paused")));
        QTest::keyClick(&above, Qt::Key_L, Qt::ControlModifier);
        QTRY_VERIFY(w.view->filterBar()->edit()->hasFocus());
    }

    void every_control_has_a_name() {
        Window w;
        QTRY_COMPARE(w.table().rowCount(), 1'000u);
        w.click(0);
        for (QWidget* widget : w.view->findChildren<QWidget*>()) {
            if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisible())
                continue;
            QAccessibleInterface* const face = QAccessible::queryAccessibleInterface(widget);
            QVERIFY2(face && !face->text(QAccessible::Name).isEmpty(),
                     widget->metaObject()->className());
        }
        const QAccessibleInterface* const table = QAccessible::queryAccessibleInterface(&w.table());
        QVERIFY(table->text(QAccessible::Value).contains(QStringLiteral("999")));
    }

  private:
    std::unique_ptr<QTemporaryDir> m_settings;
};

QTEST_MAIN(TestLiveView)
#include "tst_live_view.moc"
