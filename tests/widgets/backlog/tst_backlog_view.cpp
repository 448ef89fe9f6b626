// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: window
//
// The Backlog view as its user meets it: by mouse and keys, over readings that the test makes up.
#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabBar>
#include <QTimer>
#include <QToolButton>
#include <QtTest>

#include <random>

#include "models/backlog/backlog_book.h"
#include "models/event/store/event_store.h"
#include "widgets/backlog/backlog_pane.h"
#include "widgets/backlog/backlog_tree.h"
#include "widgets/backlog/backlog_view.h"
#include "widgets/backlog/lag_line.h"
#include "widgets/common/controls.h"
#include "widgets/common/state_page.h"
#include "widgets/live/detail_pane.h"

using namespace weir;

namespace {

constexpr std::int64_t second = 1'000'000;

PartitionFacts facts(int partition, std::int64_t committed, std::int64_t end) {
    PartitionFacts p;
    p.at = {"orders", PartitionId(partition)};
    p.begin = 0;
    p.committed = committed;
    p.end = end;
    p.member = "worker-1 at 10.0.0.7";
    p.leader = 1;
    p.replicas = p.in_sync = 3;
    return p;
}

/// What is kept of one group; each look is ten seconds after the one before.
struct Story {
    BacklogBook book;
    std::int64_t now_us = Micros::now().value() - 100 * second;
    std::size_t listed = 0;

    void look(const std::string& group, std::vector<PartitionFacts> partitions) {
        GroupReading reading;
        reading.at = Micros(now_us);
        reading.group.id = group;
        reading.group.state = kafka::GroupState::Stable;
        reading.group.members = 1;
        reading.group.member_texts = {"worker-1 at 10.0.0.7 (1 partition)"};
        reading.partitions = std::move(partitions);
        book.absorb({std::move(reading)});
    }
    std::shared_ptr<const BacklogSnapshot> snapshot() const {
        auto made = std::make_shared<BacklogSnapshot>();
        made->groups = book.groups();
        made->read = made->groups.size();
        made->listed = std::max(listed, made->read);
        made->complete = made->read == made->listed;
        made->at = Micros(now_us);
        return made;
    }
};

/// A group that keeps up, and one whose partition 1 stands still before a record.
Story shop() {
    Story story;
    for (std::int64_t i = 0; i < 5; ++i) {
        story.look("enricher", {facts(0, 100 * i, 100 * i)});
        PartitionFacts stuck = facts(1, 104, 150 + 10 * i);
        stuck.next = {
            NextUnread::Seen::Record,  104, 150 + 10 * i, 104, Micros(story.now_us - 60 * second),
            TimestampType::CreateTime, 535};
        story.look("loader", {facts(0, 100 * i, 100 * i), stuck});
        story.now_us += 10 * second;
    }
    return story;
}

class StorySource : public BacklogSource {
  public:
    std::vector<std::string> connections() const override { return names; }
    std::uint64_t observation() const override { return 1; }
    std::shared_ptr<const BacklogSnapshot> snapshot(const std::string& /*of*/) override {
        return newest;
    }
    void setFocus(const std::string& /*of*/, std::vector<std::string> groups) override {
        focus = std::move(groups);
    }
    CommandTarget commandTarget(const std::string& /*of*/) const override {
        return {{}, {.bootstrap = "localhost:9092"}};
    }
    void openRecord(const std::string& /*of*/, const kafka::TopicPartition& at,
                    Offset offset) override {
        ++opened;
        RecordBatchBuilder builder;
        builder.add({.topic = at.topic,
                     .partition = at.partition,
                     .offset = offset,
                     .timestamp = Micros::now(),
                     .value = R"({"event_type": "purchase", "price": "not a number"})"});
        SightingBatch batch;
        decoder({})->decode(builder.take(), batch);
        EventStore store(0, 1, {.rows = 1'000});
        store.absorb(batch);
        store.publish();
        record = std::make_shared<OpenedRecord>(
            OpenedRecord{store.snapshot()->segments.front(), std::nullopt});
    }
    std::shared_ptr<const OpenedRecord> openedRecord() const override { return record; }
    std::shared_ptr<const Vocabulary> vocabulary() const override { return words; }
    std::shared_ptr<const DisclosurePolicy> disclosure(const std::string& /*of*/) const override {
        return DisclosurePolicy::none();
    }
    std::unique_ptr<Decoder> decoder(const std::string& /*of*/) const override {
        return Decoder::create(DialectSet::built_in(), words, {});
    }
    std::unique_ptr<EventChecker> checker() const override { return nullptr; }

    std::vector<std::string> names{"prod"};
    std::shared_ptr<const BacklogSnapshot> newest;
    std::vector<std::string> focus;
    int opened = 0;
    std::shared_ptr<const OpenedRecord> record;
    std::shared_ptr<Vocabulary> words = Vocabulary::create({"type"});
};

struct Window {
    ViewContext context;
    StorySource* source = nullptr;
    std::unique_ptr<BacklogView> view;
    QTimer timer;

    explicit Window(const Story& story, QSize size = {1260, 800}) {
        auto made = std::make_unique<StorySource>();
        source = made.get();
        source->newest = story.snapshot();
        view = std::make_unique<BacklogView>(std::move(made), context);
        view->resize(size);
        view->show();
        QObject::connect(&timer, &QTimer::timeout, view.get(), [this] { view->chartTick(); });
        timer.start(20);
    }
    BacklogTree& list() { return *view->list(); }
    BacklogPane& pane() { return *view->pane(); }
    QModelIndex at(const std::string& group) {
        return list().backlogModel()->indexOf(BacklogModel::groupKey(group));
    }
    QModelIndex at(const std::string& group, int partition) {
        return list().backlogModel()->indexOf(
            BacklogModel::partitionKey(group, {"orders", PartitionId(partition)}));
    }
    QString cell(const QModelIndex& index, int column) {
        return index.siblingAtColumn(column).data().toString();
    }
};

} // namespace

class TestBacklogView : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() { Theme::apply(ThemeChoice::Light); }

