// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The Overview as a user meets it: calm, then something is missing; by mouse and by keys.
#include <QClipboard>
#include <QJsonObject>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QtTest>

#include "tests/support/overview_world.h"
#include "widgets/catalogue/row_delegate.h"
#include "widgets/common/state_page.h"
#include "widgets/overview/finding_card.h"
#include "widgets/overview/overview_view.h"
#include "widgets/overview/pipeline_map.h"

using namespace weir;
using namespace weir::test;

namespace {

class FakeOverviewSource final : public OverviewSource {
  public:
    explicit FakeOverviewSource(OverviewWorld& world)
        : m_world(world) {}
    OverviewInput input() override {
        OverviewInput made = m_world.input();
        if (no_stages)
            made.stages.clear();
        return made;
    }
    QString partial() const override { return part; }
    std::vector<WatchedTime> watched() const override { return times; }
    CommandTarget commandTarget(const std::string&) const override {
        CommandTarget target;
        target.workspace = "shop.weir.json";
        target.connection.name = "k";
        return target;
    }
    QString part;
    std::vector<WatchedTime> times;
    bool no_stages = false;

  private:
    OverviewWorld& m_world;
};

struct Seen {
    OverviewWorld world;
    ViewContext context;
    FakeOverviewSource* source = new FakeOverviewSource(world);
    OverviewView view{std::unique_ptr<OverviewSource>(source), context};

    Seen() {
        Theme::apply(ThemeChoice::Light);
        context.setTimeRange(TimeRange::absolute(FlowWorld::noon_us - 60 * FlowWorld::second_us,
                                                 FlowWorld::noon_us + 600 * FlowWorld::second_us));
        view.resize(1440, 860);
        view.show();
    }
    /// Until what is shown was worked out from what the world is now.
    bool refresh() {
        const auto before = view.overview();
        context.clockChanged();
        return QTest::qWaitFor([&] {
            view.chartTick();
            return view.overview() != before && view.overview() != nullptr;
        });
    }
    bool refreshTwice() { return refresh() && refresh(); }
};

} // namespace

