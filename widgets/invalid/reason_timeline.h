// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Invalid events over time, stacked by reason: the largest reasons in colours of their own, which
// they keep, the others in grey. The arrow keys and the mouse read a stretch.
// Thread contract: GUI thread only. Bound: a bar a stretch.
#pragma once

#include <QWidget>

#include <vector>

#include "widgets/common/chart_frame.h"

namespace weir {

class ReasonTimeline : public QWidget {
    Q_OBJECT
  public:
    struct Series {
        QString name;
        int color = 0; // as Theme::series(); negative: the others
    };
    struct Bar {
        std::int64_t begin_us = 0, width_us = 0;
        std::vector<std::uint64_t> events; // by series
    };
    explicit ReasonTimeline(QWidget* parent = nullptr);

    void setClock(const ZoneClock& clock);
    /// REQUIRES: in every bar a count for each series.
    void setData(std::int64_t from_us, std::int64_t to_us, std::vector<Series> series,
                 std::vector<Bar> bars);

    const std::vector<Series>& series() const { return m_series; }
    const std::vector<Bar>& bars() const { return m_bars; }
    /// "14:02: 12 invalid: 8 wrong_type, 4 pattern" of the bar that is read; empty: none is.
    QString reading() const;

    QSize sizeHint() const override { return {600, 132}; }
    QSize minimumSizeHint() const override { return {200, 100}; }

  protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

  private:
    QColor color_of(std::size_t series) const;
    void drawBar(QPainter& painter, const Bar& bar, bool read) const;
    void drawLegend(QPainter& painter, const QRectF& where) const;
    void read(int bar);

    ChartFrame m_frame;
    std::vector<Series> m_series;
    std::vector<Bar> m_bars;
    std::int64_t m_read_begin_us = -1; // of the bar that is read; -1: none
};

} // namespace weir
