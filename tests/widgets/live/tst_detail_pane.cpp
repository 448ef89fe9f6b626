// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: window
//
// What the detail pane says of an event: masked, binary, of another day, without headers.
#include <QHelpEvent>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QTableView>
#include <QTest>
#include <QToolTip>
#include <QTreeView>

#include <atomic>

#include "models/live/headers_model.h"
#include "tests/support/live_world.h"
#include "widgets/common/number_text.h"
#include "widgets/common/theme.h"
#include "widgets/live/byte_view.h"
#include "widgets/live/detail_pane.h"

using namespace weir;

namespace {

/// Under the detectors.
std::shared_ptr<const EventDetail> opened(const LiveWorldEvent& event) {
    LiveWorld world;
    world.put(0, {event});
    std::atomic<bool> ready{false};
    EventLoader loader(world.vocabulary(), DisclosurePolicy::built_in_detectors(), nullptr, nullptr,
                       [&ready] { ready = true; });
    loader.load(world.snapshots().front()->segments.front(), 0);
    if (!QTest::qWaitFor([&] { return ready.load(); }))
        return nullptr;
    return loader.detail();
}

QLabel* label_with(const DetailPane& pane, const QString& beginning) {
    for (QLabel* label : pane.findChildren<QLabel*>())
        if (label->isVisibleTo(&pane) && label->text().startsWith(beginning))
            return label;
    return nullptr;
}

/// The texts that are seen in a pane that shows this value under the detectors.
QStringList said_of(const std::string& value, DetailPane::Tab tab) {
    DetailPane pane;
    pane.setDetail(opened({.value = value}));
    pane.setTab(tab);
    pane.show();
    QStringList texts;
    for (const QLabel* label : pane.findChildren<QLabel*>())
        if (label->isVisible())
            texts.append(label->text());
    return texts;
}

} // namespace

