// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: window
//
// The Catalogue view as its user meets it: by mouse and keys, over contracts that the test writes.
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabBar>
#include <QTableView>
#include <QTimer>
#include <QToolButton>
#include <QtTest>

#include "models/catalogue/facts_model.h"
#include "models/catalogue/fields_model.h"
#include "tests/support/catalogue_world.h"
#include "widgets/catalogue/catalogue_tree.h"
#include "widgets/catalogue/catalogue_view.h"
#include "widgets/catalogue/compatibility_panel.h"
#include "widgets/catalogue/contract_pane.h"
#include "widgets/catalogue/fields_panel.h"
#include "widgets/common/controls.h"
#include "widgets/common/state_page.h"

using namespace weir;
using namespace weir::test;

namespace {

class WorldSource : public CatalogueSource {
  public:
    explicit WorldSource(CatalogueWorld& of)
        : world(of) {}
    CatalogueStatus status() const override { return now; }
    std::shared_ptr<const ContractSet> contracts() const override { return world.contracts; }
    std::vector<std::shared_ptr<const VersionCountsSnapshot>> counts() const override {
        return {world.counts->snapshot()};
    }
    std::shared_ptr<const Vocabulary> vocabulary() const override { return world.vocabulary; }
    std::shared_ptr<const DisclosurePolicy> disclosure() const override { return world.disclosure; }
    std::vector<std::string> entries() const override { return comes_in; }
    CommandTarget commandTarget(const std::string&) const override {
        return {{}, {.bootstrap = "localhost:9092"}};
    }
    CatalogueWorld& world;
    std::vector<std::string> comes_in;
    CatalogueStatus now{CatalogueStatus::State::Loaded, QStringLiteral("contracts"), {}, {}};
};

struct Window {
    CatalogueWorld world;
    ViewContext context;
    WorldSource* source = nullptr;
    std::unique_ptr<CatalogueView> view;
    QTimer timer;

    explicit Window(bool with_shop = true, QSize size = {1260, 800}) {
        if (with_shop) {
            world.contract("purchase", 1, R"("deprecated_since": "2026-01-15",)");
            world.contract("purchase", 2, R"("description": "Somebody bought something.",
                "changelog": [{"date": "2026-01-15", "change": "email is required"}],)",
                           R"({"type": "number", "minimum": 0, "unit": "EUR"})",
                           R"("price", "email")");
            world.contract("signup", 1);
            world.load();
            world.see({}, 9);
            world.see({.version = "1"});
            world.see({.version = "7"}, 2);
        }
        auto made = std::make_unique<WorldSource>(world);
        source = made.get();
        view = std::make_unique<CatalogueView>(std::move(made), context);
        view->resize(size);
        view->show();
        QObject::connect(&timer, &QTimer::timeout, view.get(), [this] { view->chartTick(); });
        timer.start(20);
    }
    CatalogueTree& list() { return *view->list(); }
    ContractPane& pane() { return *view->pane(); }
    QModelIndex at(const std::string& type, const std::string& version) {
        return list().catalogueModel()->indexOf(CatalogueModel::versionKey(type, version));
    }
    void click(const QModelIndex& index) {
        list().scrollTo(index);
        QTest::mouseClick(list().viewport(), Qt::LeftButton, {}, list().visualRect(index).center());
    }
    QPushButton* button(const char* text) const {
        for (QPushButton* each : view->findChildren<QPushButton*>())
            if (each->text() == QString::fromUtf8(text) && each->isVisible())
                return each;
        return nullptr;
    }
};

QString clipboard() {
    return QGuiApplication::clipboard()->text();
}

} // namespace

