// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The lag over time as a line from zero up, with its greatest value and its first and last time.
// Thread contract: GUI thread only. Bound: the points it is given.
#pragma once

#include <QWidget>

#include <vector>

#include "models/backlog/lag_curve.h"
#include "widgets/common/zone_clock.h"

namespace weir {

class LagLine : public QWidget {
    Q_OBJECT
  public:
    explicit LagLine(QWidget* parent = nullptr);

    /// In order of time; fewer than two are told as what they are.
    void setPoints(std::vector<LagPoint> points);
    const std::vector<LagPoint>& points() const { return m_points; }
    void setClock(const ZoneClock& clock);
    QSize minimumSizeHint() const override { return {200, 90}; }

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    std::vector<LagPoint> m_points;
    ZoneClock m_clock;
};

} // namespace weir