class TestDetailPane : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void raw_and_hex_say_that_they_are_masked() {
        for (const auto tab : {DetailPane::Tree, DetailPane::Raw, DetailPane::Hex}) {
            const QStringList masked = said_of(R"({"email":"jane@x.org"})", tab);
            QVERIFY(!masked.filter(QStringLiteral("Masked: ")).isEmpty());
            const QStringList open = said_of(R"({"sku":"SKU-1"})", tab);
            QVERIFY(!open.isEmpty() && open.filter(QStringLiteral("Masked: ")).isEmpty());
        }
    }

    void a_masked_event_that_is_no_json_says_where_it_breaks_and_that_raw_is_masked() {
        const std::string broken = R"({"name": "Zoë", "n": tru})";
        JsonTape tape;
        QVERIFY(!tape.parse(broken));
        const QStringList said =
            said_of(broken, DetailPane::Tree).filter(QStringLiteral("Not JSON"));
        QCOMPARE(said.size(), 1);
        QVERIFY2(
            said.front().contains(
                QStringLiteral("at byte %1 of the event as it was read").arg(tape.error().offset)),
            qPrintable(said.front()));
        QVERIFY(said.front().contains(QStringLiteral("masked")));
    }

    void text_opens_as_it_is_and_the_next_event_as_a_tree_again() {
        DetailPane pane;
        pane.setDetail(opened({.value = "plain words"}));
        QCOMPARE(pane.tabs()->currentIndex(), int{DetailPane::Raw});
        pane.setDetail(opened({.value = R"({"sku":"SKU-1"})"}));
        QCOMPARE(pane.tabs()->currentIndex(), int{DetailPane::Tree});
        pane.setDetail(opened({.value = "plain words"}));
        pane.setTab(DetailPane::Tree); // why there is none
        QCOMPARE(pane.tabs()->currentIndex(), int{DetailPane::Tree});
        pane.setTab(DetailPane::Headers); // a choice stays
        pane.setDetail(opened({.value = "other words"}));
        QCOMPARE(pane.tabs()->currentIndex(), int{DetailPane::Headers});
    }

    void times_of_another_day_than_the_records_say_which() {
        constexpr std::int64_t hour_us = 3'600'000'000;
        auto detail = std::make_shared<EventDetail>();
        detail->timestamp_type = TimestampType::CreateTime;
        detail->record_time = Micros(1'795'305'600'000'000); // 2026-11-22 00:00 UTC
        detail->event_time_us = detail->record_time.value() - hour_us;
        detail->received_time_us = detail->record_time.value() + hour_us;
        DetailPane pane;
        pane.setDetail(detail);
        const QString said = label_with(pane, QStringLiteral("offset "))->text();
        QVERIFY2(said.contains(QStringLiteral("event 2026-11-21 23:00:00.000")), qPrintable(said));
        QVERIFY2(said.contains(QStringLiteral("received 01:00:00.000")), qPrintable(said));
        pane.setClock(ZoneClock::from_id(QStringLiteral("Asia/Tokyo"))); // there it is one day
        const QString there = label_with(pane, QStringLiteral("offset "))->text();
        QVERIFY2(there.contains(QStringLiteral("event 08:00:00.000")), qPrintable(there));
    }

    void hex_keeps_true_offsets_and_no_byte_that_is_not_there() {
        const std::string value = R"({"email":"jane@x.org","n":1})";
        DetailPane pane;
        pane.resize(900, 500);
        pane.setDetail(opened({.key = "jane@x.org", .value = value}));
        pane.setTab(DetailPane::Hex);
        pane.show();
        QTRY_VERIFY(pane.hex()->lineText(0).size() > 60); // 16 bytes a line
        QVERIFY2(pane.hex()->lineText(0).startsWith(
                     QStringLiteral("0000  7b 22 65 6d 61 69 6c 22  3a 22 •• ••")),
                 qPrintable(pane.hex()->lineText(0)));
        QVERIFY(pane.hex()->lineText(1).startsWith(QStringLiteral("0010  ")));
        QVERIFY2(pane.hex()->lineText(1).contains(QStringLiteral("22 2c 22 6e  22 3a 31 7d")),
                 qPrintable(pane.hex()->lineText(1)));
        QCOMPARE(pane.hex()->selectedText().split(u' ').size(), qsizetype(value.size()));
        QVERIFY(!pane.hex()->selectedText().contains(QStringLiteral("e2 80 a2")));
        QStringList copies;
        for (const QAction* action : pane.findChildren<QAction*>())
            copies.append(action->text());
        QVERIFY(!copies.contains(QStringLiteral("Value, masked"))); // asked for when it is opened
        for (QMenu* menu : pane.findChildren<QMenu*>()) {
            QMetaObject::invokeMethod(menu, "aboutToShow");
            for (const QAction* action : menu->actions())
                copies.append(action->text());
        }
        QVERIFY(copies.contains(QStringLiteral("Value, masked")));
        QVERIFY(copies.contains(QStringLiteral("Key, masked")));
    }

    void binary_text_is_broken_where_it_is_drawn_and_a_long_key_is_cut_with_all_of_it_at_hand() {
        std::string bytes;
        for (int i = 0; i < 300; ++i)
            bytes += static_cast<char>(i * 7 % 256);
        auto detail = std::make_shared<EventDetail>();
        detail->key_null = detail->value_null = false;
        detail->key = bytes;
        detail->value = bytes;
        DetailPane pane;
        pane.resize(360, 600);
        pane.setDetail(detail);
        pane.setTab(DetailPane::Raw);
        pane.show();
        QVERIFY(QTest::qWaitForWindowExposed(&pane));
        auto keyless = std::make_shared<EventDetail>();
        keyless->value_null = false;
        keyless->value = bytes;
        DetailPane other;
        other.setDetail(keyless);
        QCOMPARE(pane.minimumSizeHint().width(), other.minimumSizeHint().width());
        const QFontMetricsF mono(Theme::mono_font(12));
        QString whole;
        for (int line = 0; line < pane.raw()->lineCount(); ++line) {
            const QString text = pane.raw()->lineText(line);
            QVERIFY2(mono.horizontalAdvance(text) <= pane.raw()->viewport()->width(),
                     qPrintable(text));
            whole += text;
        }
        QVERIFY(whole.contains(QStringLiteral("\\x07\\x0e")));
        QLabel* const key = label_with(pane, QStringLiteral("key "));
        QVERIFY(key->geometry().right() <= pane.width());
        QVERIFY(key->fontMetrics().horizontalAdvance(key->text()) > key->width());
        QHelpEvent help(QEvent::ToolTip, key->rect().center(),
                        key->mapToGlobal(key->rect().center()));
        QCoreApplication::sendEvent(key, &help);
        QVERIFY(QToolTip::text().contains(QStringLiteral("\\x07\\x0e")));
    }

    void without_an_id_it_says_what_cannot_be_known() {
        DetailPane pane;
        pane.setDetail(opened({.value = "{}"}));
        QLabel* const said = label_with(pane, QStringLiteral("No event id: known by its coordin"));
        QVERIFY(said != nullptr);
        pane.setDetail(std::make_shared<EventDetail>()); // which has one
        QVERIFY(!said->isVisibleTo(&pane));
    }

    void of_a_large_array_the_tree_says_how_much_it_shows_and_shows_the_rest() {
        std::string value = R"({"items":[0)";
        for (int i = 1; i < 3'000; ++i)
            value += "," + std::to_string(i);
        DetailPane pane;
        pane.resize(400, 600);
        pane.setDetail(opened({.value = value + "]}"}));
        pane.show();
        QVERIFY(QTest::qWaitForWindowExposed(&pane));
        QTreeView& tree = *pane.tree();
        QVERIFY(label_with(pane, QStringLiteral("No event id")) != nullptr);
        const QModelIndex items = tree.model()->index(0, 0, tree.model()->index(0, 0));
        tree.setCurrentIndex(items);
        QTest::keyClick(&tree, Qt::Key_Right);
        QTest::keyClick(&tree, Qt::Key_End);
        const auto more = [&]() -> QPushButton* {
            for (QPushButton* button : pane.findChildren<QPushButton*>())
                if (button->isVisible() && button->text().endsWith(QStringLiteral(" more")))
                    return button;
            return nullptr;
        };
        QTRY_VERIFY(more() != nullptr);
        const auto said = [&] {
            const QString shown = count_text(std::int64_t{tree.model()->rowCount(items)});
            return label_with(pane, shown % QStringLiteral(" of 3,000 shown")) != nullptr;
        };
        QTRY_VERIFY(said());
        QTest::mouseClick(more(), Qt::LeftButton);
        QCOMPARE(tree.model()->rowCount(items), 3'000);
        QVERIFY(tree.hasFocus());
        QTest::keyClick(&tree, Qt::Key_End);
        QCOMPARE(tree.currentIndex().data().toString(), QStringLiteral("2999: 2999"));
        QTRY_VERIFY(more() == nullptr);
    }

    void no_headers_are_said_and_a_null_is_no_text() {
        DetailPane pane;
        pane.setDetail(opened({.value = "{}"}));
        pane.setTab(DetailPane::Headers);
        QVERIFY(label_with(pane, QStringLiteral("No headers")) != nullptr);
        pane.setDetail(opened({.value = "{}", .headers = {{"a", "null"}, {"b", std::nullopt}}}));
        QVERIFY(label_with(pane, QStringLiteral("No headers")) == nullptr);
        const QAbstractItemModel& model = *pane.findChild<QTableView*>()->model();
        QCOMPARE(model.index(0, HeadersModel::Value).data().toString(), QStringLiteral("null"));
        QVERIFY(model.index(1, HeadersModel::Value).data().toString() != QStringLiteral("null"));
    }
};

QTEST_MAIN(TestDetailPane)
#include "tst_detail_pane.moc"