    void the_worst_group_is_on_top() {
        Window window(shop());
        QCOMPARE(window.at("loader").row(), 0);
        QCOMPARE(window.cell(window.at("loader"), BacklogModel::State), QStringLiteral("STALLED"));
        QCOMPARE(window.cell(window.at("enricher"), BacklogModel::State), QStringLiteral("OK"));
        QCOMPARE(window.cell(window.at("loader", 1), BacklogModel::Lag), QStringLiteral("86"));
        QVERIFY(
            window.view->statusText().startsWith(QStringLiteral("2 groups · 1 STALLED · 1 OK")));
        QVERIFY(window.view->hasContent());
        QCOMPARE(window.view->badge().count, 1);
        QVERIFY(window.view->badge().kind == ViewBadge::Kind::Alarm);
    }

    void a_click_shows_what_the_verdict_stands_on_and_opens_the_suspect() {
        Window window(shop());
        const QRect row = window.list().visualRect(window.at("loader", 1));
        QSignalSpy moved(window.view.get(), &View::moved);
        QTest::mouseClick(window.list().viewport(), Qt::LeftButton, {}, row.center());
        QCOMPARE(moved.count(), 1);
        QCOMPARE(window.pane().titleText(), QStringLiteral("loader · orders/1"));
        QVERIFY2(window.pane().reasonText().contains(
                     QStringLiteral("next unread is offset 104 (535 bytes)")),
                 qPrintable(window.pane().reasonText()));
        QCOMPARE(window.pane().factText(QStringLiteral("Lag")), QStringLiteral("86 offsets"));
        QCOMPARE(window.pane().factText(QStringLiteral("Assigned to")),
                 QStringLiteral("worker-1 at 10.0.0.7"));
        QVERIFY(window.pane().chart()->points().size() > 2);
        QCOMPARE(window.source->opened, 1); // unasked: it is the suspect
        QTRY_VERIFY(window.pane().detail()->detail() != nullptr);
        QCOMPARE(QString::fromStdString(window.pane().detail()->detail()->topic),
                 QStringLiteral("orders"));
        QVERIFY(window.pane().detail()->detail()->is_json);
    }

