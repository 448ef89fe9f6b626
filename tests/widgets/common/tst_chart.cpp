// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Lines over time: what of them is drawn, and how they are read by mouse and keys.
#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <random>

#include "widgets/common/chart.h"

using namespace weir;

namespace {

constexpr std::int64_t second_us = 1'000'000;
constexpr std::int64_t begin_us = 1'795'521'600 * second_us;

LineChart::Points points(std::initializer_list<double> values) {
    LineChart::Points all;
    for (const double value : values)
        all.push_back({begin_us + static_cast<std::int64_t>(all.size()) * second_us, value});
    return all;
}

/// A chart of two lines over ten seconds, as large as in a view.
std::unique_ptr<LineChart> chart() {
    auto made = std::make_unique<LineChart>(QStringLiteral("Lag of group billing"));
    made->resize(600, 300);
    made->setValueText([](double value) { return QStringLiteral("%1 ms").arg(value); });
    made->setLines(
        {{QStringLiteral("p50"), Token::Series1}, {QStringLiteral("p95"), Token::Series2}});
    made->setData(begin_us, begin_us + 10 * second_us,
                  {points({10, 20, 30, 40}), points({50, NAN, 70, 80})});
    return made;
}

/// How many pixels of the picture have about that colour.
int coloured(const QImage& picture, const QColor& color, const QRect& within) {
    int count = 0;
    for (int y = within.top(); y <= within.bottom(); ++y)
        for (int x = within.left(); x <= within.right(); ++x) {
            const QColor here = picture.pixelColor(x, y);
            count += std::abs(here.red() - color.red()) + std::abs(here.green() - color.green()) +
                                 std::abs(here.blue() - color.blue()) <
                             60
                         ? 1
                         : 0;
        }
    return count;
}

} // namespace

class ChartTest : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() { Theme::apply(ThemeChoice::Light); }

    void few_points_are_drawn_as_they_are() {
        const LineChart::Points few = points({1, 2, 3});
        QCOMPARE(thinned(few, begin_us, begin_us + 3 * second_us, 100).size(), few.size());
    }

    void many_points_keep_the_least_and_the_greatest_of_each_column() {
        std::mt19937 random(5);
        LineChart::Points many;
        constexpr int columns = 100;
        constexpr int each = 1'000;
        for (int i = 0; i < columns * each; ++i)
            many.push_back({begin_us + i * 1'000, static_cast<double>(random() % 100'000)});
        const auto kept = thinned(many, begin_us, begin_us + columns * each * 1'000, columns);
        QVERIFY(kept.size() <= 2 * columns);
        QVERIFY(std::is_sorted(kept.begin(), kept.end(),
                               [](const auto& a, const auto& b) { return a.time_us < b.time_us; }));
        for (int column = 0; column < columns; ++column) {
            const auto [least, most] = std::minmax_element(
                many.begin() + column * each, many.begin() + (column + 1) * each,
                [](const auto& a, const auto& b) { return a.value < b.value; });
            for (const ChartPoint& extreme : {*least, *most})
                QVERIFY(std::any_of(kept.begin(), kept.end(), [&](const ChartPoint& point) {
                    return point.value == extreme.value &&
                           point.time_us / (each * 1'000) == extreme.time_us / (each * 1'000);
                }));
        }
    }

    void a_gap_stays_a_gap_and_lines_run_to_the_edge() {
        LineChart::Points many;
        for (int i = 0; i < 10'000; ++i)
            many.push_back({begin_us + i * 1'000, i >= 4'000 && i < 5'000 ? NAN : 1.0});
        const auto kept = thinned(many, begin_us + 1'000'000, begin_us + 9'000'000, 50);
        QCOMPARE(std::count_if(kept.begin(), kept.end(),
                               [](const ChartPoint& point) { return std::isnan(point.value); }),
                 std::ptrdiff_t(1));
        QVERIFY(kept.front().time_us < begin_us + 1'000'000);
        QVERIFY(kept.back().time_us >= begin_us + 9'000'000);
    }

    void the_axis_starts_at_nothing_and_has_room_for_the_limit() {
        const auto made = chart();
        QCOMPARE(made->frame().least, 0.0);
        QVERIFY(made->frame().most > 80);
        made->setLimit(400, QStringLiteral("target 400 ms"));
        QVERIFY(made->frame().most > 400);
        made->setScale(LineChart::Scale::Log);
        QVERIFY(made->frame().least > 0 && made->frame().least < 10);
    }

    void each_line_is_seen_and_nothing_where_nothing_is_known() {
        const auto made = chart();
        const QImage picture = made->grab().toImage();
        const QRect area = made->frame().area().toRect();
        QVERIFY(coloured(picture, Theme::color(Token::Series1), area) > 100);
        QVERIFY(coloured(picture, Theme::color(Token::Series2), area) > 50);
        QRect gap = area; // between the only point before the gap and the first one after it
        gap.setLeft(static_cast<int>(made->frame().place(begin_us + second_us / 2, 0).x()));
        gap.setRight(static_cast<int>(made->frame().place(begin_us + 2 * second_us, 0).x()) - 4);
        QCOMPARE(coloured(picture, Theme::color(Token::Series2), gap), 0);
    }

    void arrow_keys_walk_along_the_points_and_enter_opens_what_lies_behind() {
        const auto made = chart();
        made->show();
        QVERIFY(QTest::qWaitForWindowExposed(made.get()));
        made->setFocus();
        QSignalSpy opened(made.get(), &LineChart::activated);
        QTest::keyClick(made.get(), Qt::Key_Left); // the newest comes first
        QCOMPARE(made->cursorTime(), std::optional(begin_us + 3 * second_us));
        QTest::keyClick(made.get(), Qt::Key_Left);
        QTest::keyClick(made.get(), Qt::Key_Left);
        QCOMPARE(made->reading().mid(1),
                 QStringList({QStringLiteral("p50  20 ms"), QStringLiteral("p95  no data")}));
        QVERIFY(made->accessibleDescription().contains(QStringLiteral("p50  20 ms")));
        QTest::keyClick(made.get(), Qt::Key_Return);
        QCOMPARE(opened.size(), 1);
        QCOMPARE(opened.front().front().toLongLong(), begin_us + second_us);
        QTest::keyClick(made.get(), Qt::Key_Escape);
        QVERIFY(made->reading().isEmpty());
    }

    void the_mouse_finds_the_nearest_point() {
        const auto made = chart();
        made->show();
        QVERIFY(QTest::qWaitForWindowExposed(made.get()));
        QWidget* const plot = made->childAt(made->rect().center());
        const QPointF near = made->frame().place(begin_us + 2 * second_us + 200'000, 5);
        QTest::mouseMove(plot, near.toPoint());
        QTRY_COMPARE(made->cursorTime(), std::optional(begin_us + 2 * second_us));
    }

    void nothing_to_draw_and_sudden_changes_do_no_harm() {
        const auto made = chart();
        made->setData(begin_us, begin_us, {{}, {}});
        made->setData(0, second_us, {points({1}), points({NAN})});
        made->setLines({});
        made->setData(0, 1, {});
        made->resize(10, 10);
        made->setLines({{QStringLiteral("only"), Token::Series3}});
        made->setData(begin_us, begin_us + second_us, {points({0, 0, 0})});
        made->setScale(LineChart::Scale::Log);
        made->grab();
        Theme::apply(ThemeChoice::Dark);
        made->resize(400, 200);
        made->grab();
        Theme::apply(ThemeChoice::Light);
    }
};

QTEST_MAIN(ChartTest)
#include "tst_chart.moc"
