// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: window
//
// What the Live view shows is whole: rows, hex, names; and a time means what its zone says of it.
#include <QGlyphRun>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QRawFont>
#include <QRegularExpression>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSplitter>
#include <QTextLayout>
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
        QVERIFY(whole());                               // at the width that the pane begins with
        const auto bytes_of = [](const QString& text) { // pairs of digits behind the offset
            static const QRegularExpression pairs(
                QStringLiteral("^[0-9a-f]+  ((?:[0-9a-f]{2} ?)*)"));
            return pairs.match(text).captured(1).count(u' ');
        };
        QVERIFY(hex.lineText(0).startsWith(QStringLiteral("0000  7b 22")));
        const auto narrow = bytes_of(hex.lineText(0));
        QCOMPARE(narrow, 8);
        w.view->resize(1'900, 800);
        w.view->findChild<QSplitter*>()->setSizes({1'000, 800});
        QTRY_VERIFY(bytes_of(hex.lineText(0)) > narrow || hex.lineText(0).size() > 70);
        QVERIFY(whole());
        w.view->findChild<QSplitter*>()->setSizes({1'600, 260});
        QTRY_VERIFY(hex.lineText(0).size() < 50);
        QCOMPARE(bytes_of(hex.lineText(0)), narrow); // never fewer: the rest is scrolled to
        QVERIFY(whole() || hex.horizontalScrollBar()->maximum() > 0);
        QCOMPARE(hex.selectedText().count(u' ') + 1,
                 qsizetype(w.view->detail()->detail()->value.size()));
    }

    void fixed_text_is_drawn_character_by_character() {
        const QFont font = Theme::mono_font(12);
        const QString text = QStringLiteral("</ == != -> :: ===");
        QTextLayout layout(text, font);
        layout.beginLayout();
        layout.createLine();
        layout.endLayout();
        QList<quint32> glyphs;
        for (const QGlyphRun& run : layout.glyphRuns())
            glyphs += run.glyphIndexes();
        QCOMPARE(glyphs, QRawFont::fromFont(font).glyphIndexesForString(text));
    }

    void what_is_empty_gives_way_first_and_keys_last() {
        const ColumnSpec key{ColumnSpec::Kind::Key, {}};
        const ColumnSpec source{ColumnSpec::Kind::Dimension, "source"};
        const ColumnSpec platform{ColumnSpec::Kind::Dimension, "platform"};
        const auto shown = [](Window& w, const ColumnSpec& column) {
            const auto all = w.table().visibleColumns();
            return std::find(all.begin(), all.end(), column) != all.end();
        };
        Window w(0, {990, 634});
        auto events = LiveWorld::purchases(10, 0);
        for (LiveWorldEvent& event : events)
            event.platform.clear();
        w.world.put(0, events);
        QTRY_COMPARE(w.table().rowCount(), 10u);
        QTRY_VERIFY(!shown(w, platform));
        QVERIFY(shown(w, key) && shown(w, source) && shown(w, {ColumnSpec::Kind::Size, {}}));
        w.click(0);
        QTRY_VERIFY(w.view->detail()->isVisible());
        QTRY_VERIFY(!shown(w, source));
        QVERIFY(shown(w, key));
    }

    void a_sorted_title_has_room_for_its_arrow() {
        Window w;
        QTRY_COMPARE(w.table().rowCount(), 1'000u);
        QHeaderView* const header = w.table().header();
        for (const bool chosen : {false, true}) {
            if (chosen)
                w.table().setColumnShown(1, false); // from now on nothing is fitted
            for (int section = 2; section < 5; ++section) {
                QTest::mouseClick(header->viewport(), Qt::LeftButton, {},
                                  QPoint(header->sectionViewportPosition(section) + 10, 8));
                QVERIFY(w.view->sorting().has_value());
                QVERIFY(header->sectionSize(section) >= header->sectionSizeHint(section));
            }
        }
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
