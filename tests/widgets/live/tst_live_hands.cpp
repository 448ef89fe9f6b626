// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: window
//
// What the Live view does for the user's hands: menus, dialogs and keys, from the press of a button
// to the clipboard or the file.
#include <QContextMenuEvent>
#include <QHeaderView>
#include <QInputDialog>
#include <QLineEdit>
#include <QMenu>
#include <QtTest>

#include "tests/support/file_dialog.h"
#include "tests/widgets/live/live_story.h"
#include "widgets/live/detail_pane.h"
#include "widgets/live/filter_bar.h"
#include "widgets/live/jump_popup.h"

using namespace weir;
using namespace weir::test;

namespace {

/// Opens the context menu there and walks it by mouse, an entry a step. The entries of the last
/// menu that was seen; empty: there was none.
QStringList walk_menu(QWidget* viewport, const QPoint& at, QStringList path) {
    QStringList seen;
    QTimer hand;
    int patience = 200;
    QObject::connect(&hand, &QTimer::timeout, viewport, [&] {
        auto* const menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
        if (menu == nullptr || !menu->isVisible() || --patience < 0) {
            if (menu != nullptr)
                menu->close();
            return;
        }
        seen.clear();
        for (const QAction* action : menu->actions())
            seen.append(action->text());
        if (path.isEmpty())
            menu->close();
        if (path.isEmpty() || !seen.contains(path.front()))
            return; // a menu within one takes a moment
        QAction* const action = menu->actions().at(seen.indexOf(path.front()));
        path.removeFirst();
        QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(action).center());
    });
    hand.start(10);
    QTest::mousePress(viewport, Qt::RightButton, {}, at);
    QContextMenuEvent event(QContextMenuEvent::Mouse, at, viewport->mapToGlobal(at));
    QCoreApplication::sendEvent(viewport, &event);
    return seen;
}

/// A section of the header dragged behind another one.
void drag(QHeaderView* header, int from, int to) {
    QWidget* const on = header->viewport();
    const auto middle = [&](int section) {
        return QPoint(header->sectionViewportPosition(section) + header->sectionSize(section) / 2,
                      header->height() / 2);
    };
    const auto send = [&](QEvent::Type type, const QPoint& at, Qt::MouseButton button) {
        QMouseEvent event(type, at, on->mapToGlobal(at), button,
                          type == QEvent::MouseButtonRelease ? Qt::NoButton : Qt::LeftButton, {});
        QCoreApplication::sendEvent(on, &event);
    };
    send(QEvent::MouseButtonPress, middle(from), Qt::LeftButton);
    const QPoint behind = middle(to) + QPoint(header->sectionSize(to) / 4, 0);
    send(QEvent::MouseMove, (middle(from) + behind) / 2, Qt::NoButton);
    send(QEvent::MouseMove, behind, Qt::NoButton);
    send(QEvent::MouseButtonRelease, behind, Qt::LeftButton);
}

QPoint in_cell(const Window& w, int row, const ColumnSpec& column) {
    const LiveTable& table = *w.view->table();
    const auto at = std::find(table.columns().begin(), table.columns().end(), column);
    const auto section = static_cast<int>(at - table.columns().begin());
    return {table.header()->sectionViewportPosition(section) + 12, row * Theme::row_height + 8};
}

const ColumnSpec topic{ColumnSpec::Kind::Topic, {}};
const ColumnSpec type{ColumnSpec::Kind::Dimension, "type"};

} // namespace