    void it_is_walked_by_keys() {
        Window window(shop());
        window.view->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(window.view.get()));
        window.view->firstFocus()->setFocus();
        window.list().setCurrentIndex(window.at("loader"));
        QTest::keyClick(&window.list(), Qt::Key_Down);
        QCOMPARE(window.pane().titleText(), QStringLiteral("loader · orders/0"));
        QTest::keyClick(&window.list(), Qt::Key_Down);
        QCOMPARE(window.pane().titleText(), QStringLiteral("loader · orders/1"));
        QTest::keyClick(&window.list(), Qt::Key_L, Qt::ControlModifier);
        QTRY_VERIFY(window.view->search()->hasFocus());
        QTest::keyClicks(window.view->search(), QStringLiteral("ENRICH"));
        QCOMPARE(window.list().model()->rowCount(), 1);
        QVERIFY(!window.list().currentIndex().isValid()); // what was chosen is out of sight
        window.view->search()->clear();
        QCOMPARE(window.pane().titleText(), QStringLiteral("loader · orders/1")); // and back
    }

    void only_what_needs_attention() {
        Window window(shop());
        QTest::mouseClick(window.view->onlyBad(), Qt::LeftButton);
        QCOMPARE(window.list().model()->rowCount(), 1);
        QVERIFY(window.at("loader").isValid());
        const QJsonObject place = window.view->place();
        QTest::mouseClick(window.view->onlyBad(), Qt::LeftButton);
        QCOMPARE(window.list().model()->rowCount(), 2);
        window.view->goTo(place);
        QCOMPARE(window.list().model()->rowCount(), 1);
    }

    void commands_are_copied_and_never_run() {
        Window window(shop());
        window.list().setCurrentIndex(window.at("loader", 1));
        QCOMPARE(window.view->copyText(QStringLiteral("lag")),
                 QStringLiteral("weir lag --bootstrap localhost:9092 --group loader"));
        QCOMPARE(
            window.view->copyText(QStringLiteral("skip")),
            QStringLiteral("kafka-consumer-groups.sh --bootstrap-server localhost:9092 --group "
                           "loader --topic orders:1 --reset-offsets --to-offset 105 "
                           "--execute"));
        QVERIFY(window.view->copyText(QStringLiteral("read"))
                    .contains(QStringLiteral("offset == 104")));
        window.list().setCurrentIndex(window.at("enricher", 0));
        QVERIFY(window.view->copyText(QStringLiteral("skip")).isEmpty());
    }

    void what_is_chosen_stays_chosen_while_rows_come_and_go() {
        Story story = shop();
        Window window(story);
        window.list().setCurrentIndex(window.at("enricher", 0));
        for (int i = 0; i < 30; ++i)
            story.look("another-" + std::to_string(i), {facts(0, i, 10 * i)});
        story.look("enricher", {facts(0, 500, 900), facts(1, 0, 3)});
        window.source->newest = story.snapshot();
        QTRY_COMPARE(window.list().model()->rowCount(), 32);
        QCOMPARE(window.pane().titleText(), QStringLiteral("enricher · orders/0"));
        QCOMPARE(window.list().currentIndex().siblingAtColumn(0), window.at("enricher", 0));
        story.book.keep_only({"loader"});
        window.source->newest = story.snapshot();
        QTRY_COMPARE(window.list().model()->rowCount(), 1);
        QVERIFY(window.pane().titleText().isEmpty());
    }

    void an_order_is_provisional_until_all_is_read() {
        Story story = shop();
        story.listed = 15'000;
        Window window(story);
        QVERIFY2(window.view->statusText().contains(
                     QStringLiteral("the order is provisional: 2 of 15,000 read so far")),
                 qPrintable(window.view->statusText()));
        QVERIFY(!window.view->hasContent());
    }

