// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/status_bar.h"

#include <QHelpEvent>
#include <QPainter>
#include <QTimer>
#include <QToolButton>
#include <QToolTip>

#include "widgets/common/controls.h"

namespace weir {
namespace {

constexpr int text_px = 12;
constexpr qreal margin = 12;
constexpr qreal between = 20;
constexpr std::chrono::milliseconds message_time{5000};

QFont fact_font(const StatusFact& fact) {
    return Theme::ui_font(text_px, fact.strong ? QFont::DemiBold : QFont::Normal);
}

} // namespace

StatusBar::StatusBar(QWidget* parent)
    : QWidget(parent)
    , m_limit(drop_button({}, tr("Read limit"), this))
    , m_message_timer(new QTimer(this)) {
    setFixedHeight(26);
    m_limit->setProperty("weir", QStringLiteral("status"));
    m_limit->hide();
    set_plain_tooltip(m_limit, tr("How fast the observed clusters may be read: shown and changed "
                                  "here"));
    m_message_timer->setSingleShot(true);
    connect(m_message_timer, &QTimer::timeout, this, [this] {
        m_message.clear();
        update();
    });
}

void StatusBar::setFacts(const std::vector<StatusFact>& facts) {
    if (facts == m_facts)
        return;
    m_facts = facts;
    setAccessibleName(text());
    update();
}

void StatusBar::setLimit(const QString& text) {
    const QString shown = text.isEmpty() ? text : text % QStringLiteral(" ▾");
    if (shown == m_limit->text())
        return;
    m_limit->setText(shown);
    m_limit->setAccessibleDescription(text);
    m_limit->setVisible(!text.isEmpty());
    placeLimit();
}

/// Left of the clock.
void StatusBar::placeLimit() {
    const int clock = static_cast<int>(tabular_width(Theme::ui_font(text_px), m_clock));
    const QSize size = m_limit->sizeHint();
    m_limit->setGeometry(width() - static_cast<int>(margin + between) - clock - size.width(), 2,
                         size.width(), height() - 3);
    update();
}

void StatusBar::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    placeLimit();
}

qreal StatusBar::roomForFacts() const {
    const qreal clock = tabular_width(Theme::ui_font(text_px), m_clock);
    const qreal limit = m_limit->isHidden() ? 0 : m_limit->width() + between;
    return width() - 2 * margin - between - clock - limit;
}

void StatusBar::setClock(const QString& text, const QString& tooltip) {
    m_clock_tooltip = tooltip;
    if (text == m_clock)
        return;
    m_clock = text;
    placeLimit();
}

void StatusBar::say(const QString& message) {
    m_message = message;
    m_message_timer->start(message_time);
    setAccessibleName(text());
    update();
}

QString StatusBar::text() const {
    QStringList parts;
    if (!m_message.isEmpty())
        parts.append(m_message);
    for (const StatusFact& fact : m_facts)
        parts.append(fact.text);
    if (!m_limit->isHidden())
        parts.append(m_limit->accessibleDescription());
    return parts.join(QStringLiteral(" · "));
}

std::vector<std::pair<QRectF, std::size_t>> StatusBar::boxes() const {
    const qreal room = roomForFacts();
    std::vector<std::pair<QRectF, std::size_t>> boxes;
    qreal x = margin;
    for (std::size_t i = 0; i < m_facts.size(); ++i) {
        const qreal width = tabular_width(fact_font(m_facts[i]), m_facts[i].text);
        if (x + width > margin + room)
            break;
        boxes.emplace_back(QRectF(x, 0, width, height()), i);
        x += width + between;
    }
    return boxes;
}

bool StatusBar::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    QString tip = m_clock_tooltip;
    for (const auto& [box, index] : boxes()) {
        if (box.contains(help->pos()))
            tip = m_facts[index].text % QLatin1Char('\n') % m_facts[index].tooltip;
    }
    QToolTip::showText(help->globalPos(), plain_tooltip(tip), this);
    return true;
}

void StatusBar::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), Theme::color(Token::Surface));
    painter.fillRect(QRect(0, 0, width(), 1), Theme::color(Token::Border));
    const QFont plain = Theme::ui_font(text_px);
    const qreal baseline = 1 + height() / 2.0 + QFontMetricsF(plain).capHeight() / 2;
    painter.setFont(plain);
    painter.setPen(Theme::color(Token::Muted));
    const qreal clock_width = tabular_width(plain, m_clock);
    draw_tabular(painter, {width() - margin - clock_width, baseline}, m_clock);
    if (!m_message.isEmpty()) {
        painter.setPen(Theme::color(Token::Text));
        const auto room = static_cast<int>(roomForFacts());
        painter.drawText(QPointF(margin, baseline),
                         QFontMetrics(plain).elidedText(m_message, Qt::ElideRight, room));
        return;
    }
    for (const auto& [box, index] : boxes()) {
        painter.setFont(fact_font(m_facts[index]));
        painter.setPen(Theme::color(m_facts[index].tone));
        draw_tabular(painter, {box.left(), baseline}, m_facts[index].text);
    }
}

} // namespace weir
