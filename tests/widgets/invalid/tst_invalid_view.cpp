// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: window
//
// The Invalid view as its user meets it: reasons, what their events have in common, and the way to
// the events, by mouse and by keys.
#include <QAction>
#include <QJsonObject>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTimer>
#include <QToolButton>
#include <QtTest>

#include "tests/support/invalid_world.h"
#include "widgets/common/state_page.h"
#include "widgets/invalid/invalid_pane.h"
#include "widgets/invalid/invalid_table.h"
#include "widgets/invalid/invalid_view.h"

using namespace weir;
using namespace weir::test;

namespace {

class WorldSource : public InvalidSource {
  public:
    explicit WorldSource(InvalidWorld& of)
        : world(of) {}
    InvalidSeen seen() const override { return world.seen(); }
    std::shared_ptr<const Vocabulary> vocabulary() const override { return world.words; }
    std::shared_ptr<const DisclosurePolicy> disclosure() const override {
        return DisclosurePolicy::none();
    }
    QString partial() const override { return missing; }
    QStringList topics() const override { return {QStringLiteral("raw_events")}; }
    CommandTarget commandTarget(const std::string&) const override {
        return {{}, {.bootstrap = "localhost:9092"}};
    }
    InvalidWorld& world;
    QString missing;
};

struct Window {
    InvalidWorld world{2};
    ViewContext context;
    WorldSource* source = nullptr;
    std::unique_ptr<InvalidView> view;
    QTimer timer;

    /// Twenty minutes from noon on; after the tenth a new version sends prices that are no numbers.
    explicit Window(bool with_events = true, QSize size = {1200, 760}) {
        if (with_events)
            for (int i = 0; i < 240; ++i) {
                const std::string user = "u" + std::to_string(i);
                see({native_event(user, i % 4 == 0 ? "4.8.0" : "4.7.1"), "raw_events", i * 5});
                if (i >= 120 && i % 4 == 0)
                    see({dead_letter("wrong_type", "/properties/price",
                                     native_event(user, "4.8.0")),
                         "invalid_events", i * 5});
                if (i % 60 == 0)
                    see({dead_letter("pattern", "/session_id", native_event(user)),
                         "invalid_events", i * 5});
            }
        auto made = std::make_unique<WorldSource>(world);
        source = made.get();
        view = std::make_unique<InvalidView>(std::move(made), context);
        view->resize(size);
        view->show();
        view->activateWindow();
        QObject::connect(&timer, &QTimer::timeout, view.get(), [this] { view->chartTick(); });
        timer.start(20);
    }
    void see(InvalidRecord record) {
        record.partition = static_cast<std::int32_t>(record.second % 2);
        world.see({record});
    }
    QString cell(int row, int column) const {
        return view->list()->model()->index(row, column).data().toString();
    }
    void showLastTenMinutes() {
        context.setTimeRange(TimeRange::absolute(world.noon_us + 10 * InvalidWorld::minute_us,
                                                 world.noon_us + 20 * InvalidWorld::minute_us));
    }
};

} // namespace

