// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/latency/heatmap.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

#include "connectors/base/time_units.h"
#include "models/live/plain_tooltip.h"
#include "widgets/common/axis_ticks.h"
#include "widgets/common/heat_colors.h"
#include "widgets/common/number_text.h"
#include "widgets/common/theme.h"

namespace weir {
namespace {

constexpr qreal band_height = 14;
constexpr qreal band_gap = 24; // the time axis stands between

QString duration_of(double us) {
    return duration_text(static_cast<std::int64_t>(std::llround(us)));
}

std::int64_t floor_to(std::int64_t time_us, std::int64_t step_us) {
    const std::int64_t rest = time_us % step_us;
    return time_us - (rest < 0 ? rest + step_us : rest);
}

/// One of heat_steps, by the logarithm: the few slow ones must be seen beside the many quick ones.
int step_of(std::uint64_t count, std::uint64_t most) {
    if (most <= 1)
        return heat_steps - 1;
    const double share = std::log(static_cast<double>(count)) / std::log(static_cast<double>(most));
    const auto step = static_cast<int>(std::lround(share * (heat_steps - 1)));
    return std::clamp(step, 0, heat_steps - 1);
}

} // namespace

Heatmap::Heatmap(QWidget* parent)
    : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAccessibleName(tr("Heatmap of durations over time"));
    m_frame.log = true;
    m_frame.least = 1;
    m_frame.most = 10;
    m_frame.value_text = duration_of;
    m_frame.value_ticks = duration_ticks;
}

void Heatmap::setData(std::shared_ptr<const LatencyHeatmap> map) {
    m_map = std::move(map);
    if (m_map) {
        m_frame.from_us = m_map->from_us;
        m_frame.to_us = m_map->to_us();
        m_frame.least = m_map->edge_us(0);
        m_frame.most = m_map->edge_us(m_map->rows);
    }
    drawPicture();
    layOut();
    update();
}

void Heatmap::setClock(const ZoneClock& clock) {
    m_frame.clock = clock;
    update();
}

void Heatmap::setLimit(std::optional<double> us, const QString& word) {
    m_frame.limit = us;
    m_frame.limit_word = word;
    update();
}

void Heatmap::setMarks(std::vector<ChartMark> marks) {
    m_frame.marks = std::move(marks);
    layOut();
    update();
}

void Heatmap::setUnwatched(std::vector<RecordRange> gaps) {
    m_frame.unwatched = std::move(gaps);
    update();
}

void Heatmap::setSelection(std::optional<LatencySelection> selection) {
    if (selection == m_selection)
        return;
    m_selection = selection;
    update();
    Q_EMIT selectionChanged();
}

// ---- places

void Heatmap::layOut() {
    m_frame.layOut({static_cast<qreal>(width()), height() - band_height - 4});
}

QRectF Heatmap::negativeBand() const {
    const QRectF& area = m_frame.area();
    return {area.left(), area.bottom() + band_gap, area.width(), band_height};
}

Heatmap::Cell Heatmap::cellAt(const QPointF& at) const {
    const double share = static_cast<double>(m_frame.timeAt(at.x()) - m_map->from_us) /
                         static_cast<double>(m_map->column_us);
    const int column = std::clamp(static_cast<int>(share), 0, static_cast<int>(m_map->columns) - 1);
    if (at.y() >= negativeBand().top() - 2)
        return {column, negative_row};
    return {column, static_cast<int>(m_map->row_of(m_frame.valueAt(at.y())))};
}

/// The rectangle with these corners. Its times are whole minutes: dimensions are kept by those.
LatencySelection Heatmap::spanned(const Cell& a, const Cell& b) const {
    const auto [first, last] = std::minmax(a.column, b.column);
    LatencySelection made;
    made.time.from_us = floor_to(m_map->from_us + first * m_map->column_us, minute_us);
    made.time.to_us =
        floor_to(m_map->from_us + (last + 1) * m_map->column_us - 1, minute_us) + minute_us;
    if (a.row == negative_row) { // it began in the band and stays there
        made.least_us = INT64_MIN;
        made.most_us = 0;
        return made;
    }
    const int low = std::max(0, std::min(a.row, b.row));
    const int high = std::max({0, a.row, b.row});
    const auto edge = [&](int row) {
        return std::llround(m_map->edge_us(static_cast<std::size_t>(row)));
    };
    made.least_us = low == 0 ? 0 : edge(low);
    made.most_us = edge(high + 1);
    if (high + 1 == static_cast<int>(m_map->rows))
        made.most_us = INT64_MAX;
    return made;
}