class TestOverviewView : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void without_an_event_it_says_what_will_stand_there() {
        Seen s;
        QVERIFY(s.refreshTwice());
        QVERIFY(!s.view.hasContent());
        QVERIFY(s.view.statePage()->isVisible());
        QVERIFY(s.view.statePage()->headline().contains(QStringLiteral("No event")));
        QVERIFY(s.view.opensFirst());
        s.source->no_stages = true;
        QVERIFY(!s.view.opensFirst());
    }

    void when_all_is_well_it_says_so_and_up_to_when() {
        Seen s;
        s.world.flow_through(1'000, 0);
        QVERIFY(s.refreshTwice());
        QVERIFY(s.view.hasContent());
        QCOMPARE(s.view.card()->sentence(), QStringLiteral("Nothing is found to be wrong"));
        QVERIFY(s.view.card()->detail().contains(QStringLiteral("read up to")));
        QVERIFY(!s.view.card()->showButton()->isVisible());
        QVERIFY(s.view.badge().kind == ViewBadge::Kind::None);
        QVERIFY2(s.view.tableNote().contains(QStringLiteral("exact")),
                 qPrintable(s.view.tableNote()));
    }

    void what_is_missing_stands_on_top_in_the_table_at_the_stage_and_in_the_rail() {
        Seen s;
        s.world.flow_through(1'000, 7);
        QVERIFY(s.refreshTwice());
        QVERIFY2(s.view.card()->sentence().startsWith(QStringLiteral("7 events have gone into")),
                 qPrintable(s.view.card()->sentence()));
        QCOMPARE(s.view.table()->model()->index(0, FlowModel::Unaccounted).data().toString(),
                 QStringLiteral("7"));
        QVERIFY(s.view.map()->stageText(0).contains(QStringLiteral("7 unaccounted")));
        QVERIFY(s.view.badge().kind == ViewBadge::Kind::Alarm);
        QCOMPARE(s.view.badge().count, 1);
        s.source->part = QStringLiteral("1 of 6 partitions fails");
        QVERIFY(s.refreshTwice());
        QVERIFY(s.view.tableNote().contains(QStringLiteral("partial: 1 of 6")));
        QVERIFY(s.view.card()->detail().contains(QStringLiteral("possible")));
    }

    void when_nobody_watched_and_that_nothing_is_kept_is_said() {
        Seen s;
        s.world.flow_through(100, 0);
        const std::int64_t noon_us = FlowWorld::noon_us;
        s.source->times = {{{{noon_us + FlowWorld::minute_us, noon_us + 60 * FlowWorld::minute_us}},
                            "history is not kept: it is full"}};
        s.context.setTimeRange(TimeRange::absolute(noon_us - FlowWorld::minute_us,
                                                   noon_us + 2 * FlowWorld::minute_us));
        QVERIFY(s.refreshTwice());
        QVERIFY2(s.view.tableNote().contains(QStringLiteral("not watched: ")),
                 qPrintable(s.view.tableNote()));
        QVERIFY(s.view.tableNote().contains(QStringLiteral("▲ history is not kept: it is full")));
    }

    void the_map_is_walked_by_keys_and_leads_on() {
        Seen s;
        s.world.flow_through(100, 0);
        QVERIFY(s.refreshTwice());
        PipelineMap* const map = s.view.map();
        map->setFocus();
        QCOMPARE(map->currentStage(), 0);
        QSignalSpy moved(&s.view, &View::moved);
        QTest::keyClick(map, Qt::Key_Right);
        QCOMPARE(map->currentStage(), 1);
        QCOMPARE(map->accessibleDescription(), map->stageText(1));
        QTest::keyClick(map, Qt::Key_End);
        QCOMPARE(map->currentStage(), 2);
        QTest::keyClick(map, Qt::Key_Left);
        QCOMPARE(map->currentStage(), 1);
        QCOMPARE(moved.count(), 3);
        QSignalSpy opened(&s.view, &View::openRequested);
        QTest::keyClick(map, Qt::Key_Return);
        QCOMPARE(opened.count(), 1);
        QCOMPARE(opened[0][0].toString(), QStringLiteral("latency"));
        QCOMPARE(s.view.place()[QStringLiteral("stage")].toInt(), 1);
        s.view.goTo({{QStringLiteral("stage"), 2}});
        QCOMPARE(map->currentStage(), 2);
    }

    void and_by_the_mouse() {
        Seen s;
        s.world.flow_through(100, 0);
        QVERIFY(s.refreshTwice());
        QSignalSpy opened(&s.view, &View::openRequested);
        QTest::mouseClick(s.view.map(), Qt::LeftButton, {}, s.view.map()->stageRect(1).center());
        QCOMPARE(s.view.map()->currentStage(), 1);
        QTest::mouseDClick(s.view.map(), Qt::LeftButton, {}, s.view.map()->stageRect(0).center());
        QCOMPARE(opened.count(), 1);
    }

    void a_stalled_group_leads_to_the_backlog_and_its_command_can_be_copied() {
        Seen s;
        s.world.flow_through(100, 2);
        s.world.stall("weir-enrich", 40);
        QVERIFY(s.refreshTwice());
        QCOMPARE(s.view.findings()->model()->rowCount(), 2);
        QVERIFY(s.view.card()->position().startsWith(QStringLiteral("1 of 2")));
        QTest::mouseClick(s.view.card()->nextButton(), Qt::LeftButton);
        QVERIFY(s.view.card()->position().startsWith(QStringLiteral("2 of 2")));
        QVERIFY(s.view.card()->sentence().contains(QStringLiteral("STALLED")));
        QSignalSpy opened(&s.view, &View::openRequested);
        QTest::mouseClick(s.view.card()->showButton(), Qt::LeftButton);
        QCOMPARE(opened[0][0].toString(), QStringLiteral("backlog"));
        QCOMPARE(opened[0][1].toJsonObject()[QStringLiteral("group")].toString(),
                 QStringLiteral("weir-enrich"));
        Q_EMIT s.view.card()->copyCommandRequested();
        QCOMPARE(QGuiApplication::clipboard()->text(),
                 QStringLiteral("weir lag --workspace shop.weir.json -c k --group weir-enrich"));
        Q_EMIT s.view.card()->copyMarkdownRequested();
        QVERIFY(QGuiApplication::clipboard()->text().startsWith(QStringLiteral("1. **")));
    }

    void pictures() {
        const QByteArray folder = qgetenv("WEIR_PICTURES");
        if (folder.isEmpty())
            QSKIP("WEIR_PICTURES names no folder");
        for (const bool dark : {false, true})
            for (const QSize size : {QSize(876, 640), QSize(1292, 830)})
                for (const bool bad : {false, true}) {
                    Seen s;
                    Theme::apply(dark ? ThemeChoice::Dark : ThemeChoice::Light);
                    s.world.flow_through(5'000, bad ? 7 : 0);
                    if (bad)
                        s.world.stall("weir-enrich", 41'230);
                    s.view.resize(size);
                    QVERIFY(s.refreshTwice());
                    QVERIFY(s.view.grab().save(QStringLiteral("%1/overview-%2-%3-%4.png")
                                                   .arg(QString::fromLocal8Bit(folder))
                                                   .arg(size.width())
                                                   .arg(QLatin1String(dark ? "dark" : "light"),
                                                        QLatin1String(bad ? "bad" : "well"))));
                }
    }
};

QTEST_MAIN(TestOverviewView)
#include "tst_overview_view.moc"