class TestInvalidView : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() { Theme::apply(ThemeChoice::Light); }

    void without_events_it_says_what_will_stand_here_and_then_that_none_is_invalid() {
        Window window(false);
        QVERIFY(!window.view->hasContent());
        QVERIFY(window.view->statePage()->headline().contains(QStringLiteral("No event")));
        window.see({native_event("anna"), "raw_events"});
        QTRY_VERIFY(
            window.view->statePage()->headline().contains(QStringLiteral("No invalid event")));
        QVERIFY(window.view->statusText().startsWith(QStringLiteral("0 of 1 events")));
        window.see({dead_letter("wrong_type", "/a", native_event("anna"))});
        QTRY_VERIFY(window.view->hasContent());
        QVERIFY(!window.view->statePage()->isVisible());
    }

    void reasons_are_ranked_with_their_share_and_the_first_one_is_chosen() {
        Window window;
        QCOMPARE(window.view->list()->model()->rowCount(), 2);
        QCOMPARE(window.cell(0, InvalidModel::Reason), QStringLiteral("wrong_type"));
        QCOMPARE(window.cell(0, InvalidModel::Where), QStringLiteral("/properties/price"));
        QCOMPARE(window.cell(0, InvalidModel::Events), QStringLiteral("30"));
        QCOMPARE(window.cell(1, InvalidModel::Events), QStringLiteral("4"));
        QVERIFY2(window.view->statusText().startsWith(
                     QStringLiteral("34 of 274 events are invalid: 12.4 %")),
                 qPrintable(window.view->statusText()));
        QVERIFY(window.view->pane()->title().startsWith(QStringLiteral("wrong_type")));
        QVERIFY(window.view->pane()->facts().contains(QStringLiteral("30 users")));
    }

    void what_is_new_against_the_period_before_is_said_and_badged() {
        Window window;
        window.showLastTenMinutes();
        QCOMPARE(window.cell(0, InvalidModel::Trend), QStringLiteral("new"));
        QVERIFY(window.cell(1, InvalidModel::Trend).endsWith(QStringLiteral("pp")));
        QVERIFY(window.view->statusText().contains(QStringLiteral("in the period before")));
        QTRY_COMPARE(window.view->badge().kind, ViewBadge::Kind::Alarm);
        QCOMPARE(window.view->badge().count, 1);
    }

    void what_the_events_have_in_common_is_found_and_any_dimension_can_be_asked_for() {
        Window window;
        // All of them are of 4.8.0, a quarter of the rest is: nothing tells more.
        QCOMPARE(window.view->dimension(), QStringLiteral("app_version"));
        const auto& values = window.view->pane()->values()->values();
        QCOMPARE(values.size(), std::size_t(1));
        QCOMPARE(values[0].text, QStringLiteral("4.8.0"));
        QCOMPARE(values[0].events, 30u);
        QCOMPARE(*values[0].share, 30.0 / 90);
        QMenu* const menu = window.view->pane()->dimensionButton()->menu();
        Q_EMIT menu->aboutToShow();
        const auto actions = menu->actions();
        const auto producer = std::find_if(actions.begin(), actions.end(), [](const QAction* one) {
            return one->text() == QStringLiteral("producer");
        });
        QVERIFY(producer != actions.end());
        (*producer)->trigger();
        QCOMPARE(window.view->pane()->values()->values().front().text, QStringLiteral("shop-app"));
    }

    void a_row_is_chosen_by_keys_and_its_events_are_opened() {
        Window window;
        QSignalSpy opened(window.view.get(), &View::openRequested);
        window.view->list()->setFocus();
        QTest::keyClick(window.view->list(), Qt::Key_Down);
        QVERIFY(window.view->pane()->title().startsWith(QStringLiteral("pattern")));
        QTest::mouseClick(window.view->pane()->eventsButton(), Qt::LeftButton);
        QCOMPARE(opened.size(), 1);
        QCOMPARE(opened[0][0].toString(), QStringLiteral("live"));
        QCOMPARE(opened[0][1].toJsonObject()[QStringLiteral("filter")].toString(),
                 QStringLiteral("reason == \"pattern\""));
        // Figures that come anew do not take the choice away.
        window.see({dead_letter("wrong_type", "/properties/price", native_event("z")),
                    "invalid_events", 1'199});
        QTRY_COMPARE(window.cell(0, InvalidModel::Events), QStringLiteral("31"));
        QVERIFY(window.view->pane()->title().startsWith(QStringLiteral("pattern")));
    }

    void a_value_is_opened_by_keys() {
        Window window;
        QSignalSpy opened(window.view.get(), &View::openRequested);
        ValueBars* const values = window.view->pane()->values();
        values->setFocus();
        QTest::keyClick(values, Qt::Key_Return);
        QCOMPARE(opened.size(), 1);
        QCOMPARE(opened[0][1].toJsonObject()[QStringLiteral("filter")].toString(),
                 QStringLiteral("reason == \"wrong_type\" and app_version == \"4.8.0\""));
    }

    void a_sample_leads_to_the_event_by_mouse_and_by_keys() {
        Window window;
        QSignalSpy opened(window.view.get(), &View::openRequested);
        QTableView* const samples = window.view->pane()->samples();
        QVERIFY(samples->model()->rowCount() > 1);
        QTest::mouseClick(window.view->pane()->sampleButton(), Qt::LeftButton);
        QCOMPARE(opened.size(), 1);
        const QJsonObject first = opened[0][1].toJsonObject();
        QCOMPARE(first[QStringLiteral("topic")].toString(), QStringLiteral("invalid_events"));
        samples->setFocus();
        samples->setCurrentIndex(samples->model()->index(1, 0));
        QTest::keyClick(samples, Qt::Key_Return);
        QCOMPARE(opened.size(), 2);
        QVERIFY(opened[1][1].toJsonObject()[QStringLiteral("offset")] !=
                first[QStringLiteral("offset")]);
    }

    void rows_are_split_by_type_and_version_and_searched() {
        Window window;
        QVERIFY(window.view->list()->isColumnHidden(InvalidModel::Client));
        QTest::mouseClick(window.view->splitButton(), Qt::LeftButton);
        QVERIFY(!window.view->list()->isColumnHidden(InvalidModel::Type));
        QCOMPARE(window.cell(0, InvalidModel::Client), QStringLiteral("client · android · 4.8.0"));
        QTest::keyClicks(window.view->search(), QStringLiteral("pattern"));
        QCOMPARE(window.view->list()->model()->rowCount(), 1);
        window.view->search()->clear();
        QCOMPARE(window.view->list()->model()->rowCount(), 2);
    }

    void time_is_read_off_the_bars_by_mouse_and_by_keys() {
        Window window;
        ReasonTimeline* const timeline = window.view->timeline();
        QCOMPARE(timeline->series().size(), std::size_t(2));
        timeline->setFocus();
        QTest::keyClick(timeline, Qt::Key_End);
        QVERIFY2(timeline->reading().contains(QStringLiteral("wrong_type")),
                 qPrintable(timeline->reading()));
        QTest::keyClick(timeline, Qt::Key_Escape);
        QVERIFY(timeline->reading().isEmpty());
        QTest::mouseMove(timeline, timeline->rect().center());
        const QPoint center = timeline->rect().center();
        QMouseEvent move(QEvent::MouseMove, center, timeline->mapToGlobal(center), Qt::NoButton,
                         Qt::NoButton, {});
        QCoreApplication::sendEvent(timeline, &move);
        QVERIFY(!timeline->reading().isEmpty());
    }

    void back_brings_everything_back() {
        Window window;
        QTest::mouseClick(window.view->splitButton(), Qt::LeftButton);
        window.view->search()->setText(QStringLiteral("pattern"));
        window.view->setDimension(QStringLiteral("platform"));
        const QJsonObject place = window.view->place();
        window.view->goTo({});
        QCOMPARE(window.view->list()->model()->rowCount(), 2);
        window.view->goTo(place);
        QCOMPARE(window.view->list()->model()->rowCount(), 1);
        QVERIFY(window.view->splitButton()->isChecked());
        QCOMPARE(window.view->dimension(), QStringLiteral("platform"));
        QCOMPARE(window.view->place(), place);
    }

    void what_is_missing_is_said_and_the_command_line_is_copied() {
        Window window;
        window.source->missing = QStringLiteral("2 of 6 partitions fail");
        window.showLastTenMinutes();
        QVERIFY(window.view->statusText().contains(QStringLiteral("2 of 6 partitions fail")));
        QVERIFY2(window.view->command().startsWith(
                     QStringLiteral("weir invalid --bootstrap localhost:9092 -t raw_events")) &&
                     window.view->command().contains(QStringLiteral("--from 2026-11-20T12:10:00")),
                 qPrintable(window.view->command()));
    }

    void hostile_text_is_shown_as_text() {
        Window window(false);
        window.see({native_event("a"), "raw_events"});
        window.see({dead_letter("<b>x</b>\\u001b[31m", "/<i>", native_event("a"))});
        QTRY_VERIFY(window.view->hasContent());
        QVERIFY(window.cell(0, InvalidModel::Reason).startsWith(QStringLiteral("<b>x</b>")));
        QVERIFY(!window.cell(0, InvalidModel::Reason).contains(QChar(0x1b)));
    }

    /// For those who want to look: WEIR_SHOTS names the folder.
    void pictures() {
        const QString folder = qEnvironmentVariable("WEIR_SHOTS");
        if (folder.isEmpty())
            QSKIP("nobody wants to look");
        for (const ThemeChoice theme : {ThemeChoice::Light, ThemeChoice::Dark})
            for (const QSize size : {QSize(824, 610), QSize(1240, 810)}) {
                Theme::apply(theme);
                Window window(true, size);
                window.showLastTenMinutes();
                QVERIFY(window.view->grab().save(folder + u'/' + Theme::word(theme) +
                                                 QString::number(size.width()) +
                                                 QStringLiteral(".png")));
            }
    }
};

QTEST_MAIN(TestInvalidView)
#include "tst_invalid_view.moc"
