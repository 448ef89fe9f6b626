// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: window
//
// What the Live view shows is whole: rows, hex, names; and a time means what its zone says of it.
#include <QLabel>
#include <QLineEdit>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSplitter>
#include <QtTest>

#include "tests/widgets/live/live_story.h"
#include "widgets/live/byte_view.h"
#include "widgets/live/detail_pane.h"
#include "widgets/live/jump_popup.h"

using namespace weir;
using namespace weir::test;

class TestLiveWhole : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() {
        m_settings = std::make_unique<QTemporaryDir>();
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_settings->path());
        Theme::apply(ThemeChoice::Light);
    }

    void a_time_is_read_with_the_offset_of_its_own_day() {
        Window w;
        auto* const popup = w.view->findChild<JumpPopup*>();
        QSignalSpy chosen(popup, &JumpPopup::chosen);
        const auto jump_to = [&](const char* text) {
            popup->ask({10, 10}, ZoneClock::from_id(QStringLiteral("Europe/Berlin")));
            popup->edit()->setText(QString::fromUtf8(text));
            QTest::keyClick(popup->edit(), Qt::Key_Return);
            return chosen.last().first().value<JumpTarget>();
        };
        // One of the two is not today's offset, whenever this runs.
        QCOMPARE(jump_to("2026-01-15T12:00:00").time->value(), 1'768'474'800'000'000); // 11:00Z
        QCOMPARE(jump_to("2026-07-15 12:00").time->value(), 1'784'109'600'000'000);    // 10:00Z
        QCOMPARE(jump_to("2026-07-15T12:00:00Z").time->value(), 1'784'116'800'000'000);
        const JumpTarget placed = jump_to("3:12"); // no time: a partition has one digit
        QVERIFY(!placed.time);
        QCOMPARE(placed.partition->value(), 3);
        QCOMPARE(placed.offset->value(), 12);
    }

    void hex_is_whole_at_every_width() {
        Window w;
        QTRY_COMPARE(w.table().rowCount(), 1'000u);
        w.click(2);
        QTRY_VERIFY(w.view->detail()->detail());
        w.view->detail()->setTab(DetailPane::Hex);
        ByteView& hex = *w.view->detail()->hex();
        QTRY_VERIFY(hex.isVisible());
        const auto whole = [&] {
            return hex.horizontalScrollBar()->maximum() == 0 &&
                   QFontMetricsF(Theme::mono_font(12)).horizontalAdvance(hex.lineText(0)) <=
                       hex.viewport()->width();
        };
        QVERIFY(whole()); // at the width that the pane begins with
        const auto bytes_of = [](const QString& text) {
            return text.mid(6).trimmed().section(QStringLiteral("  "), 0, 0).count(u' ') + 1;
        };
        QVERIFY(hex.lineText(0).startsWith(QStringLiteral("0000  7b 22")));
        const auto narrow = bytes_of(hex.lineText(0));
        w.view->resize(1'900, 800);
        w.view->findChild<QSplitter*>()->setSizes({1'000, 800});
        QTRY_VERIFY(bytes_of(hex.lineText(0)) > narrow || hex.lineText(0).size() > 70);
        QVERIFY(whole());
        w.view->findChild<QSplitter*>()->setSizes({1'600, 260});
        QTRY_VERIFY(hex.lineText(0).size() < 50);
        QVERIFY(whole());
        QCOMPARE(hex.selectedText().count(u' ') + 1,
                 qsizetype(w.view->detail()->detail()->value.size()));
    }

    void an_export_has_the_columns_that_were_chosen_whatever_there_is_room_for() {
        const QTemporaryDir folder;
        const auto heads = [&](const Window& w) {
            const QString path = folder.filePath(QStringLiteral("rows.csv"));
            w.view->exportTo(path, ExportFormat::Csv);
            if (!QTest::qWaitFor([&] { return !w.view->exporting(); }))
                return QByteArray("not finished");
            QFile file(path);
            return file.open(QIODevice::ReadOnly) ? file.readLine().trimmed() : QByteArray();
        };
        const QByteArray all("time,topic,partition,offset,key,type,source,platform,size,summary,"
                             "value,encoding,key_encoding");
        Window w(1'000, {700, 500});
        QTRY_COMPARE(w.table().rowCount(), 1'000u);
        w.click(0);
        QTRY_VERIFY(w.view->detail()->isVisible());
        QTRY_VERIFY(w.table().visibleColumns().size() < 8);
        QCOMPARE(heads(w), all);
        // What the user hides is hidden; what only had no room is not. Also in the next window.
        w.table().setColumnShown(1, false);
        const QByteArray but_topic = QByteArray(all).replace("topic,", "");
        QCOMPARE(heads(w), but_topic);
        Window other(1'000, {700, 500});
        QTRY_COMPARE(other.table().rowCount(), 1'000u);
        other.view->restoreLayout(w.view->layoutState());
        QCOMPARE(heads(other), but_topic);
    }

    void the_table_shows_whole_rows() {
        for (int height = 700; height < 726; height += 5) {
            Window w(1'000, {1'000, height});
            QTRY_COMPARE(w.table().rowCount(), 1'000u);
            const QImage shot = w.table().viewport()->grab().toImage();
            const int whole = w.table().rowsOnScreen() * Theme::row_height;
            for (int y = whole; y < shot.height(); ++y)
                for (int x = 0; x < shot.width(); ++x)
                    QCOMPARE(shot.pixelColor(x, y), Theme::color(Token::Surface));
            QVERIFY(!w.table().rowAt({50, whole}) || whole >= w.table().viewport()->height());
        }
    }

    void a_thousand_topics_are_not_all_named() {
        Window w(0);
        w.source->watched.clear();
        for (int i = 0; i < 1'000; ++i)
            w.source->watched.append(QStringLiteral("events-%1").arg(i));
        w.source->now.caught_up = true;
        const auto said = [&] {
            for (const QLabel* label : w.view->findChildren<QLabel*>())
                if (label->text().startsWith(QStringLiteral("Waiting for events in ")))
                    return label->text();
            return QString();
        };
        QTRY_COMPARE(said(), QStringLiteral("Waiting for events in events-0, events-1, events-2 "
                                            "and 997 more."));
    }

  private:
    std::unique_ptr<QTemporaryDir> m_settings;
};

QTEST_MAIN(TestLiveWhole)
#include "tst_live_whole.moc"
