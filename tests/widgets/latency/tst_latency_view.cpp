// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: window
//
// The Latency view as its user meets it: cards, the heatmap and what a rectangle on it has in
// common, by mouse and by keys.
#include <QAction>
#include <QJsonObject>
#include <QPushButton>
#include <QSignalSpy>
#include <QTimer>
#include <QToolButton>
#include <QtTest>

#include "models/latency/latency_history.h"
#include "tests/support/kept_past.h"
#include "tests/support/latency_world.h"
#include "widgets/common/state_page.h"
#include "widgets/latency/difference_list.h"
#include "widgets/latency/heatmap.h"
#include "widgets/latency/latency_view.h"

using namespace weir;
using namespace weir::test;

namespace {

constexpr std::int64_t second_us = LatencyWorld::second_us;
constexpr std::int64_t noon_us = LatencyWorld::noon_us;

class WorldSource : public LatencySource {
  public:
    explicit WorldSource(LatencyWorld& of)
        : world(of) {}
    std::vector<LatencySeen> seen() const override {
        LatencySeen all = world.seen();
        if (past)
            all.lanes.push_back(past);
        return {all};
    }
    std::shared_ptr<const Vocabulary> vocabulary() const override { return world.words; }
    std::shared_ptr<const DisclosurePolicy> disclosure() const override {
        return DisclosurePolicy::none();
    }
    std::vector<WatchedTime> watched() const override { return times; }
    QString partial() const override { return missing; }
    CommandTarget commandTarget(const std::string&) const override {
        return {{}, {.bootstrap = "localhost:9092"}};
    }
    LatencyWorld& world;
    std::vector<WatchedTime> times;
    std::shared_ptr<const LatencySnapshot> past; // of the history
    QString missing;
};

struct Window {
    LatencyWorld world;
    ViewContext context;
    WorldSource* source = nullptr;
    std::unique_ptr<LatencyView> view;
    QTimer timer;

    /// Ten minutes; after the fifth the newest version is slow.
    explicit Window(bool with_events = true, QSize size = {1200, 760}) {
        if (with_events)
            for (int i = 0; i < 1'200; ++i) {
                const bool slow = i >= 600 && i < 1'100 && i % 5 == 0;
                world.pass(std::to_string(i), noon_us + i / 2 * second_us,
                           slow ? 4 * second_us : 30'000 + i % 7 * 5'000, slow ? "4.7.1" : "4.7.0");
            }
        auto made = std::make_unique<WorldSource>(world);
        source = made.get();
        view = std::make_unique<LatencyView>(std::move(made), context);
        view->resize(size);
        view->show();
        view->activateWindow();
        QObject::connect(&timer, &QTimer::timeout, view.get(), [this] { view->chartTick(); });
        timer.start(20);
    }
    LatencyCard* card(const QString& title) const {
        for (LatencyCard* const one : view->cards())
            if (one->title() == title && one->isVisible())
                return one;
        return nullptr;
    }
    /// Where a moment and a duration are on the heatmap.
    QPoint at(std::int64_t time_us, double us) const {
        return view->heatmap()->frame().place(time_us, us).toPoint();
    }
    void drag(const QPoint& from, const QPoint& to) const {
        QTest::mousePress(view->heatmap(), Qt::LeftButton, {}, from);
        QMouseEvent move(QEvent::MouseMove, to, view->heatmap()->mapToGlobal(to), Qt::NoButton,
                         Qt::LeftButton, {});
        QCoreApplication::sendEvent(view->heatmap(), &move);
        QTest::mouseRelease(view->heatmap(), Qt::LeftButton, {}, to);
    }
};

} // namespace

