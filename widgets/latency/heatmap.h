// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A heatmap of durations over time, and a band below it for what is negative. A rectangle is chosen
// with the mouse, or with the arrow keys: they move, with Shift they stretch, Enter takes it,
// Escape lets it go. Thread contract: GUI thread only. Bound: LatencyHeatmap's; drawn as one
// picture.
#pragma once

#include <QImage>
#include <QWidget>

#include <memory>
#include <optional>

#include "models/latency/latency_difference.h"
#include "models/latency/latency_heatmap.h"
#include "widgets/common/chart_frame.h"

namespace weir {

class Heatmap : public QWidget {
    Q_OBJECT
  public:
    explicit Heatmap(QWidget* parent = nullptr);

    void setData(std::shared_ptr<const LatencyHeatmap> map);
    void setClock(const ZoneClock& clock);
    /// The target, drawn across; nullopt: there is none.
    void setLimit(std::optional<double> us, const QString& word = {});
    void setMarks(std::vector<ChartMark> marks);
    /// Where nobody watched: hatched.
    void setUnwatched(std::vector<RecordRange> gaps);

    /// What is chosen, in times and durations; it stays while time goes on.
    const std::optional<LatencySelection>& selection() const { return m_selection; }
    void setSelection(std::optional<LatencySelection> selection);
    /// "12 events between 1 s and 1.3 s at 14:03:20", of the cell under the mouse or the keys.
    QString reading() const;

    const ChartFrame& frame() const { return m_frame; }
    QRectF negativeBand() const;
    QSize sizeHint() const override { return {600, 360}; }
    QSize minimumSizeHint() const override { return {280, 160}; }

  Q_SIGNALS:
    void selectionChanged();

  protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

  private:
    static constexpr int negative_row = -1;
    struct Cell {
        int column = 0;
        int row = 0; // negative_row: the band
        bool operator==(const Cell&) const = default;
    };

    void layOut();
    void drawPicture();
    Cell cellAt(const QPointF& at) const;
    LatencySelection spanned(const Cell& a, const Cell& b) const;
    QRectF rectangle(const LatencySelection& selection) const;
    void drawNegative(QPainter& painter) const;
    void drawSelection(QPainter& painter) const;
    void step(int columns, int rows, bool stretch);
    void point(std::optional<Cell> cell, const QPoint& at);

    std::shared_ptr<const LatencyHeatmap> m_map;
    ChartFrame m_frame;
    QImage m_picture; // a pixel a cell
    std::optional<LatencySelection> m_selection;
    std::optional<Cell> m_pointed; // under the mouse or the keys
    std::optional<Cell> m_anchor;  // where a rectangle began
    bool m_dragging = false;
};

} // namespace weir