QRectF Heatmap::rectangle(const LatencySelection& selection) const {
    const QRectF& area = m_frame.area();
    const qreal left = m_frame.place(selection.time.from_us, m_frame.most).x();
    const qreal right = m_frame.place(selection.time.to_us, m_frame.most).x();
    QRectF where(QPointF(left, negativeBand().top()), QPointF(right, negativeBand().bottom()));
    if (selection.most_us > 0) {
        const auto y = [&](std::int64_t us) {
            return m_frame
                .place(m_frame.from_us,
                       std::clamp(static_cast<double>(us), m_frame.least, m_frame.most))
                .y();
        };
        where.setTop(y(selection.most_us));
        where.setBottom(selection.least_us == 0 ? area.bottom() : y(selection.least_us));
    }
    where.setLeft(std::max(where.left(), area.left()));
    where.setRight(std::min(where.right(), area.right()));
    return where;
}

// ---- drawing

void Heatmap::drawPicture() {
    m_picture = QImage();
    if (!m_map || m_map->columns == 0 || m_map->rows == 0)
        return;
    m_picture = QImage(static_cast<int>(m_map->columns), static_cast<int>(m_map->rows),
                       QImage::Format_ARGB32_Premultiplied);
    m_picture.fill(Qt::transparent);
    for (std::size_t column = 0; column < m_map->columns; ++column)
        for (std::size_t row = 0; row < m_map->rows; ++row)
            if (const std::uint64_t count = m_map->at(column, row); count > 0)
                m_picture.setPixelColor(static_cast<int>(column),
                                        static_cast<int>(m_map->rows - 1 - row),
                                        heat_color(step_of(count, m_map->most)));
}

void Heatmap::drawNegative(QPainter& painter) const {
    const QRectF band = negativeBand();
    painter.setPen(Qt::NoPen);
    painter.setBrush(Theme::color(Token::Surface2));
    painter.drawRect(band);
    std::uint64_t most = 0;
    std::uint64_t total = 0;
    for (const std::uint64_t count : m_map->negative) {
        most = std::max(most, count);
        total += count;
    }
    const qreal width = band.width() / static_cast<qreal>(m_map->columns);
    for (std::size_t column = 0; column < m_map->columns; ++column)
        if (m_map->negative[column] > 0) {
            painter.setBrush(heat_color(step_of(m_map->negative[column], most)));
            painter.drawRect(QRectF(band.left() + static_cast<qreal>(column) * width, band.top(),
                                    width, band.height()));
        }
    painter.setFont(Theme::ui_font(12));
    painter.setPen(Theme::color(total > 0 ? Token::Amber : Token::Muted));
    const QString word = total > 0 ? tr("▲ below 0") : tr("below 0");
    painter.drawText(QRectF(0, band.top() - 2, band.left() - 6, band.height() + 4),
                     Qt::AlignRight | Qt::AlignVCenter, word);
    if (total == 0)
        painter.drawText(band.adjusted(6, -2, 0, 2), Qt::AlignLeft | Qt::AlignVCenter,
                         tr("no negative durations"));
}

void Heatmap::drawSelection(QPainter& painter) const {
    painter.setBrush(Qt::NoBrush);
    if (m_selection) {
        painter.setPen(QPen(Theme::color(Token::Accent), 2));
        const QRectF where = rectangle(*m_selection);
        if (where.width() > 0) {
            QColor veil = Theme::color(Token::Accent);
            veil.setAlphaF(0.08F);
            painter.fillRect(where, veil);
            painter.drawRect(where);
        }
    }
    if (m_pointed) {
        painter.setPen(QPen(Theme::color(Token::Text), 1));
        const QRectF& area = m_frame.area();
        const qreal width = area.width() / static_cast<qreal>(m_map->columns);
        const qreal height = area.height() / static_cast<qreal>(m_map->rows);
        const qreal left = area.left() + m_pointed->column * width;
        painter.drawRect(
            m_pointed->row == negative_row
                ? QRectF(left, negativeBand().top(), width, band_height)
                : QRectF(left, area.bottom() - (m_pointed->row + 1) * height, width, height));
    }
}

void Heatmap::paintEvent(QPaintEvent*) {
    if (!m_map || !m_frame.drawable())
        return;
    QPainter painter(this);
    m_frame.drawGrid(painter);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.drawImage(m_frame.area(), m_picture);
    drawNegative(painter);
    m_frame.drawLimit(painter);
    m_frame.drawMarks(painter);
    painter.setRenderHint(QPainter::Antialiasing, true);
    drawSelection(painter);
    if (hasFocus()) {
        painter.setPen(QPen(Theme::color(Token::Accent), 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(m_frame.area());
    }
}

void Heatmap::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    layOut();
}

void Heatmap::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        drawPicture();
}

