// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/rail.h"

#include <QButtonGroup>
#include <QKeyEvent>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

#include "widgets/common/controls.h"

namespace weir {

RailButton::RailButton(Icon which, const QString& title, QWidget* parent)
    : QAbstractButton(parent)
    , m_icon(which) {
    setText(title);
    setCheckable(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAttribute(Qt::WA_Hover);
}

void RailButton::setBadge(const ViewBadge& badge) {
    if (badge.kind == m_badge.kind && badge.count == m_badge.count && badge.why == m_badge.why)
        return;
    m_badge = badge;
    setAccessibleDescription(badge.why);
    update();
}

void RailButton::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (isChecked()) {
        painter.fillRect(rect(), Theme::color(Token::AccentSoft));
        painter.fillRect(QRect(0, 0, 3, height()), Theme::color(Token::Accent));
    } else if (underMouse()) {
        painter.fillRect(rect(), Theme::color(Token::Surface2));
    }
    weir::icon(m_icon, isChecked() ? Token::Accent : Token::Muted)
        .paint(&painter, QRect(14, (height() - 16) / 2, 16, 16));
    painter.setFont(Theme::ui_font(13, isChecked() ? QFont::DemiBold : QFont::Normal));
    painter.setPen(Theme::color(Token::Text));
    painter.drawText(rect().adjusted(38, 0, -40, 0), Qt::AlignLeft | Qt::AlignVCenter, text());
    if (m_badge.kind != ViewBadge::Kind::None) {
        const bool alarm = m_badge.kind == ViewBadge::Kind::Alarm;
        const QString number =
            m_badge.count > 99 ? QStringLiteral("99+") : QString::number(m_badge.count);
        const QFont font = Theme::ui_font(11, QFont::DemiBold);
        const int width = std::max(18, QFontMetrics(font).horizontalAdvance(number) + 10);
        const QRectF pill(this->width() - width - 12, (height() - 18) / 2.0, width, 18);
        painter.setPen(Qt::NoPen);
        painter.setBrush(Theme::color(alarm ? Token::RedSoft : Token::AmberSoft));
        painter.drawRoundedRect(pill, 9, 9);
        painter.setPen(Theme::color(alarm ? Token::Red : Token::Amber));
        painter.setFont(font);
        painter.drawText(pill, Qt::AlignCenter, number);
    }
    if (hasFocus()) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(Theme::color(Token::Accent), 1.5));
        painter.drawRoundedRect(QRectF(rect()).adjusted(4.5, 2.5, -4.5, -2.5), 4, 4);
    }
}

Rail::Rail(QWidget* parent)
    : QWidget(parent)
    , m_group(new QButtonGroup(this))
    , m_items(new QVBoxLayout)
    , m_foot(new QVBoxLayout) {
    setFixedWidth(148);
    setAccessibleName(tr("Views"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 8, 1, 8);
    column->setSpacing(0);
    m_items->setSpacing(0);
    m_foot->setContentsMargins(8, 0, 8, 0);
    m_foot->setSpacing(4);
    column->addLayout(m_items);
    column->addStretch();
    column->addLayout(m_foot);
    connect(m_group, &QButtonGroup::idClicked, this, &Rail::chosen);
}

int Rail::add(Icon which, const QString& title, const QString& shortcut) {
    auto* made = new RailButton(which, title, this);
    const int index = static_cast<int>(m_buttons.size());
    made->setToolTip(shortcut.isEmpty() ? title : tr("%1 (%2)").arg(title, shortcut));
    m_group->addButton(made, index);
    m_items->addWidget(made);
    m_buttons.push_back(made);
    return index;
}

void Rail::addFoot(QWidget* button) {
    m_foot->addWidget(button);
}

void Rail::clear() {
    for (RailButton* each : m_buttons)
        delete each;
    m_buttons.clear();
}

void Rail::setCurrent(int index) {
    if (index >= 0 && index < static_cast<int>(m_buttons.size())) {
        button(index)->setChecked(true);
        return;
    }
    m_group->setExclusive(false);
    for (RailButton* each : m_buttons)
        each->setChecked(false);
    m_group->setExclusive(true);
}

void Rail::setBadge(int index, const ViewBadge& badge) {
    button(index)->setBadge(badge);
}

void Rail::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), Theme::color(Token::Surface));
    painter.fillRect(QRect(width() - 1, 0, 1, height()), Theme::color(Token::Border));
}

void Rail::keyPressEvent(QKeyEvent* event) {
    const int step = event->key() == Qt::Key_Down ? 1 : event->key() == Qt::Key_Up ? -1 : 0;
    if (step == 0 || m_buttons.empty()) {
        QWidget::keyPressEvent(event);
        return;
    }
    const auto at = std::find_if(m_buttons.begin(), m_buttons.end(),
                                 [](const RailButton* each) { return each->hasFocus(); });
    const int index = static_cast<int>(at - m_buttons.begin()) + step;
    if (index >= 0 && index < static_cast<int>(m_buttons.size()))
        button(index)->setFocus(Qt::TabFocusReason);
}

} // namespace weir