class TestLatencyView : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() { Theme::apply(ThemeChoice::Light); }

    void without_events_it_says_what_will_stand_here() {
        Window window(false);
        QVERIFY(!window.view->hasContent());
        QVERIFY(window.view->statePage()->isVisible());
        QVERIFY(window.view->statePage()->headline().contains(QStringLiteral("No event")));
        window.world.pass("a", noon_us, second_us);
        QTRY_VERIFY(window.view->hasContent());
        QVERIFY(!window.view->statePage()->isVisible());
    }

    void each_way_has_a_card_and_what_is_over_target_is_chosen_and_said() {
        Window window;
        QCOMPARE(window.view->cards().size(), std::size_t(5));
        LatencyCard* const stage = window.card(QStringLiteral("deduplicate"));
        QVERIFY(stage != nullptr && stage->isChosen());
        QCOMPARE(stage->verdict(), QStringLiteral("▲ over target"));
        QVERIFY2(stage->figure(1).startsWith(QStringLiteral("4")) ||
                     stage->figure(1).startsWith(QStringLiteral("3.9")),
                 qPrintable(stage->figure(1)));
        QCOMPARE(window.view->headline(),
                 QStringLiteral("deduplicate: raw_events → unique_events"));
        QTRY_COMPARE(window.view->badge().kind, ViewBadge::Kind::Alarm);
        QVERIFY(window.view->badge().why.contains(QStringLiteral("deduplicate")));
    }

    void the_chart_goes_back_to_before_the_window_was_opened() {
        constexpr std::int64_t hour_us = LatencyWorld::hour_us;
        Window window;
        QTRY_VERIFY(window.view->hasContent());
        QVERIFY(window.view->heatmap()->frame().from_us >= noon_us); // all that is in memory
        window.context.setTimeRange(
            TimeRange::absolute(noon_us - hour_us, noon_us + 600 * second_us));
        QTRY_COMPARE(window.view->heatmap()->frame().from_us, noon_us - hour_us);
        QVERIFY(window.view->mapText().contains(QStringLiteral("1,200 events")));

        // An hour earlier another process watched for ten minutes; ways were half as long.
        LatencyWorld before;
        LatencyHistory history(*window.world.words, window.world.options);
        KeptPast kept(history.folds());
        for (int i = 0; i < 600; ++i)
            before.pass("before" + std::to_string(i), noon_us - hour_us + i * second_us, 10'000);
        for (const auto& lane : before.lanes)
            lane->drain(kept);
        kept.publish();
        window.source->past = history.snapshot();
        window.source->times = {{{{noon_us - hour_us, noon_us - hour_us + 600 * second_us},
                                  {noon_us, std::numeric_limits<std::int64_t>::max()}},
                                 ""}};
        QTRY_VERIFY2(window.view->mapText().contains(QStringLiteral("1,800 events")),
                     qPrintable(window.view->mapText()));
        QVERIFY2(window.view->mapText().contains(QStringLiteral("not watched: ")),
                 qPrintable(window.view->mapText()));
        // What nobody watched is hatched, also where there is no event at all.
        const auto& gaps = window.view->heatmap()->frame().unwatched;
        QCOMPARE(gaps.size(), std::size_t(1));
        QCOMPARE(gaps[0].from_us, noon_us - hour_us + 600 * second_us);
        QCOMPARE(gaps[0].to_us, noon_us);

        window.source->times[0].trouble =
            "history is not kept: shop.sqlite: disk image is malformed";
        QTRY_VERIFY(window.view->mapText().contains(QStringLiteral("▲ history is not kept")));
    }

    void a_card_is_chosen_by_mouse_and_by_keys() {
        Window window;
        LatencyCard* const whole = window.card(QStringLiteral("end to end"));
        QSignalSpy moved(window.view.get(), &View::moved);
        QTest::mouseClick(whole, Qt::LeftButton);
        QVERIFY(whole->isChosen());
        QVERIFY(window.view->headline().startsWith(QStringLiteral("end to end")));
        LatencyCard* const sent = window.card(QStringLiteral("event → sent"));
        sent->setFocus();
        QTest::keyClick(sent, Qt::Key_Space);
        QVERIFY(sent->isChosen() && !whole->isChosen());
        QCOMPARE(moved.size(), 2);
    }

    void a_rectangle_over_the_slow_ones_tells_what_they_have_in_common() {
        Window window;
        window.drag(window.at(noon_us + 320 * second_us, 2e6),
                    window.at(noon_us + 590 * second_us, 8e6));
        QVERIFY(window.view->heatmap()->selection());
        QTRY_VERIFY(window.view->differences()->count() > 0);
        const DimensionDifference* const first = window.view->differences()->chosen();
        QCOMPARE(first->dimension, std::string("app_version"));
        QCOMPARE(first->values.front().value, std::string("4.7.1"));
        QCOMPARE(first->inside, std::uint64_t(100));
        QVERIFY(window.view->selectionText().contains(QStringLiteral("100 events inside")));
        QVERIFY(window.view->differences()->sentence(0).startsWith(
            QStringLiteral("App version 4.7.1: 100 % inside, 0 % outside (100 of 100")));

        QSignalSpy opened(window.view.get(), &View::openRequested);
        window.view->showEvents(true);
        QCOMPARE(opened.size(), 1);
        QCOMPARE(opened.front().at(0).toString(), QStringLiteral("live"));
        const QString filter =
            opened.front().at(1).toJsonObject()[QStringLiteral("filter")].toString();
        QVERIFY2(filter.startsWith(QStringLiteral("topic == \"unique_events\" and time >= 2026-")),
                 qPrintable(filter));
        QVERIFY(filter.endsWith(QStringLiteral(" and app_version == \"4.7.1\"")));

        QTest::mouseClick(window.view->heatmap(), Qt::LeftButton, {},
                          window.at(noon_us + 60 * second_us, 1e5)); // a click lets it go
        QVERIFY(!window.view->heatmap()->selection());
        QCOMPARE(window.view->differences()->count(), 0);
    }

    void a_version_that_was_not_there_before_is_marked_when_it_came() {
        Window window;
        const std::vector<ChartMark>& marks = window.view->heatmap()->frame().marks;
        QCOMPARE(marks.size(), std::size_t(1));
        QCOMPARE(marks.front().text, QStringLiteral("first sight of 4.7.1"));
        QCOMPARE(marks.front().time_us, noon_us + 300 * second_us);
    }

    void the_same_by_keys_alone() {
        Window window;
        Heatmap* const map = window.view->heatmap();
        map->setFocus();
        QTest::keyClick(map, Qt::Key_Left); // the newest column, in the middle
        QVERIFY(map->reading().contains(QStringLiteral("events between")));
        for (int i = 0; i < 60; ++i)
            QTest::keyClick(map, Qt::Key_Up); // as far as it goes
        for (int i = 0; i < 20; ++i)
            QTest::keyClick(map, Qt::Key_Left, Qt::ShiftModifier);
        for (int i = 0; i < 8; ++i)
            QTest::keyClick(map, Qt::Key_Down, Qt::ShiftModifier);
        QTest::keyClick(map, Qt::Key_Return);
        QVERIFY(map->selection());
        QTRY_VERIFY(window.view->differences()->count() > 0);
        QCOMPARE(window.view->differences()->chosen()->values.front().value, std::string("4.7.1"));
        QTest::keyClick(map, Qt::Key_Escape);
        QVERIFY(!map->selection());
    }

    void the_clock_can_be_changed_and_the_raw_one_is_at_hand() {
        Window window;
        window.view->setClockPolicy(ClockPolicy::Snowplow);
        LatencyCard* const whole = window.card(QStringLiteral("end to end"));
        QTest::mouseClick(whole, Qt::LeftButton);
        const QString corrected = whole->figure(0);
        QVERIFY(window.view->command().endsWith(QStringLiteral("--clock snowplow")));
        QVERIFY(window.view->mapText().contains(QStringLiteral("by the raw clock p95")));
        window.view->setClockPolicy(ClockPolicy::Raw);
        QVERIFY(whole->figure(0) != corrected);
        QVERIFY(window.view->command().contains(QStringLiteral("localhost:9092")));
    }

    void back_returns_to_the_line_and_its_rectangle() {
        Window window;
        window.drag(window.at(noon_us + 320 * second_us, 2e6),
                    window.at(noon_us + 590 * second_us, 8e6));
        const QJsonObject there = window.view->place();
        const auto selected = window.view->heatmap()->selection();
        QTest::mouseClick(window.card(QStringLiteral("end to end")), Qt::LeftButton);
        QVERIFY(!window.view->heatmap()->selection());
        window.view->goTo(there);
        QVERIFY(window.card(QStringLiteral("deduplicate"))->isChosen());
        QVERIFY(window.view->heatmap()->selection() == selected);
    }

    void what_is_not_all_looks_different() {
        Window window;
        QVERIFY(!window.view->mapText().contains(QStringLiteral("partial")));
        window.source->missing = QStringLiteral("2 of 6 partitions fail");
        window.context.setTimeRange(TimeRange::absolute(noon_us, noon_us + 300 * second_us));
        QVERIFY(window.view->mapText().contains(QStringLiteral("2 of 6 partitions fail")));
        QCOMPARE(window.card(QStringLiteral("deduplicate"))->verdict(), QStringLiteral("within"));
        window.context.setTimeRange(TimeRange::absolute(0, second_us));
        QVERIFY(window.view->statePage()->headline().contains(QStringLiteral("No duration")));
    }

    void negative_durations_have_a_band_of_their_own() {
        Window window;
        for (int i = 0; i < 50; ++i)
            window.world.pass("behind-" + std::to_string(i), noon_us + 400 * second_us, -5'000,
                              "4.6.0");
        QTRY_VERIFY(window.view->mapText().contains(QStringLiteral("50 below 0")));
        const QRectF band = window.view->heatmap()->negativeBand();
        const int y = static_cast<int>(band.center().y());
        window.drag({static_cast<int>(band.left()) + 5, y},
                    {static_cast<int>(band.right()) - 5, y});
        QTRY_VERIFY(window.view->differences()->count() > 0);
        QCOMPARE(window.view->differences()->chosen()->inside, std::uint64_t(50));
        QCOMPARE(window.view->differences()->chosen()->values.front().value, std::string("4.6.0"));
    }

    void it_is_drawn_in_every_size_and_both_themes() {
        for (const QSize size : {QSize(880, 560), QSize(1'300, 800)}) {
            Window window(true, size);
            window.view->grab();
            Theme::apply(ThemeChoice::Dark);
            window.view->grab();
            Theme::apply(ThemeChoice::Light);
        }
    }
};

QTEST_MAIN(TestLatencyView)
#include "tst_latency_view.moc"