    void only_what_is_on_screen_is_read_at_full_rate() {
        Story story;
        for (int i = 0; i < 300; ++i)
            story.look("group-" + std::to_string(1000 + i), {facts(0, 5, 5)});
        Window window(story);
        QTRY_VERIFY(!window.source->focus.empty());
        QVERIFY(window.source->focus.size() < 60);
        QCOMPARE(window.source->focus.front(), std::string("group-1000"));
        window.view->hide();
        QVERIFY(window.source->focus.empty());
    }

    void each_state_has_words() {
        Window window(shop());
        window.source->newest = nullptr;
        QTRY_COMPARE(window.view->statePage()->headline(),
                     QStringLiteral("Reading the consumer groups"));
        auto none = std::make_shared<BacklogSnapshot>();
        none->complete = true;
        none->at = Micros::now();
        window.source->newest = none;
        QTRY_COMPARE(window.view->statePage()->headline(),
                     QStringLiteral("No consumer group is listed"));
        QVERIFY(window.view->statePage()->detail().contains(QStringLiteral("the right DESCRIBE")));
        auto failed = std::make_shared<BacklogSnapshot>();
        failed->trouble = Error{ErrorCode::Connection, "nobody answers", "prod"};
        window.source->newest = failed;
        QTRY_VERIFY(
            window.view->statePage()->headline().contains(QStringLiteral("Nobody answers")));
        // With something to show, what is stale is said over it.
        auto stale = std::make_shared<BacklogSnapshot>(*shop().snapshot());
        stale->trouble = failed->trouble;
        window.source->newest = stale;
        QTRY_VERIFY(window.view->statusText().startsWith(QStringLiteral("▲ stale: ")));
        QCOMPARE(window.list().model()->rowCount(), 2);
    }

    void from_elsewhere_it_goes_to_a_group() {
        Window window(shop());
        window.view->goTo({{QStringLiteral("group"), QStringLiteral("enricher")}});
        QCOMPARE(window.pane().titleText(), QStringLiteral("enricher"));
        QCOMPARE(window.pane().factText(QStringLiteral("State")),
                 QStringLiteral("stable, 1 member"));
        QCOMPARE(window.view->paletteEntries().size(), 2);
    }

    void narrow_it_keeps_what_matters() {
        Window window(shop(), {840, 560});
        const auto* const header = window.list().header();
        for (const int column :
             {BacklogModel::Name, BacklogModel::State, BacklogModel::Lag, BacklogModel::Behind})
            QVERIFY(!header->isSectionHidden(column));
        QVERIFY(header->isSectionHidden(BacklogModel::Retention));
    }

    /// Whatever comes, in whatever order it is asked for.
    void the_model_keeps_its_promises() {
        BacklogModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        std::mt19937 random(3);
        Story story;
        for (int round = 0; round < 60; ++round) {
            story.now_us += 10 * second;
            for (int i = 0; i < 5; ++i) {
                const int group = static_cast<int>(random() % 12);
                std::vector<PartitionFacts> partitions;
                for (int p = 0; p < static_cast<int>(random() % 4); ++p)
                    partitions.push_back(facts(p, 5, 5 + static_cast<std::int64_t>(random() % 90)));
                story.look("g" + std::to_string(group), std::move(partitions));
            }
            if (round % 7 == 0) {
                std::vector<std::string> kept;
                for (int i = 0; i < 12; ++i)
                    if (random() % 2 == 0)
                        kept.push_back("g" + std::to_string(i));
                std::sort(kept.begin(), kept.end());
                story.book.keep_only(kept);
            }
            model.setSnapshot(story.snapshot());
            model.setFilter(round % 5 == 0 ? QStringLiteral("g1") : QString(), round % 11 == 0);
            model.sort(static_cast<int>(random() % BacklogModel::ColumnCount),
                       random() % 2 == 0 ? Qt::AscendingOrder : Qt::DescendingOrder);
            QCOMPARE(model.rowCount({}) >= 0, true);
        }
    }
};

QTEST_MAIN(TestBacklogView)
#include "tst_backlog_view.moc"
