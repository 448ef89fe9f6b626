// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/invalid/reason_timeline.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "widgets/common/number_text.h"
#include "widgets/common/theme.h"

namespace weir {

namespace {

constexpr qreal legend_height = 20;
constexpr qreal square = 9;

std::uint64_t sum_of(const ReasonTimeline::Bar& bar) {
    return std::accumulate(bar.events.begin(), bar.events.end(), std::uint64_t{0});
}

} // namespace

ReasonTimeline::ReasonTimeline(QWidget* parent)
    : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAccessibleName(tr("Invalid events over time, by reason"));
    m_frame.value_text = [](double value) { return compact_text(value); };
}

void ReasonTimeline::setClock(const ZoneClock& clock) {
    m_frame.clock = clock;
    update();
}

void ReasonTimeline::setData(std::int64_t from_us, std::int64_t to_us, std::vector<Series> series,
                             std::vector<Bar> bars) {
    m_series = std::move(series);
    m_bars = std::move(bars);
    m_frame.from_us = from_us;
    m_frame.to_us = std::max(to_us, from_us + 1);
    std::uint64_t most = 1;
    std::uint64_t all = 0;
    for (const Bar& bar : m_bars) {
        most = std::max(most, sum_of(bar));
        all += sum_of(bar);
    }
    m_frame.most = static_cast<double>(most);
    setAccessibleDescription(tr("%1 invalid events in %2 stretches")
                                 .arg(count_text(all), count_text(std::uint64_t{m_bars.size()})));
    update();
}

QColor ReasonTimeline::color_of(std::size_t series) const {
    const int color = m_series[series].color;
    return color < 0 ? Theme::color(Token::Muted) : Theme::series(color);
}

void ReasonTimeline::drawBar(QPainter& painter, const Bar& bar, bool read) const {
    const qreal left = m_frame.place(std::max(bar.begin_us, m_frame.from_us), 0).x();
    const qreal right = m_frame.place(std::min(bar.begin_us + bar.width_us, m_frame.to_us), 0).x();
    const qreal width = std::max(1.0, right - left - 1);
    if (read)
        painter.fillRect(QRectF(left, m_frame.area().top(), width, m_frame.area().height()),
                         Theme::color(Token::AccentSoft));
    double below = 0;
    for (std::size_t i = 0; i < m_series.size(); ++i) {
        if (bar.events[i] == 0)
            continue;
        const double above = below + static_cast<double>(bar.events[i]);
        const qreal top = m_frame.place(0, above).y();
        const qreal bottom = m_frame.place(0, below).y();
        painter.fillRect(QRectF(left, top, width, std::max(1.0, bottom - top)), color_of(i));
        below = above;
    }
}

void ReasonTimeline::drawLegend(QPainter& painter, const QRectF& where) const {
    painter.setFont(Theme::ui_font(12));
    const QFontMetricsF metrics(painter.font());
    const QString told = reading();
    if (!told.isEmpty()) {
        painter.setPen(Theme::color(Token::Text));
        painter.drawText(where, Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(told, Qt::ElideRight, where.width()));
        return;
    }
    qreal x = where.left();
    for (std::size_t i = 0; i < m_series.size(); ++i) {
        const QString name = metrics.elidedText(m_series[i].name, Qt::ElideRight, 220);
        const qreal width = square + 6 + metrics.horizontalAdvance(name);
        if (x + width > where.right())
            return;
        painter.fillRect(QRectF(x, where.center().y() - square / 2, square, square), color_of(i));
        painter.setPen(Theme::color(Token::Muted));
        painter.drawText(QRectF(x + square + 6, where.top(), width, where.height()),
                         Qt::AlignLeft | Qt::AlignVCenter, name);
        x += width + 16;
    }
}

void ReasonTimeline::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.translate(0, legend_height);
    m_frame.layOut(QSizeF(width(), height() - legend_height));
    if (m_frame.drawable()) {
        m_frame.drawGrid(painter);
        for (const Bar& bar : m_bars)
            drawBar(painter, bar, bar.begin_us == m_read_begin_us);
    }
    painter.translate(0, -legend_height);
    drawLegend(painter, QRectF(2, 0, width() - 4, legend_height));
    if (hasFocus()) {
        painter.setPen(Theme::color(Token::Accent));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

QString ReasonTimeline::reading() const {
    const auto bar = std::find_if(m_bars.begin(), m_bars.end(), [this](const Bar& one) {
        return one.begin_us == m_read_begin_us;
    });
    if (bar == m_bars.end())
        return {};
    QStringList parts;
    for (std::size_t i = 0; i < m_series.size(); ++i)
        if (bar->events[i] > 0)
            parts.append(count_text(bar->events[i]) % u' ' % m_series[i].name);
    const QString when = m_frame.clock.time(bar->begin_us, Precision::Seconds);
    const QString head = tr("%1 for %2: %3 invalid")
                             .arg(when, duration_text(bar->width_us), count_text(sum_of(*bar)));
    return parts.isEmpty() ? head : head % QStringLiteral(": ") % parts.join(QStringLiteral(", "));
}

void ReasonTimeline::read(int bar) {
    const bool none = bar < 0 || bar >= static_cast<int>(m_bars.size());
    m_read_begin_us = none ? -1 : m_bars[static_cast<std::size_t>(bar)].begin_us;
    update();
}

void ReasonTimeline::mouseMoveEvent(QMouseEvent* event) {
    const std::int64_t time_us = m_frame.timeAt(event->position().x());
    for (std::size_t i = 0; i < m_bars.size(); ++i)
        if (time_us >= m_bars[i].begin_us && time_us < m_bars[i].begin_us + m_bars[i].width_us) {
            read(static_cast<int>(i));
            return;
        }
    read(-1);
}

void ReasonTimeline::leaveEvent(QEvent* event) {
    QWidget::leaveEvent(event);
    read(-1);
}

void ReasonTimeline::focusOutEvent(QFocusEvent* event) {
    QWidget::focusOutEvent(event);
    read(-1);
}

void ReasonTimeline::keyPressEvent(QKeyEvent* event) {
    const int count = static_cast<int>(m_bars.size());
    int at = count; // nothing is read: before the first, and behind the last
    for (int i = 0; i < count; ++i)
        if (m_bars[static_cast<std::size_t>(i)].begin_us == m_read_begin_us)
            at = i;
    switch (event->key()) {
    case Qt::Key_Left:
        read(std::max(0, at - 1));
        return;
    case Qt::Key_Right:
        read(at >= count ? 0 : std::min(count - 1, at + 1));
        return;
    case Qt::Key_Home:
        read(0);
        return;
    case Qt::Key_End:
        read(count - 1);
        return;
    case Qt::Key_Escape:
        read(-1);
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

} // namespace weir