// ---- mouse and keys

QString Heatmap::reading() const {
    if (!m_pointed || !m_map || m_pointed->column >= static_cast<int>(m_map->columns) ||
        m_pointed->row >= static_cast<int>(m_map->rows))
        return {};
    const auto column = static_cast<std::size_t>(m_pointed->column);
    const QString when = m_frame.clock.time(m_map->from_us + m_pointed->column * m_map->column_us,
                                            Precision::Seconds);
    if (m_pointed->row == negative_row)
        return tr("%1 events below 0, in the %2 from %3")
            .arg(count_text(m_map->negative[column]), duration_text(m_map->column_us), when);
    const auto row = static_cast<std::size_t>(m_pointed->row);
    const QString count = count_text(m_map->at(column, row));
    const QString most = duration_of(m_map->edge_us(row + 1));
    if (row == 0)
        return tr("%1 events up to %2, in the %3 from %4")
            .arg(count, most, duration_text(m_map->column_us), when);
    return tr("%1 events between %2 and %3, in the %4 from %5")
        .arg(count, duration_of(m_map->edge_us(row)), most, duration_text(m_map->column_us), when);
}

/// `at`: where a tooltip tells of the cell; null: nowhere.
void Heatmap::point(std::optional<Cell> cell, const QPoint& at) {
    if (cell == m_pointed)
        return;
    m_pointed = cell;
    update();
    const QString text = reading();
    setAccessibleDescription(text);
    if (text.isEmpty() || at.isNull())
        QToolTip::hideText();
    else
        QToolTip::showText(at, plain_tooltip(text), this);
}

void Heatmap::mousePressEvent(QMouseEvent* event) {
    if (!m_map || event->button() != Qt::LeftButton)
        return;
    m_anchor = cellAt(event->position());
    m_dragging = true;
}

void Heatmap::mouseMoveEvent(QMouseEvent* event) {
    if (!m_map)
        return;
    const Cell here = cellAt(event->position());
    point(here, event->globalPosition().toPoint());
    if (m_dragging && m_anchor && !(here == *m_anchor)) {
        m_selection = spanned(*m_anchor, here);
        update();
    }
}

void Heatmap::mouseReleaseEvent(QMouseEvent* event) {
    if (!m_map || !m_dragging || event->button() != Qt::LeftButton)
        return;
    m_dragging = false;
    const Cell here = cellAt(event->position());
    if (here == *m_anchor) // a click beside it lets the rectangle go
        m_selection.reset();
    else
        m_selection = spanned(*m_anchor, here);
    m_anchor.reset();
    update();
    Q_EMIT selectionChanged();
}

void Heatmap::leaveEvent(QEvent* event) {
    QWidget::leaveEvent(event);
    if (!hasFocus())
        point(std::nullopt, {});
}

void Heatmap::step(int columns, int rows, bool stretch) {
    const auto last_column = static_cast<int>(m_map->columns) - 1;
    const auto last_row = static_cast<int>(m_map->rows) - 1;
    if (!m_pointed) {
        point(Cell{last_column, last_row / 2}, {});
        return;
    }
    if (stretch && !m_anchor)
        m_anchor = *m_pointed;
    const Cell next{std::clamp(m_pointed->column + columns, 0, last_column),
                    std::clamp(m_pointed->row + rows, negative_row, last_row)};
    const QPointF beside(m_frame.area().left(), m_frame.area().top());
    point(next, mapToGlobal(beside.toPoint()));
    if (!stretch)
        m_anchor.reset();
    else
        m_selection = spanned(*m_anchor, next);
    update();
}

void Heatmap::keyPressEvent(QKeyEvent* event) {
    if (!m_map || m_map->columns == 0)
        return;
    const bool stretch = event->modifiers().testFlag(Qt::ShiftModifier);
    switch (event->key()) {
    case Qt::Key_Left:
        return step(-1, 0, stretch);
    case Qt::Key_Right:
        return step(1, 0, stretch);
    case Qt::Key_Up:
        return step(0, 1, stretch);
    case Qt::Key_Down:
        return step(0, -1, stretch);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_pointed) {
            m_selection = spanned(m_anchor.value_or(*m_pointed), *m_pointed);
            m_anchor.reset();
            update();
            Q_EMIT selectionChanged();
        }
        return;
    case Qt::Key_Escape:
        m_anchor.reset();
        setSelection(std::nullopt);
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

void Heatmap::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    update();
}

void Heatmap::focusOutEvent(QFocusEvent* event) {
    QWidget::focusOutEvent(event);
    m_anchor.reset();
    point(std::nullopt, {});
    update();
}

} // namespace weir
