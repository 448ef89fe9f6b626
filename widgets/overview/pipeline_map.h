// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The pipeline drawn left to right: a box a stage, with what flows in and out a second, its p95
// against its target, what waits in front of it and what is wrong with it, in words; lines between
// the boxes as wide as what flows through them; below, where events are rejected to. One stage is
// the keyboard's: arrows go from box to box, Enter leads to it.
// Thread contract: GUI thread only. Bound: the workspace's stages.
#pragma once

#include <QWidget>

#include <memory>
#include <optional>
#include <vector>

#include "models/overview/overview.h"

namespace weir {

class PipelineMap : public QWidget {
    Q_OBJECT
  public:
    explicit PipelineMap(QWidget* parent = nullptr);

    void setOverview(std::shared_ptr<const Overview> overview);
    /// -1: there is none.
    int currentStage() const { return m_current; }
    void setCurrentStage(int stage);
    QRect stageRect(int stage) const;
    /// What the box says, for a screen reader and as its tooltip.
    QString stageText(int stage) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

  Q_SIGNALS:
    void currentChanged();
    /// By a double click or Enter.
    void activated(int stage);

  protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    bool event(QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

  private:
    void layOut();
    bool namesFitBesideRates() const;
    int columns() const;
    int rows() const;
    int stageAt(const QPoint& at) const;
    void step(int columns, int rows);
    void paintLinks(QPainter& painter) const;
    void paintDeadLetters(QPainter& painter) const;
    void paintStage(QPainter& painter, int stage) const;
    void paintSpark(QPainter& painter, int stage) const;

    std::shared_ptr<const Overview> m_overview;
    std::vector<QRect> m_boxes; // by stage
    std::vector<int> m_rows;    // by stage
    bool m_rates_below = false; // beside the sparklines; else beside the stages' names
    int m_current = -1;
};

/// What is wrong with a stage, in a few words; empty: nothing.
QString stage_trouble(const OverviewStage& stage);

} // namespace weir
