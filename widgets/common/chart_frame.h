// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What stands around the data of a chart over time: the plot's rectangle, both scales, their marks
// and texts, a limit, things that happened. Whoever draws the data asks it where they go.
// Thread contract: GUI thread only; a plain value. Bound: as many marks as there is room for.
#pragma once

#include <QPainter>
#include <QString>

#include <functional>
#include <optional>
#include <vector>

#include "models/event/fold/record_range.h"
#include "widgets/common/zone_clock.h"

namespace weir {

/// Something that happened: a dotted line with its word on top.
struct ChartMark {
    std::int64_t time_us = 0;
    QString text;
};

class ChartFrame {
  public:
    bool compact = false; // without axes, for small multiples
    bool log = false;     // the values' scale; then least > 0
    double least = 0, most = 1;
    std::int64_t from_us = 0, to_us = 1;
    std::function<QString(double)> value_text; // empty: three digits
    /// Values between two with a mark of their own, so many at most; empty: round numbers, or
    /// powers of ten.
    std::function<std::vector<double>(double least, double most, int room)> value_ticks;
    ZoneClock clock;
    std::optional<double> limit;
    QString limit_word;
    std::vector<ChartMark> marks;
    std::vector<RecordRange> unwatched; // hatched: nobody looked, so that nothing is known

    /// Places the plot within `whole`: what the texts of the axes leave.
    void layOut(const QSizeF& whole);
    const QRectF& area() const { return m_area; }
    bool drawable() const { return m_area.width() >= 4 && m_area.height() >= 4; }

    QPointF place(std::int64_t time_us, double value) const;
    /// What lies at a place, within the range that is shown.
    std::int64_t timeAt(qreal x) const;
    double valueAt(qreal y) const;
    QString text(double value) const;

    /// Behind the data.
    void drawGrid(QPainter& painter) const;
    /// Over the data.
    void drawLimit(QPainter& painter) const;
    void drawMarks(QPainter& painter) const;

  private:
    double height(double value) const; // of 0 to 1
    void drawValueTicks(QPainter& painter) const;
    void drawTimeTicks(QPainter& painter) const;
    void drawUnwatched(QPainter& painter) const;

    QRectF m_area;
    QSizeF m_whole;
};

} // namespace weir
