// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: window
//
// Which rows the Live view shows, and in which order: what a search found, the failures alone,
// sorted by a column.
#include <QHeaderView>
#include <QtTest>

#include "tests/widgets/live/live_story.h"
#include "widgets/common/controls.h"
#include "widgets/live/column_model.h"
#include "widgets/live/detail_pane.h"
#include "widgets/live/filter_bar.h"

using namespace weir;
using namespace weir::test;

namespace {

constexpr auto number = ColumnSpec::Kind::RecordOffset;

} // namespace

class TestLiveRows : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() {
        m_settings = std::make_unique<QTemporaryDir>();
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_settings->path());
        Theme::apply(ThemeChoice::Light);
    }

    void what_was_found_goes_with_the_filter_it_was_found_by() {
        Window w;
        w.source->searchable = true;
        w.source->found.put(0, LiveWorld::purchases(20, 50'000));
        QTRY_COMPARE(w.table().rowCount(), 1'000u);
        w.view->filterBar()->apply(QStringLiteral("topic == \"raw_events\""));
        w.view->startSearch();
        QTRY_COMPARE(w.table().rowCount(), 20u);
        // What narrows it is held against what was found …
        w.view->filterBar()->addTerm(QStringLiteral("properties.price > 1e9"));
        QVERIFY(w.view->showingSearch());
        QTRY_COMPARE(w.table().rowCount(), 0u);
        // … another filter, or none, is not.
        w.view->filterBar()->apply({});
        QVERIFY(!w.view->showingSearch());
        QTRY_COMPARE(w.table().rowCount(), 1'000u);
    }

    void what_is_narrowed_keeps_its_meaning() {
        Window w;
        QTRY_COMPARE(w.table().rowCount(), 1'000u);
        w.view->filterBar()->apply(QStringLiteral("offset < 20 || offset >= 990"));
        QTRY_COMPARE(w.table().rowCount(), 30u);
        w.view->filterBar()->addTerm(QStringLiteral("offset >= 10"));
        QTRY_COMPARE(w.table().rowCount(), 20u);
        QCOMPARE(w.view->filterBar()->text(),
                 QStringLiteral("(offset < 20 || offset >= 990) and offset >= 10"));
    }

    void other_contracts_leave_the_place_of_the_user() {
        Window w;
        std::vector<LiveWorldEvent> latest = LiveWorld::purchases(1, 1'000);
        latest.front().value = R"({"email":"jo@example.org","properties":{"price":7}})";
        w.world.put(0, latest);
        QTRY_COMPARE(w.table().rowCount(), 1'001u);
        w.click(0);
        const auto offset = [&] { return w.cell(w.table().currentRow().value_or(999), number); };
        const auto detail = [&] {
            const auto& shown = w.view->detail()->detail();
            return shown ? shown->value : std::string();
        };
        QCOMPARE(offset(), QStringLiteral("1,000"));
        QTRY_VERIFY(detail().find("jo@example.org") != std::string::npos);
        w.source->policy = DisclosurePolicy::built_in_detectors();
        ++w.source->revision;
        QTRY_VERIFY(detail().find("••@•••••••.•••") != std::string::npos);
        QCOMPARE(offset(), QStringLiteral("1,000"));
        QVERIFY(w.view->isPaused());
        // Where a filter is asked anew the row is found again.
        w.view->filterBar()->apply(QStringLiteral("offset >= 998"));
        QTRY_COMPARE(w.table().rowCount(), 3u);
        w.click(1);
        QCOMPARE(offset(), QStringLiteral("999"));
        const std::uint64_t token = w.table().snapshot()->filter_token;
        ++w.source->revision;
        QTRY_VERIFY(w.table().snapshot()->filter_token > token);
        QTRY_COMPARE(offset(), QStringLiteral("999"));
        QVERIFY(w.view->isPaused());
    }

    void null_is_told_from_an_empty_key() {
        Window w(0);
        w.world.put(0, {{.offset = 1, .key_given = true, .value = "{}"},
                        {.offset = 2, .value = "{}"},
                        {.offset = 3, .key = "null", .value = "{}"}});
        QTRY_COMPARE(w.table().rowCount(), 3u);
        const ColumnSpec key{ColumnSpec::Kind::Key, {}};
        QCOMPARE(w.table().cellText(0, key), QStringLiteral("null"));
        QVERIFY(!w.table().cellIsNull(0, key)); // the text
        QCOMPARE(w.table().cellText(1, key), QStringLiteral("null"));
        QVERIFY(w.table().cellIsNull(1, key));
        QCOMPARE(w.table().cellText(2, key), QString());
        QVERIFY(!w.table().cellIsNull(2, key));
    }

    void the_tooltip_of_a_column_shows_its_path_as_it_is() {
        ColumnModel model;
        model.setColumns({{ColumnSpec::Kind::Header, "<b>x</b>"}});
        const QString tip = model.headerData(0, Qt::Horizontal, Qt::ToolTipRole).toString();
        QVERIFY2(tip.contains(QStringLiteral("header:&lt;b&gt;x&lt;/b&gt;")), qPrintable(tip));
    }

    void a_status_line_too_long_for_its_place_ends_in_an_ellipsis() {
        Window w(10, {760, 500});
        w.source->now.state = LiveStatus::State::Stale;
        w.source->now.reason =
            QStringLiteral("the broker kafka-1.internal:9092 does not answer ").repeated(6);
        w.source->now.partial = QStringLiteral("2 of 6 partitions are not read");
        QTRY_VERIFY(w.view->statusText().contains(QStringLiteral("stale since")));
        // What is wrong stands where it is seen.
        QVERIFY(w.view->statusText().startsWith(QStringLiteral("▲ 2 of 6 partitions")));
        const auto labels = w.view->findChildren<TextLabel*>();
        const auto at = std::find_if(labels.begin(), labels.end(), [&](TextLabel* label) {
            return label->text() == w.view->statusText();
        });
        QVERIFY(at != labels.end());
        TextLabel* const label = *at;
        QVERIFY(label->fontMetrics().horizontalAdvance(label->text()) > label->width());
        const QImage cut = label->grab().toImage();
        label->setText(label->fontMetrics().elidedText(label->text(), Qt::ElideRight,
                                                       label->contentsRect().width()));
        QVERIFY(label->text().endsWith(u'…'));
        QCOMPARE(cut, label->grab().toImage());
    }

    void the_size_of_a_20_mb_event_is_legible() {
        Window w(3);
        std::vector<LiveWorldEvent> large = LiveWorld::purchases(1, 100);
        large.front().value = "{\"blob\":\"" + std::string(20'000'000, 'x') + "\"}";
        w.world.put(0, large);
        QTRY_COMPARE(w.table().rowCount(), 4u);
        const ColumnSpec size{ColumnSpec::Kind::Size, {}};
        const QString text = w.table().cellText(0, size);
        QCOMPARE(text, QStringLiteral("20,000,013")); // with its key
        const auto& columns = w.table().columns();
        const auto column = std::find(columns.begin(), columns.end(), size) - columns.begin();
        const qreal needed = QFontMetricsF(Theme::mono_font(12)).horizontalAdvance(text) + 16;
        QTRY_VERIFY(w.table().header()->sectionSize(static_cast<int>(column)) >= needed);
    }

    void failures_are_kept_apart_and_shown_alone_with_their_reason() {
        Window w(0);
        LiveWorld small(1, {.rows = 1'000, .bytes = 64u << 20});
        w.source->shown = &small;
        LiveWorldEvent failed = LiveWorld::purchases(1, 7).front();
        failed.outcome = Outcome::Failed;
        failed.reason = "price: number expected";
        small.put(0, {failed});
        for (int i = 0; i < 200; ++i)
            small.put(0, LiveWorld::purchases(1'000, 1'000 * (i + 1)));
        QTRY_VERIFY(has_button(w, QStringLiteral("▲ Failures 1")));
        QPushButton* const button = button_named(w, "▲ Failures 1");
        QTRY_VERIFY(small.snapshots().front()->rows_released > 1'000); // it has left the ring …
        QTest::mouseClick(button, Qt::LeftButton);
        QVERIFY(w.view->showingFailures());
        QTRY_COMPARE(w.table().rowCount(), 1u); // … and is there
        QCOMPARE(w.cell(0, ColumnSpec::Kind::RecordOffset), QStringLiteral("7"));
        QCOMPARE(w.cell(0, ColumnSpec::Kind::Summary), QStringLiteral("price: number expected"));
        QVERIFY2(w.view->statusText().contains(QStringLiteral("failures alone: all 1")),
                 qPrintable(w.view->statusText()));
        // Under the filter, as all that is shown.
        w.view->filterBar()->apply(QStringLiteral("reason contains \"email\""));
        QTRY_COMPARE(w.table().rowCount(), 0u);
        w.view->filterBar()->apply(QStringLiteral("reason contains \"number\""));
        QTRY_COMPARE(w.table().rowCount(), 1u);
        QTest::keySequence(w.view.get(), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_B));
        QVERIFY(!w.view->showingFailures());
        QVERIFY(!button->isChecked());
        w.view->filterBar()->apply({});
        QTRY_VERIFY(w.table().rowCount() > 500);
    }

    void where_nothing_has_failed_it_says_so() {
        Window w;
        QTRY_COMPARE(w.table().rowCount(), 1'000u);
        QTest::mouseClick(button_named(w, "No failures"), Qt::LeftButton);
        QTRY_VERIFY(has_button(w, QStringLiteral("Show all events")));
        QTest::mouseClick(button_named(w, "Show all events"), Qt::LeftButton);
        QTRY_COMPARE(w.table().rowCount(), 1'000u);
        QVERIFY(!w.view->showingFailures());
    }

    void a_paused_view_past_its_memory_is_kept_in_a_file() {
        constexpr std::size_t payload_bytes = 1u << 20;
        constexpr int events = 300; // more than a paused view may pin in memory
        Window w(0);
        LiveWorld ring(1, {.rows = 10'000, .bytes = 310ULL << 20});
        w.source->shown = &ring;
        const auto put = [&](std::int64_t from, char filling) {
            for (int i = 0; i < events; ++i)
                ring.put(0, {{.offset = from + i,
                              .value = '"' + std::string(payload_bytes, filling) + '"'}});
        };
        put(0, 'a');
        QTRY_COMPARE_WITH_TIMEOUT(w.table().rowCount(), std::uint64_t{events}, 20'000);
        w.view->pause();
        QTRY_VERIFY(w.table().snapshot()->paused);
        put(events, 'b'); // the ring holds none of the paused rows any more
        QTRY_VERIFY2_WITH_TIMEOUT(w.view->statusText().contains(QStringLiteral(" on disk")),
                                  qPrintable(w.view->statusText()), 20'000);
        QCOMPARE(w.table().rowCount(), std::uint64_t{events});
        w.table().goToRow(events - 1); // the oldest one, which went first
        QTRY_VERIFY(w.view->detail()->detail());
        QCOMPARE(w.view->detail()->detail()->value.size(), payload_bytes + 2);
        QCOMPARE(w.view->detail()->detail()->value[7], 'a');
    }

    void a_click_on_a_header_pauses_and_sorts() {
        Window w;
        QTRY_COMPARE(w.table().rowCount(), 1'000u);
        QHeaderView* const header = w.table().header();
        const auto section = [&](ColumnSpec::Kind kind) {
            const auto& columns = w.table().columns();
            return static_cast<int>(
                std::find(columns.begin(), columns.end(), ColumnSpec{kind, {}}) - columns.begin());
        };
        const auto title = [&](ColumnSpec::Kind kind) {
            return header->model()->headerData(section(kind), Qt::Horizontal).toString();
        };
        const auto click_on = [&](ColumnSpec::Kind kind) {
            const int x = header->sectionViewportPosition(section(kind)) + 20;
            QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, {x, 10});
        };
        const auto top = [&] { return w.cell(0, ColumnSpec::Kind::RecordOffset); };
        click_on(ColumnSpec::Kind::RecordOffset); // the largest first
        QVERIFY(w.view->isPaused());
        QTRY_COMPARE(top(), QStringLiteral("999"));
        click_on(ColumnSpec::Kind::RecordOffset);
        QTRY_COMPARE(top(), QStringLiteral("0"));
        QCOMPARE(title(ColumnSpec::Kind::RecordOffset), QStringLiteral("Offset ↑"));
        // What comes meanwhile does not move it.
        w.world.put(0, LiveWorld::purchases(10, 5'000));
        QTRY_VERIFY(w.view->statusText().contains(QStringLiteral("10 new since")));
        QCOMPARE(top(), QStringLiteral("0"));
        // Rows are chosen, opened and exported as they stand.
        w.click(3);
        w.view->copy(QStringLiteral("cell"), {ColumnSpec::Kind::RecordOffset, {}});
        QCOMPARE(clipboard(), QStringLiteral("3"));
        w.view->filterBar()->apply(QStringLiteral("offset > 500"));
        QTRY_COMPARE(top(), QStringLiteral("501"));
        click_on(ColumnSpec::Kind::RecordOffset); // the third click: as they came
        QTRY_COMPARE(top(), QStringLiteral("999"));
        QCOMPARE(title(ColumnSpec::Kind::RecordOffset), QStringLiteral("Offset"));
        w.view->filterBar()->apply({});
        w.view->sortBy(SortSpec{{ColumnSpec::Kind::Size, {}}, true});
        QTest::keyClick(&w.table(), Qt::Key_Escape); // on with the stream
        QVERIFY(!w.view->sorting());
        QTRY_COMPARE(top(), QStringLiteral("5,009"));
    }

    void a_million_rows_are_sorted_without_holding_the_window_up() {
        Window w(0);
        LiveWorld large(1, {.rows = 1'100'000, .bytes = 2ULL << 30});
        for (int i = 0; i < 100; ++i)
            large.put(0, LiveWorld::purchases(10'000, i * 10'000));
        w.source->shown = &large;
        QTRY_COMPARE_WITH_TIMEOUT(w.table().rowCount(), 1'000'000u, 60'000);
        qint64 longest_ms = 0;
        QElapsedTimer since;
        QTimer beat;
        connect(&beat, &QTimer::timeout, this,
                [&] { longest_ms = std::max(longest_ms, since.restart()); });
        w.view->pause();
        QTRY_VERIFY(w.table().snapshot()->paused);
        since.start();
        beat.start(5);
        w.view->sortBy(SortSpec{{ColumnSpec::Kind::Path, "properties.price"}, true});
        QTRY_VERIFY(w.view->statusText().startsWith(QStringLiteral("sorting, ")));
        QTRY_VERIFY_WITH_TIMEOUT(!w.view->statusText().startsWith(QStringLiteral("sorting, ")),
                                 60'000);
        w.view->sortBy(SortSpec{{ColumnSpec::Kind::Summary, {}}, false});
        QTRY_VERIFY(w.view->statusText().startsWith(QStringLiteral("sorting, ")));
        QTest::mouseClick(button_named(w, "Cancel the sorting"), Qt::LeftButton);
        QVERIFY(!w.view->sorting());
        beat.stop();
        qInfo("longest pause of the window: %lld ms", static_cast<long long>(longest_ms));
        QVERIFY(longest_ms < 250); // the machine may be busy; a sort here would take longer
    }

  private:
    std::unique_ptr<QTemporaryDir> m_settings;
};

QTEST_MAIN(TestLiveRows)
#include "tst_live_rows.moc"