class TestCatalogueView : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() { Theme::apply(ThemeChoice::Light); }

    void a_click_shows_what_the_contract_says() {
        Window w;
        w.click(w.at("purchase", "2"));
        QCOMPARE(w.pane().headline(), QStringLiteral("purchase"));
        QVERIFY(w.pane().status().startsWith(
            QStringLiteral("9 of the type's 12 events seen are of this version: 75")));
        FieldsPanel& fields = *w.pane().fields();
        const QModelIndex price = fields.fields()->indexOf(QStringLiteral("/price"));
        QVERIFY(price.isValid());
        QTest::mouseClick(fields.tree()->viewport(), Qt::LeftButton, {},
                          fields.tree()->visualRect(price).center());
        QCOMPARE(fields.pointer(), QStringLiteral("/price"));
        QTest::mouseClick(w.pane().tabs(), Qt::LeftButton, {},
                          w.pane().tabs()->tabRect(ContractPane::Changes).center());
        QCOMPARE(w.pane().facts(ContractPane::Changes)->rowCount(), 1);
    }

    void the_keys_go_through_the_list() {
        Window w;
        QSignalSpy opened(w.view.get(), &View::openRequested);
        w.list().setFocus();
        w.click(w.list().catalogueModel()->index(0, 0));
        QCOMPARE(w.pane().headline(), QStringLiteral("purchase"));
        QTest::keyClick(&w.list(), Qt::Key_Down);
        QCOMPARE(w.view->place()[QStringLiteral("key")].toString(),
                 CatalogueModel::versionKey("purchase", "7"));
        QVERIFY(w.pane().contract() == nullptr);
        QTest::keyClick(&w.list(), Qt::Key_Down);
        QCOMPARE(w.pane().contract()->version, 2);
        QTest::keyClick(&w.list(), Qt::Key_C, Qt::ControlModifier);
        QVERIFY2(clipboard().startsWith(QStringLiteral("version 2")), qPrintable(clipboard()));
    }

    void counts_grow_and_nothing_moves() {
        Window w;
        w.click(w.at("purchase", "2"));
        w.pane().fields()->choose(QStringLiteral("/price"));
        w.world.see({}, 100);
        w.world.see({.type = "app_crash"});
        QTRY_VERIFY(w.pane().status().startsWith(QStringLiteral("109 of the type's 112")));
        QCOMPARE(w.pane().fields()->pointer(), QStringLiteral("/price"));
        QCOMPARE(w.list().chosenKey(), CatalogueModel::versionKey("purchase", "2"));
        QTRY_VERIFY(
            w.list().catalogueModel()->indexOf(CatalogueModel::typeKey("app_crash")).isValid());
    }

    void without_a_connection_it_says_that_no_shares_are_known() {
        Window w;
        QVERIFY(!w.view->needsConnection());
        QVERIFY(!w.view->statusText().contains(QStringLiteral("not connected")));
        w.source->now.observed = false;
        QTRY_VERIFY(w.view->statusText().contains(QStringLiteral("not connected")));
    }

    void what_has_no_contract_says_how_to_draft_one() {
        Window w;
        w.click(w.at("purchase", "7"));
        const QString command = QStringLiteral(
            "weir contract infer --bootstrap localhost:9092 --topic raw_events --filter 'type == "
            "\"purchase\" and schema_version == \"7\"' --output contracts/");
        QCOMPARE(w.pane().draftCommand(), command);
        QTest::mouseClick(w.button("Copy the command"), Qt::LeftButton);
        QCOMPARE(clipboard(), command);
        QVERIFY(!w.pane().tabs()->isTabVisible(ContractPane::Fields));
        QCOMPARE(w.pane().tabs()->currentIndex(), static_cast<int>(ContractPane::SeenAtPlaces));
        // And back: what was hidden is there again.
        w.click(w.at("purchase", "2"));
        QVERIFY(w.pane().tabs()->isTabVisible(ContractPane::Fields));
        QVERIFY(w.pane().draftCommand().isEmpty());
        QCOMPARE(w.view->badge().kind, ViewBadge::Kind::Warning);
        QCOMPARE(w.view->badge().count, 1);
    }

    void two_versions_are_held_against_each_other() {
        Window w;
        w.click(w.at("purchase", "2"));
        w.pane().setTab(ContractPane::Compare);
        CompatibilityPanel& compared = *w.pane().compatibility();
        QTRY_COMPARE(compared.verdict(),
                     QStringLiteral("A reader of version 2 does not take every event of version 1. "
                                    "A reader of version 1 takes every event of version 2."));
        QCOMPARE(compared.differences()->rowCount(), 1);
        const QModelIndex first = compared.differences()->index(0, 0);
        QCOMPARE(first.data().toString(), QStringLiteral("▲ backward"));
        QCOMPARE(first.siblingAtColumn(1).data().toString(), QStringLiteral("/email"));
        // The other way round, by key.
        compared.older()->setFocus();
        QTest::keyClick(compared.older(), Qt::Key_Up);
        QTRY_COMPARE(compared.verdict(),
                     QStringLiteral("No difference: each takes every event of the other."));
        w.click(w.at("signup", "1"));
        QVERIFY(compared.verdict().startsWith(QStringLiteral("There is one version")));
    }

    void a_version_leads_to_its_events() {
        Window w;
        QSignalSpy opened(w.view.get(), &View::openRequested);
        w.click(w.at("purchase", "2"));
        QTest::mouseClick(w.button("Show events"), Qt::LeftButton);
        QCOMPARE(opened.count(), 1);
        QCOMPARE(opened[0][0].toString(), QStringLiteral("live"));
        QCOMPARE(opened[0][1].toJsonObject()[QStringLiteral("filter")].toString(),
                 QStringLiteral("type == \"purchase\" and schema_version == \"2\""));
        w.click(w.at("purchase", "1")); // what is clicked twice was clicked once
        QTest::mouseDClick(w.list().viewport(), Qt::LeftButton, {},
                           w.list().visualRect(w.at("purchase", "1")).center());
        QCOMPARE(opened.count(), 2);
        w.click(w.at("signup", "1")); // never seen
        QVERIFY(!w.button("Show events")->isEnabled());
    }

    void an_event_leads_to_its_contract_and_back_returns() {
        Window w;
        w.view->goTo({{QStringLiteral("type"), QStringLiteral("purchase")},
                      {QStringLiteral("version"), QStringLiteral("1.0")}});
        QCOMPARE(w.pane().contract()->version, 1);
        w.pane().setTab(ContractPane::Rules);
        const QJsonObject before = w.view->place();
        w.click(w.at("signup", "1"));
        w.view->goTo(before);
        QCOMPARE(w.pane().contract()->version, 1);
        QCOMPARE(w.pane().tabs()->currentIndex(), static_cast<int>(ContractPane::Rules));
        // A version that nobody has seen yet is chosen when it comes.
        w.view->goTo({{QStringLiteral("type"), QStringLiteral("signup")},
                      {QStringLiteral("version"), QStringLiteral("9")}});
        QVERIFY(!w.list().currentIndex().isValid());
        w.world.see({.type = "signup", .version = "9"});
        QTRY_COMPARE(w.list().chosenKey(), CatalogueModel::versionKey("signup", "9"));
    }

    void typing_narrows_and_enter_goes_to_the_first() {
        Window w;
        QTest::keySequence(w.view.get(), QKeySequence(Qt::CTRL | Qt::Key_L));
        QVERIFY(QTest::qWaitForWindowActive(w.view.get()));
        w.view->search()->setFocus();
        QTest::keyClicks(w.view->search(), QStringLiteral("sign"));
        QCOMPARE(w.list().catalogueModel()->rowCount(), 1);
        QTest::keyClick(w.view->search(), Qt::Key_Return);
        QCOMPARE(w.pane().headline(), QStringLiteral("signup"));
    }

    void a_broken_file_shows_where_and_how_to_mend_it() {
        Window w;
        w.world.write("refund/1.json", R"({"weir_contract": 1, "type": "refund", "version": 1,
"owner": "o", "removed_om": "2026-01-01", "schema": {}})");
        w.world.load();
        QTRY_COMPARE(w.list().catalogueModel()->rowCount(), 3);
        w.click(w.list().catalogueModel()->index(0, 0));
        QTest::mouseClick(w.button("Copy"), Qt::LeftButton);
        QVERIFY2(clipboard().contains(QStringLiteral("refund/1.json:2")), qPrintable(clipboard()));
        QCOMPARE(w.view->badge().kind, ViewBadge::Kind::Alarm);
        QVERIFY(w.view->statusText().contains(QStringLiteral("1 problem in the files")));
        // Mended: the row goes, and what was shown of it.
        w.world.remove("refund/1.json");
        w.world.load();
        QTRY_COMPARE(w.view->badge().kind, ViewBadge::Kind::Warning);
        QTRY_COMPARE(w.pane().headline(), QStringLiteral("Nothing is chosen"));
    }

    void with_nothing_to_show_it_says_why_and_what_next() {
        Window w(false);
        w.source->now = {};
        QTRY_COMPARE(w.view->statePage()->headline(),
                     QStringLiteral("No contracts, and no events yet"));
        QTest::mouseClick(w.button("Copy the line for the workspace"), Qt::LeftButton);
        QVERIFY(clipboard().contains(QStringLiteral("\"folder\"")));
        QVERIFY(!w.view->hasContent());
        w.source->now.state = CatalogueStatus::State::Loading;
        w.source->now.origin = QStringLiteral("/srv/contracts");
        QTRY_COMPARE(w.view->statePage()->headline(), QStringLiteral("Reading the contracts"));
        w.source->now.state = CatalogueStatus::State::Failed;
        w.source->now.error = Error{ErrorCode::NotFound, "the folder is gone", "/srv/contracts"};
        QTRY_COMPARE(w.view->statePage()->headline(), QStringLiteral("The folder is gone"));
        // Events come all the same: they are listed, and the line says what is amiss.
        w.world.see({});
        QTRY_VERIFY(w.view->hasContent());
        QVERIFY(w.view->statusText().contains(QStringLiteral("the folder is gone")));
        QCOMPARE(w.view->badge().kind, ViewBadge::Kind::None); // no contracts: none is missing
    }

    void what_is_missing_of_the_counts_is_said() {
        Window w;
        w.source->now.partial = QStringLiteral("2 of 6 partitions are not read");
        QTRY_VERIFY(w.view->statusText().contains(
            QStringLiteral("counts are partial: 2 of 6 partitions are not read")));
    }

    void contracts_are_exported_and_copied() {
        Window w;
        w.click(w.at("purchase", "2"));
        const QString file = w.world.folder.filePath(QStringLiteral("out.md"));
        w.view->exportTo(file, ContractFormat::Markdown, false);
        QTRY_COMPARE(w.view->noteText(), QStringLiteral("1 contract exported"));
        QFile written(file);
        QVERIFY(written.open(QIODevice::ReadOnly));
        QCOMPARE(QString::fromUtf8(written.readAll()),
                 w.pane().copyText(QStringLiteral("markdown")));
        w.view->exportTo(QStringLiteral("/nowhere/out.md"), ContractFormat::Markdown, true);
        QTRY_VERIFY(w.view->noteText().startsWith(QStringLiteral("▲ /nowhere/out.md")));
        QVERIFY(w.pane()
                    .copyText(QStringLiteral("count"))
                    .endsWith(QStringLiteral("--by schema_version")));
    }

    void counts_can_be_those_of_one_place() {
        Window w;
        w.world.see({.topic = "invalid_events", .outcome = Outcome::Failed}, 5);
        w.click(w.at("purchase", "2"));
        QTRY_VERIFY(w.pane().status().startsWith(QStringLiteral("14 of")));
        QToolButton* places = nullptr;
        for (QToolButton* each : w.view->findChildren<QToolButton*>())
            if (each->accessibleName() == QStringLiteral("Where events are counted"))
                places = each;
        QVERIFY(places != nullptr);
        Q_EMIT places->menu()->aboutToShow();
        QCOMPARE(places->menu()->actions().size(), 3);
        places->menu()->actions()[1]->trigger(); // invalid_events
        QVERIFY(w.pane().status().startsWith(QStringLiteral("5 of the type's 5")));
        QVERIFY(places->text().contains(QStringLiteral("invalid_events")));
    }

    void an_event_that_goes_through_the_stages_counts_once() {
        Window w;
        for (const char* topic : {"unique_events", "enriched_events"})
            w.world.see({.topic = topic}, 9);
        w.click(w.at("purchase", "2"));
        QTRY_VERIFY(w.pane().status().startsWith(QStringLiteral("27 of")));
        w.source->comes_in = {"raw_events"};
        QTRY_VERIFY(w.pane().status().startsWith(QStringLiteral("9 of the type's 12")));
        QToolButton* places = nullptr;
        for (QToolButton* each : w.view->findChildren<QToolButton*>())
            if (each->accessibleName() == QStringLiteral("Where events are counted"))
                places = each;
        QVERIFY(places != nullptr);
        QCOMPARE(places->text(), QStringLiteral("Counted where events come in ▾"));
        Q_EMIT places->menu()->aboutToShow();
        places->menu()->actions()[1]->trigger();
        QCOMPARE(places->text(), QStringLiteral("Counted everywhere ▾"));
        QVERIFY(w.pane().status().startsWith(QStringLiteral("27 of the type's 30")));
        Q_EMIT places->menu()->aboutToShow();
        places->menu()->actions()[0]->trigger();
        QVERIFY(w.pane().status().startsWith(QStringLiteral("9 of")));
    }

    void every_control_has_a_name() {
        Window w;
        w.click(w.at("purchase", "2"));
        for (const QWidget* each : w.view->findChildren<QWidget*>()) {
            if (each->focusPolicy() == Qt::NoFocus || !each->isVisible() ||
                qobject_cast<const QLabel*>(each) != nullptr || // it reads its own text
                each->objectName().startsWith(QStringLiteral("qt_")))
                continue;
            const auto* const button = qobject_cast<const QAbstractButton*>(each);
            const bool named = !each->accessibleName().isEmpty() ||
                               (button != nullptr && !button->text().isEmpty());
            const bool inner = qobject_cast<const QAbstractItemView*>(each->parent()) != nullptr;
            QVERIFY2(named || inner, each->metaObject()->className());
        }
    }

    void where_it_is_narrow_the_least_columns_go() {
        Window w(true, {844, 560});
        QVERIFY(w.list().isColumnHidden(CatalogueModel::Fields));
        QVERIFY(!w.list().isColumnHidden(CatalogueModel::Share));
        Window wide(true, {2400, 900});
        QVERIFY(!wide.list().isColumnHidden(CatalogueModel::Fields));
    }
};

QTEST_MAIN(TestCatalogueView)
#include "tst_catalogue_view.moc"
