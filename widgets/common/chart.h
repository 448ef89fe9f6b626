// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lines over time, on Qt Charts: chart.cpp is the only file that includes it (the check of the
// house sees to that). Its owner hands in all points at once, at most at the rate of
// View::chartTick(): one replace a line. Axes, limit and marks are a ChartFrame's.
//
// Where nothing is known the line is broken: a point whose value is NaN. A cursor goes along with
// the mouse or the arrow keys and tells the values there; Enter or a double click activates it.
//
// Thread contract: GUI thread only. Bound: lines_max lines of points_max points; more points are
// thinned to the least and the greatest of each column of pixels.
#pragma once

#include <QWidget>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "widgets/common/chart_frame.h"
#include "widgets/common/theme.h"

namespace weir {

struct ChartPoint {
    std::int64_t time_us = 0;
    double value = 0; // NaN: not known
};

/// The least and the greatest value of each of `columns` equal parts of [from, to), in order of
/// time, and one NaN for each stretch where nothing is known. Points outside are left out but for
/// the nearest on either side, so that lines run to the edge.
std::vector<ChartPoint> thinned(const std::vector<ChartPoint>& points, std::int64_t from_us,
                                std::int64_t to_us, int columns);

class LineChart : public QWidget {
    Q_OBJECT
  public:
    static constexpr std::size_t lines_max = 8;
    static constexpr std::size_t points_max = 2'000; // a line

    enum class Scale {
        Linear, // from 0
        Log,    // what is 0 or less lies on the lower edge
    };
    struct Line {
        QString name;
        Token color = Token::Series1;
        bool dashed = false;
    };
    using Points = std::vector<ChartPoint>; // in order of time

    explicit LineChart(const QString& accessible_name, QWidget* parent = nullptr);
    ~LineChart() override;

    /// Without axes, for small multiples.
    void setCompact();
    void setScale(Scale scale);
    /// How a value is written: "37 ms", "48,210".
    void setValueText(std::function<QString(double)> text);
    void setClock(const ZoneClock& clock);
    /// Replaces all lines; their points are gone. REQUIRES: lines_max at most.
    void setLines(std::vector<Line> lines);

    /// What is shown from now on: [from, to), and the points of each line, in the lines' order.
    /// REQUIRES: as many as there are lines.
    void setData(std::int64_t from_us, std::int64_t to_us, std::vector<Points> points);
    /// A limit, drawn dashed across the plot with its word; nullopt: there is none.
    void setLimit(std::optional<double> value, const QString& word = {});
    void setMarks(std::vector<ChartMark> marks);
    /// Where nobody watched: hatched.
    void setUnwatched(std::vector<RecordRange> gaps);

    /// What is read at the cursor, a line of text each; empty: there is no cursor.
    QStringList reading() const;
    std::optional<std::int64_t> cursorTime() const;
    /// Scales and places, as they are at present.
    const ChartFrame& frame() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

  Q_SIGNALS:
    void cursorMoved();
    /// Enter or a double click: what lies behind this moment is wanted.
    void activated(std::int64_t time_us);

  protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

  private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace weir
