// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/chart_frame.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

#include "widgets/common/axis_ticks.h"
#include "widgets/common/controls.h"

namespace weir {
namespace {

constexpr qreal text_gap = 6;
constexpr qreal texts_width_least = 40;
constexpr qreal time_text_width = 110; // with the room to its neighbour

} // namespace

void ChartFrame::layOut(const QSizeF& whole) {
    m_whole = whole;
    m_area = QRectF({0, 0}, whole).adjusted(1, 4, -1, -4);
    if (compact)
        return;
    const QFont font = Theme::ui_font(12);
    const QFontMetricsF metrics(font);
    const qreal texts = std::max(
        {tabular_width(font, text(most)), tabular_width(font, text(least)), texts_width_least});
    const qreal top = marks.empty() ? text_gap : metrics.height() + text_gap;
    m_area = QRectF({0, 0}, whole).adjusted(texts + 2 * text_gap, top, -8, -(metrics.height() + 8));
}

double ChartFrame::height(double value) const {
    if (log)
        return std::log(std::max(value, least) / least) / std::log(most / least);
    return (value - least) / (most - least);
}

QPointF ChartFrame::place(std::int64_t time_us, double value) const {
    const double x = static_cast<double>(time_us - from_us) / static_cast<double>(to_us - from_us);
    return {m_area.left() + x * m_area.width(), m_area.bottom() - height(value) * m_area.height()};
}

std::int64_t ChartFrame::timeAt(qreal x) const {
    const double share = std::clamp((x - m_area.left()) / m_area.width(), 0.0, 1.0);
    return from_us + std::llround(share * static_cast<double>(to_us - from_us));
}

double ChartFrame::valueAt(qreal y) const {
    const double share = std::clamp((m_area.bottom() - y) / m_area.height(), 0.0, 1.0);
    return log ? least * std::pow(most / least, share) : least + share * (most - least);
}

QString ChartFrame::text(double value) const {
    return value_text ? value_text(value) : QString::number(value, 'g', 3);
}

void ChartFrame::drawGrid(QPainter& painter) const {
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setFont(Theme::ui_font(12));
    drawUnwatched(painter);
    if (compact) {
        painter.setPen(Theme::color(Token::Grid));
        painter.drawLine(m_area.bottomLeft(), m_area.bottomRight());
    } else {
        drawValueTicks(painter);
        drawTimeTicks(painter);
    }
    painter.setRenderHint(QPainter::Antialiasing, true);
}

void ChartFrame::drawUnwatched(QPainter& painter) const {
    for (const RecordRange& gap : unwatched) {
        const qreal left = place(std::max(gap.from_us, from_us), least).x();
        const qreal right = place(std::min(gap.to_us, to_us), least).x();
        if (right > left)
            painter.fillRect(QRectF(left, m_area.top(), right - left, m_area.height()),
                             QBrush(Theme::color(Token::Border), Qt::BDiagPattern));
    }
}

void ChartFrame::drawValueTicks(QPainter& painter) const {
    const QFontMetricsF metrics(painter.font());
    const int room = std::max(2, static_cast<int>(m_area.height() / (2.5 * metrics.height())));
    std::vector<double> ticks = value_ticks ? value_ticks(least, most, room)
                                : log       ? decade_ticks(least, most, room)
                                            : number_ticks(least, most, room);
    if (ticks.size() < 2 && log) // less than a decade: its ends are told
        ticks = {least, most};
    for (const double tick : ticks) {
        const qreal y = std::round(place(from_us, tick).y());
        painter.setPen(Theme::color(Token::Grid));
        painter.drawLine(QPointF(m_area.left(), y), QPointF(m_area.right(), y));
        painter.setPen(Theme::color(Token::Muted));
        const QString written = text(tick);
        const qreal width = tabular_width(painter.font(), written);
        draw_tabular(painter, {m_area.left() - text_gap - width, y + metrics.ascent() / 2 - 1},
                     written);
    }
}

void ChartFrame::drawTimeTicks(QPainter& painter) const {
    const QFontMetricsF metrics(painter.font());
    const int room = std::max(2, static_cast<int>(m_area.width() / time_text_width));
    for (const TimeTick& tick : time_ticks(from_us, to_us, room, clock)) {
        const qreal x = std::round(place(tick.time_us, most).x());
        painter.setPen(Theme::color(Token::Grid));
        painter.drawLine(QPointF(x, m_area.bottom()), QPointF(x, m_area.bottom() + 4));
        painter.setPen(Theme::color(Token::Muted));
        const qreal width = tabular_width(painter.font(), tick.text);
        const qreal left = std::clamp(x - width / 2, 0.0, std::max(0.0, m_whole.width() - width));
        draw_tabular(painter, {left, m_area.bottom() + 4 + metrics.ascent()}, tick.text);
    }
}

void ChartFrame::drawLimit(QPainter& painter) const {
    if (!limit)
        return;
    const qreal y = std::round(place(from_us, *limit).y()) + 0.5;
    QPen dashes(Theme::color(Token::Amber), 1);
    dashes.setDashPattern({5, 3});
    painter.setPen(dashes);
    painter.drawLine(QPointF(m_area.left(), y), QPointF(m_area.right(), y));
    if (compact || limit_word.isEmpty())
        return;
    painter.setFont(Theme::ui_font(12, QFont::DemiBold));
    const QFontMetricsF metrics(painter.font());
    const bool above = y - metrics.height() > m_area.top();
    painter.drawText(QPointF(m_area.left() + text_gap, above ? y - 4 : y + metrics.ascent() + 2),
                     limit_word);
}

void ChartFrame::drawMarks(QPainter& painter) const {
    painter.setFont(Theme::ui_font(12));
    const QFontMetricsF metrics(painter.font());
    qreal taken = 0; // up to here words stand already
    for (const ChartMark& mark : marks) {
        if (mark.time_us < from_us || mark.time_us >= to_us)
            continue;
        const qreal x = std::round(place(mark.time_us, most).x()) + 0.5;
        painter.setPen(QPen(Theme::color(Token::Muted), 1, Qt::DotLine));
        painter.drawLine(QPointF(x, m_area.top()), QPointF(x, m_area.bottom()));
        const qreal width = metrics.horizontalAdvance(mark.text);
        const qreal left = std::clamp(x - width / 2, 0.0, std::max(0.0, m_whole.width() - width));
        if (compact || left < taken)
            continue;
        painter.drawText(QPointF(left, m_area.top() - 4), mark.text);
        taken = left + width + text_gap;
    }
}

} // namespace weir
