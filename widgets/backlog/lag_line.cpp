// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/backlog/lag_line.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

#include "widgets/common/number_text.h"
#include "widgets/common/theme.h"

namespace weir {

namespace {

constexpr int label_height = 16;
constexpr qreal line_width = 1.6;

} // namespace

LagLine::LagLine(QWidget* parent)
    : QWidget(parent) {
    setAccessibleName(tr("Lag over time"));
}

void LagLine::setPoints(std::vector<LagPoint> points) {
    m_points = std::move(points);
    double most = 0;
    for (const LagPoint& point : m_points)
        most = std::max(most, point.lag);
    setAccessibleDescription(m_points.empty()
                                 ? tr("no looks yet")
                                 : tr("now %1 offsets, at most %2")
                                       .arg(count_text(std::lround(m_points.back().lag)),
                                            count_text(std::lround(most))));
    update();
}

void LagLine::setClock(const ZoneClock& clock) {
    m_clock = clock;
    update();
}

void LagLine::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    painter.setFont(Theme::ui_font(12));
    painter.setPen(Theme::color(Token::Muted));
    if (m_points.size() < 2) {
        painter.drawText(rect(), Qt::AlignCenter, tr("A line takes two looks."));
        return;
    }
    double most = 1;
    double least = 0;
    for (const LagPoint& point : m_points) {
        most = std::max(most, point.lag);
        least = std::min(least, point.lag);
    }
    const QRectF plot = QRectF(rect()).adjusted(1, label_height + 4, -1, -label_height - 4);
    const std::int64_t from = m_points.front().at.value();
    const double span = std::max(1.0, static_cast<double>(m_points.back().at.value() - from));
    const auto y_of = [&](double lag) {
        return plot.bottom() - (lag - least) / (most - least) * plot.height();
    };
    painter.drawText(QRectF(plot.left(), 0, plot.width(), label_height), Qt::AlignLeft,
                     tr("lag in offsets, at most %1").arg(count_text(std::lround(most))));
    const QRectF below(plot.left(), plot.bottom() + 4, plot.width(), label_height);
    painter.drawText(below, Qt::AlignLeft, m_clock.time(from, Precision::Seconds));
    painter.drawText(below, Qt::AlignRight,
                     m_clock.time(m_points.back().at.value(), Precision::Seconds));
    painter.setPen(Theme::color(Token::Grid));
    for (const double lag : {0.0, most})
        painter.drawLine(QPointF(plot.left(), y_of(lag)), QPointF(plot.right(), y_of(lag)));
    QPolygonF line;
    for (const LagPoint& point : m_points)
        line.append(
            {plot.left() + static_cast<double>(point.at.value() - from) / span * plot.width(),
             y_of(point.lag)});
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(Theme::series(0), line_width));
    painter.drawPolyline(line);
}

} // namespace weir
