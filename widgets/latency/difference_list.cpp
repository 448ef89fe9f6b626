// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/latency/difference_list.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

#include "models/live/plain_tooltip.h"
#include "models/live/printable.h"
#include "widgets/common/controls.h"
#include "widgets/common/number_text.h"

namespace weir {
namespace {

constexpr int row_height = 52;
constexpr qreal bar_height = 7;

/// "app_version" as a word: "App version".
QString dimension_word(const std::string& name) {
    QString word = QString::fromStdString(name);
    word.replace(QLatin1Char('_'), QLatin1Char(' '));
    if (!word.isEmpty())
        word[0] = word[0].toUpper();
    return word;
}

} // namespace

DifferenceList::DifferenceList(QWidget* parent)
    : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("What the selection has in common, by dimension"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void DifferenceList::setDifferences(std::vector<DimensionDifference> differences) {
    const std::string before = chosen() == nullptr ? std::string() : chosen()->dimension;
    m_differences = std::move(differences);
    m_chosen = 0;
    for (int i = 0; i < count(); ++i)
        if (m_differences[static_cast<std::size_t>(i)].dimension == before && hasFocus())
            m_chosen = i; // the user is there
    setAccessibleDescription(sentence(m_chosen));
    updateGeometry();
    update();
}

const DimensionDifference* DifferenceList::chosen() const {
    return m_chosen < count() ? &m_differences[static_cast<std::size_t>(m_chosen)] : nullptr;
}

void DifferenceList::setChosen(int index) {
    index = std::clamp(index, 0, std::max(0, count() - 1));
    if (index == m_chosen)
        return;
    m_chosen = index;
    setAccessibleDescription(sentence(index));
    update();
    Q_EMIT chosenChanged();
}

QString DifferenceList::sentence(int index) const {
    if (index < 0 || index >= count())
        return {};
    const DimensionDifference& one = m_differences[static_cast<std::size_t>(index)];
    if (one.alike())
        return tr("%1: all alike").arg(dimension_word(one.dimension));
    QStringList lines;
    for (const ValueShare& value : one.values)
        lines.append(
            tr("%1 %2: %3 inside, %4 outside (%5 of %6 events)")
                .arg(dimension_word(one.dimension), QString::fromStdString(printable(value.value)),
                     share_text(one.share_inside(value)), share_text(one.share_outside(value)),
                     count_text(value.inside), count_text(value.inside + value.outside)));
    return lines.join(QLatin1Char('\n'));
}

QSize DifferenceList::sizeHint() const {
    return {280, count() * row_height};
}

void DifferenceList::drawRow(QPainter& painter, const QRectF& where, int index) const {
    const DimensionDifference& one = m_differences[static_cast<std::size_t>(index)];
    const ValueShare& top = one.values.front();
    const bool alike = one.alike();
    if (index == m_chosen && hasFocus()) {
        painter.setPen(QPen(Theme::color(Token::Accent), 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(where.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    }
    const QRectF inner = where.adjusted(6, 4, -6, -4);
    painter.setFont(Theme::ui_font(13, QFont::DemiBold));
    const QFontMetricsF strong(painter.font());
    const QFontMetricsF plain(Theme::ui_font());
    const qreal baseline = inner.top() + strong.ascent();
    const QString name = dimension_word(one.dimension);
    painter.setPen(Theme::color(Token::Text));
    painter.drawText(QPointF(inner.left(), baseline), name);
    painter.setFont(Theme::ui_font());
    const QString inside = alike ? QString() : share_text(one.share_inside(top));
    const QString outside = alike ? QString() : share_text(one.share_outside(top));
    const qreal outside_width = tabular_width(painter.font(), outside);
    const qreal inside_width = tabular_width(painter.font(), inside);
    const qreal figures = inner.right() - outside_width - inside_width - 8;
    draw_tabular(painter, {figures, baseline}, inside);
    const qreal left = inner.left() + strong.horizontalAdvance(name) + 8;
    const QString value = alike ? tr("all alike") : QString::fromStdString(printable(top.value));
    painter.setPen(Theme::color(alike ? Token::Muted : Token::Text));
    painter.drawText(QPointF(left, baseline),
                     plain.elidedText(value, Qt::ElideRight, std::max(0.0, figures - left - 8)));
    painter.setPen(Theme::color(Token::Muted));
    draw_tabular(painter, {inner.right() - outside_width, baseline}, outside);
    const auto bar = [&](qreal y, double share, Token color) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(Theme::color(Token::Surface2));
        painter.drawRect(QRectF(inner.left(), y, inner.width(), bar_height));
        painter.setBrush(Theme::color(color));
        painter.drawRect(QRectF(inner.left(), y, inner.width() * share, bar_height));
    };
    const qreal y = baseline + strong.descent() + 3;
    bar(y, one.share_inside(top), Token::Series1);
    bar(y + bar_height + 2, one.share_outside(top), Token::Muted);
}

void DifferenceList::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    for (int i = 0; i < count(); ++i)
        drawRow(painter, QRectF(0, i * row_height, width(), row_height), i);
}

void DifferenceList::mousePressEvent(QMouseEvent* event) {
    setChosen(static_cast<int>(event->position().y()) / row_height);
    update();
}

void DifferenceList::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Down)
        setChosen(m_chosen + 1);
    else if (event->key() == Qt::Key_Up)
        setChosen(m_chosen - 1);
    else
        QWidget::keyPressEvent(event);
}

bool DifferenceList::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        auto* const help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), plain_tooltip(sentence(help->y() / row_height)),
                           this);
        return true;
    }
    if (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut)
        update();
    return QWidget::event(event);
}

} // namespace weir