class TestLiveHands : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() {
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
        Theme::apply(ThemeChoice::Light);
    }

    void a_copied_row_has_the_columns_that_were_chosen_whatever_there_is_room_for() {
        Window w(1'000, {700, 500});
        QTRY_COMPARE(w.table().rowCount(), 1'000u);
        w.click(0);
        QTRY_VERIFY(w.view->detail()->isVisible());
        QTRY_VERIFY(w.table().visibleColumns().size() < 8);
        w.table().setFocus();
        QTest::keySequence(&w.table(), QKeySequence::Copy);
        const QString by_keys = clipboard();
        const QStringList cells = by_keys.trimmed().split(u'\t');
        QCOMPARE(cells.size(), 10);
        QCOMPARE(cells.mid(1, 4), (QStringList{QStringLiteral("raw_events"), QStringLiteral("3"),
                                               QStringLiteral("999"), QStringLiteral("s29")}));
        QGuiApplication::clipboard()->clear();
        const QStringList menu =
            walk_menu(w.table().viewport(), in_cell(w, 0, type), {QStringLiteral("Copy row")});
        QVERIFY2(menu.contains(QStringLiteral("Copy row")), qPrintable(menu.join(u'\n')));
        QCOMPARE(clipboard(), by_keys);
        walk_menu(w.table().viewport(), in_cell(w, 0, type), {QStringLiteral("Copy cell")});
        QCOMPARE(clipboard(), QStringLiteral("purchase"));
    }

    void an_export_is_named_in_a_dialog() {
        Window w;
        QTRY_COMPARE(w.table().rowCount(), 1'000u);
        QVERIFY(activated(w.view.get()));
        QTest::keyClick(&w.table(), Qt::Key_E, Qt::ControlModifier);
        QFileDialog* const dialog = file_dialog(w.view.get());
        QVERIFY(dialog != nullptr);
        QCOMPARE(dialog->findChild<QLineEdit*>()->text(), QStringLiteral("events.ndjson"));
        type_name(dialog, m_folder.filePath(QStringLiteral("mine")));
        QTRY_COMPARE(w.view->noteText(), QStringLiteral("1,000 rows exported"));
        QFile file(m_folder.filePath(QStringLiteral("mine.ndjson")));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll().count('\n'), 1'000);
    }

    void columns_are_hidden_added_and_moved_by_mouse() {
        Window w;
        QTRY_COMPARE(w.table().rowCount(), 1'000u);
        QHeaderView* const header = w.table().header();
        const auto over = [&](int section) {
            return QPoint(header->sectionViewportPosition(section) + 12, 8);
        };
        walk_menu(header->viewport(), over(1), {QStringLiteral("Hide this column")});
        auto chosen = w.table().chosenColumns();
        QVERIFY(std::find(chosen.begin(), chosen.end(), topic) == chosen.end());
        walk_menu(header->viewport(), over(0),
                  {QStringLiteral("Columns"), QStringLiteral("Topic")});
        chosen = w.table().chosenColumns();
        QVERIFY(std::find(chosen.begin(), chosen.end(), topic) != chosen.end());
        walk_menu(header->viewport(), over(0),
                  {QStringLiteral("Columns"), QStringLiteral("Add a column…")});
        QTRY_VERIFY(w.view->findChild<QInputDialog*>() != nullptr);
        auto* const dialog = w.view->findChild<QInputDialog*>();
        QVERIFY(QTest::qWaitForWindowActive(dialog));
        auto* const field = dialog->findChild<QLineEdit*>();
        field->selectAll();
        QTest::keyClicks(field, QStringLiteral("properties.currency"));
        QTest::keyClick(field, Qt::Key_Return);
        QTRY_COMPARE(w.cell(0, ColumnSpec::Kind::Path, "properties.currency"),
                     QStringLiteral("EUR"));
        drag(header, 0, 1);
        QCOMPARE(w.table().visibleColumns().front(), topic);
    }

    void where_a_field_is_missing_the_menu_says_so_in_words() {
        Window w(0);
        w.world.put(0, {{.offset = 1, .type = "purchase", .value = "{}"},
                        {.offset = 2, .type = "", .value = "{}"}});
        QTRY_COMPARE(w.table().rowCount(), 2u);
        const QStringList menu = walk_menu(w.table().viewport(), in_cell(w, 0, type),
                                           {QStringLiteral("Only events without: type")});
        QVERIFY2(menu.contains(QStringLiteral("Only events with: type")),
                 qPrintable(menu.join(u'\n')));
        QCOMPARE(w.view->filterBar()->appliedText(), QStringLiteral("not type exists"));
        QTRY_COMPARE(w.table().rowCount(), 1u);
        w.view->filterBar()->apply({});
        QTRY_COMPARE(w.table().rowCount(), 2u);
        walk_menu(w.table().viewport(), in_cell(w, 0, type),
                  {QStringLiteral("Only events with: type")});
        QTRY_COMPARE(w.cell(0, ColumnSpec::Kind::RecordOffset), QStringLiteral("1"));
        QCOMPARE(w.table().rowCount(), 1u);
    }

    void an_object_where_a_text_should_be_is_filtered_by_too() {
        Window w(0);
        w.read("{\"event_id\":\"a\",\"event_type\":\"t\",\"platform\":{\"os\":\"x\"}}");
        w.read("{\"event_id\":\"b\",\"event_type\":\"t\",\"platform\":\"web\"}");
        QTRY_COMPARE(w.table().rowCount(), 2u);
        const ColumnSpec platform{ColumnSpec::Kind::Dimension, "platform"};
        w.table().addColumn(platform);
        const QString shown = QStringLiteral("{\"os\":\"x\"}");
        const std::uint64_t row = w.table().cellText(0, platform) == shown ? 0 : 1;
        QCOMPARE(w.table().cellText(row, platform), shown);
        const QString only = QStringLiteral("platform contains \"{\\\"os\\\":\\\"x\\\"}\"");
        walk_menu(w.table().viewport(), in_cell(w, static_cast<int>(row), platform),
                  {QStringLiteral("Only ") % only});
        QCOMPARE(w.view->filterBar()->appliedText(), only);
        QTRY_COMPARE(w.table().rowCount(), 1u);
        QCOMPARE(w.table().cellText(0, platform), shown);
    }

    void a_jump_beyond_what_is_in_memory_offers_to_read_from_there() {
        Window w(0);
        w.world.put(0, LiveWorld::purchases(500, 5'000));
        QTRY_COMPARE(w.table().rowCount(), 500u);
        jump(w, QStringLiteral("9:5")); // no such partition is in memory
        QTRY_COMPARE(w.view->noteText(), QStringLiteral("Nothing to jump to in memory"));
        QTRY_VERIFY(has_button(w, QStringLiteral("Read from there")));
        w.click(3); // the next action: the remark has been read
        QVERIFY(w.view->noteText().isEmpty());
        QTRY_VERIFY(!has_button(w, QStringLiteral("Read from there")));
        jump(w, QStringLiteral("5,900")); // later than all: reading cannot lead there
        QTRY_COMPARE(w.view->noteText(), QStringLiteral("Nearest event in memory"));
        QVERIFY(!has_button(w, QStringLiteral("Read from there")));
        jump(w, QStringLiteral("3:123"));
        QTRY_VERIFY(has_button(w, QStringLiteral("Read from there")));
        QVERIFY2(button_named(w, "Read from there")
                     ->toolTip()
                     .contains(QStringLiteral("at offset 123 of partition 3, and elsewhere")),
                 qPrintable(button_named(w, "Read from there")->toolTip()));
        QTest::mouseClick(button_named(w, "Read from there"), Qt::LeftButton);
        QVERIFY(w.source->read_from.has_value());
        QCOMPARE(w.source->read_from->kind, kafka::StartAt::Kind::OffsetOrEnd);
        QCOMPARE(w.source->read_from->number, 123);
        QCOMPARE(w.source->read_from->partition, std::optional(PartitionId(3))); // of it alone
        // What it reads there is gone to once it has come.
        LiveWorld anew;
        w.source->shown = &anew;
        anew.put(0, LiveWorld::purchases(2, 121));
        QTRY_COMPARE(w.table().rowCount(), 2u);
        anew.put(0, LiveWorld::purchases(300, 123));
        QTRY_VERIFY(w.table().currentRow().has_value());
        QCOMPARE(w.cell(*w.table().currentRow(), ColumnSpec::Kind::RecordOffset),
                 QStringLiteral("123"));
        w.source->shown = &w.world;
    }

  private:
    static void jump(Window& w, const QString& to) {
        QVERIFY(activated(w.view.get()));
        QTest::keyClick(&w.table(), Qt::Key_G, Qt::ControlModifier);
        auto* const popup = w.view->findChild<JumpPopup*>();
        QTRY_VERIFY(popup->isVisible());
        popup->edit()->selectAll();
        QTest::keyClicks(popup->edit(), to);
        QTest::keyClick(popup->edit(), Qt::Key_Return);
        QVERIFY(!popup->isVisible());
    }

    const QTemporaryDir m_folder;
};

QTEST_MAIN(TestLiveHands)
#include "tst_live_hands.moc"
