// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a selection has in common against the rest, drawn: a dimension each, with the value that
// sets it apart, its share inside (blue) and outside (grey), ranked by difference. One of them is
// chosen, by a click or the arrow keys; the events can be narrowed to its value.
// Thread contract: GUI thread only. Bound: a row a dimension.
#pragma once

#include <QWidget>

#include <vector>

#include "models/latency/latency_difference.h"

namespace weir {

class DifferenceList : public QWidget {
    Q_OBJECT
  public:
    explicit DifferenceList(QWidget* parent = nullptr);

    void setDifferences(std::vector<DimensionDifference> differences);
    /// The chosen one; null: there is none.
    const DimensionDifference* chosen() const;
    void setChosen(int index);
    /// "App version 4.7.1: 96 % inside, 3 % outside (1,204 of 1,250 events)"
    QString sentence(int index) const;
    int count() const { return static_cast<int>(m_differences.size()); }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {160, sizeHint().height()}; }

  Q_SIGNALS:
    void chosenChanged();

  protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

  private:
    void drawRow(QPainter& painter, const QRectF& where, int index) const;

    std::vector<DimensionDifference> m_differences;
    int m_chosen = 0;
};

} // namespace weir
