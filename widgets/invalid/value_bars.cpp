// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/invalid/value_bars.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

#include "models/invalid/invalid_model.h"
#include "models/live/plain_tooltip.h"
#include "widgets/common/controls.h"
#include "widgets/common/number_text.h"

namespace weir {

namespace {

constexpr int row_height = 30;
constexpr qreal share_width = 58;
constexpr qreal bar_height = 4;

} // namespace

ValueBars::ValueBars(QWidget* parent)
    : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("The values that these events have"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ValueBars::setValues(std::vector<Value> values) {
    const QString before =
        m_values.empty() ? QString() : m_values[static_cast<std::size_t>(m_chosen)].text;
    m_values = std::move(values);
    if (m_values.size() > values_max)
        m_values.resize(values_max);
    m_chosen = 0;
    for (std::size_t i = 0; i < m_values.size(); ++i)
        if (m_values[i].text == before)
            m_chosen = static_cast<int>(i);
    setAccessibleDescription(sentence(m_chosen));
    updateGeometry();
    update();
}

void ValueBars::setChosen(int index) {
    m_chosen = std::clamp(index, 0, std::max(0, static_cast<int>(m_values.size()) - 1));
    setAccessibleDescription(sentence(m_chosen));
    update();
}

QString ValueBars::sentence(int index) const {
    if (index < 0 || index >= static_cast<int>(m_values.size()))
        return {};
    const Value& value = m_values[static_cast<std::size_t>(index)];
    const QString head = tr("%1: %2 events").arg(value.text, count_text(value.events));
    return value.share ? tr("%1, %2 of all that have it").arg(head, invalid_share_text(value.share))
                       : head;
}

QSize ValueBars::sizeHint() const {
    return {220, std::max(1, static_cast<int>(m_values.size())) * row_height};
}

void ValueBars::drawRow(QPainter& painter, const QRectF& where, int index, double most) const {
    const Value& value = m_values[static_cast<std::size_t>(index)];
    if (index == m_chosen) {
        painter.setPen(hasFocus() ? QPen(Theme::color(Token::Accent)) : QPen(Qt::NoPen));
        painter.setBrush(Theme::color(Token::AccentSoft));
        painter.drawRoundedRect(where.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    }
    const QRectF inner = where.adjusted(6, 3, -6, -4);
    painter.setFont(Theme::ui_font(12));
    const QFontMetricsF metrics(painter.font());
    const qreal baseline = inner.top() + metrics.ascent();
    const QString share = invalid_share_text(value.share);
    const QString events = count_text(value.events);
    const qreal events_width = tabular_width(painter.font(), events);
    const qreal events_right = inner.right() - share_width;
    painter.setPen(Theme::color(Token::Text));
    painter.drawText(QPointF(inner.left(), baseline),
                     metrics.elidedText(value.text, Qt::ElideRight,
                                        events_right - events_width - 8 - inner.left()));
    draw_tabular(painter, QPointF(events_right - events_width, baseline), events);
    painter.setPen(Theme::color(Token::Muted));
    draw_tabular(painter, QPointF(inner.right() - tabular_width(painter.font(), share), baseline),
                 share);
    const QRectF track(inner.left(), inner.bottom() - bar_height, inner.width(), bar_height);
    painter.setPen(Qt::NoPen);
    painter.setBrush(Theme::color(Token::Surface2));
    painter.drawRect(track);
    painter.setBrush(Theme::series(0));
    painter.drawRect(QRectF(track.left(), track.top(),
                            track.width() * static_cast<double>(value.events) / most,
                            track.height()));
}

void ValueBars::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (m_values.empty()) {
        painter.setFont(Theme::ui_font(12));
        painter.setPen(Theme::color(Token::Muted));
        painter.drawText(rect(), Qt::AlignLeft | Qt::AlignVCenter, tr("no event in this range"));
        return;
    }
    const double most = static_cast<double>(std::max<std::uint64_t>(1, m_values.front().events));
    for (int i = 0; i < static_cast<int>(m_values.size()); ++i)
        drawRow(painter, QRectF(0, i * row_height, width(), row_height), i, most);
}

int ValueBars::rowAt(const QPointF& where) const {
    const int row = static_cast<int>(where.y()) / row_height;
    return where.y() >= 0 && row < static_cast<int>(m_values.size()) ? row : -1;
}

void ValueBars::mousePressEvent(QMouseEvent* event) {
    if (const int row = rowAt(event->position()); row >= 0)
        setChosen(row);
}

void ValueBars::mouseDoubleClickEvent(QMouseEvent* event) {
    if (rowAt(event->position()) >= 0)
        Q_EMIT activated();
}

void ValueBars::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
    case Qt::Key_Up:
        setChosen(m_chosen - 1);
        return;
    case Qt::Key_Down:
        setChosen(m_chosen + 1);
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (!m_values.empty())
            Q_EMIT activated();
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

bool ValueBars::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        auto* const help = static_cast<QHelpEvent*>(event);
        const QString text = sentence(rowAt(help->pos()));
        if (text.isEmpty())
            QToolTip::hideText();
        else
            QToolTip::showText(help->globalPos(), plain_tooltip(text), this);
        return true;
    }
    return QWidget::event(event);
}

} // namespace weir
