// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/common/controls.h"

#include <QEvent>
#include <QFontMetricsF>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <array>

namespace weir {

Card::Card(QWidget* parent)
    : QFrame(parent) {
    setFrameShape(QFrame::NoFrame);
    setContentsMargins(1, 1, 1, 1);
}

void Card::setEdge(Token token) {
    m_edge = token;
    setContentsMargins(token == Token::Border ? 1 : 4, 1, 1, 1);
    update();
}

void Card::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF frame = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.setPen(QPen(Theme::color(Token::Border), 1));
    painter.setBrush(Theme::color(Token::Surface));
    painter.drawRoundedRect(frame, Theme::card_radius, Theme::card_radius);
    if (m_edge != Token::Border) {
        painter.setClipRect(QRectF(0, 0, 4, height()));
        painter.setPen(Qt::NoPen);
        painter.setBrush(Theme::color(m_edge));
        painter.drawRoundedRect(QRectF(rect()), Theme::card_radius, Theme::card_radius);
    }
}

Pill::Pill(QWidget* parent)
    : QWidget(parent) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void Pill::setText(const QString& text, Tone tone) {
    if (text == m_text && tone == m_tone)
        return;
    m_text = text;
    m_tone = tone;
    setAccessibleName(text);
    updateGeometry();
    update();
}

QSize Pill::sizeHint() const {
    const QFontMetrics metrics(Theme::ui_font(12, QFont::DemiBold));
    return {metrics.horizontalAdvance(m_text) + 20, 24};
}

void Pill::paintEvent(QPaintEvent*) {
    struct Colors {
        Token text, ground;
    };
    static constexpr std::array<Colors, 5> colors{{{Token::Muted, Token::Surface2},
                                                   {Token::Accent, Token::AccentSoft},
                                                   {Token::Red, Token::RedSoft},
                                                   {Token::Amber, Token::AmberSoft},
                                                   {Token::Green, Token::GreenSoft}}};
    const Colors& pair = colors[static_cast<std::size_t>(m_tone)];
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(Theme::color(pair.ground));
    painter.drawRoundedRect(QRectF(rect()), 4, 4);
    painter.setPen(Theme::color(pair.text));
    painter.setFont(Theme::ui_font(12, QFont::DemiBold));
    painter.drawText(rect(), Qt::AlignCenter, m_text);
}

TextLabel::TextLabel(const QString& text, TextRole role, QWidget* parent)
    : QLabel(parent)
    , m_role(role)
    , m_tone(role == TextRole::Muted || role == TextRole::MonoMuted ? Token::Muted : Token::Text) {
    setTextFormat(Qt::PlainText);
    setText(text);
    refresh();
}

void TextLabel::setRole(TextRole role) {
    m_role = role;
    m_tone = role == TextRole::Muted || role == TextRole::MonoMuted ? Token::Muted : Token::Text;
    refresh();
}

void TextLabel::setTone(Token token) {
    m_tone = token;
    refresh();
}

void TextLabel::setElided() {
    m_elided = true;
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
}

QSize TextLabel::minimumSizeHint() const {
    constexpr int least = 40;
    const QSize hint = QLabel::minimumSizeHint();
    return m_elided ? QSize(std::min(least, hint.width()), hint.height()) : hint;
}

void TextLabel::paintEvent(QPaintEvent* event) {
    if (!m_elided) {
        QLabel::paintEvent(event);
        return;
    }
    QPainter painter(this);
    painter.setPen(palette().color(foregroundRole()));
    painter.drawText(contentsRect(), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                     fontMetrics().elidedText(text(), Qt::ElideRight, contentsRect().width()));
}

bool TextLabel::event(QEvent* event) {
    if (m_elided && event->type() == QEvent::ToolTip) {
        const bool cut = fontMetrics().horizontalAdvance(text()) > contentsRect().width();
        QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(),
                           cut ? plain_tooltip(text()) : QString(), this);
        return true;
    }
    return QLabel::event(event);
}

void TextLabel::changeEvent(QEvent* event) {
    QLabel::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !m_refreshing)
        refresh();
}

void TextLabel::refresh() {
    m_refreshing = true;
    switch (m_role) {
    case TextRole::Body:
    case TextRole::Muted:
        setFont(Theme::ui_font());
        break;
    case TextRole::Strong:
        setFont(Theme::ui_font(13, QFont::DemiBold));
        break;
    case TextRole::Heading:
        setFont(Theme::ui_font(16, QFont::DemiBold));
        break;
    case TextRole::Mono:
    case TextRole::MonoMuted:
        setFont(Theme::mono_font());
        break;
    }
    QPalette colors = palette();
    colors.setColor(QPalette::WindowText, Theme::color(m_tone));
    setPalette(colors);
    m_refreshing = false;
}

namespace {

QPushButton* button(const QString& text, const char* role, QWidget* parent) {
    auto* made = new QPushButton(text, parent);
    made->setProperty("weir", QLatin1String(role));
    made->setAutoDefault(true); // Enter presses it, too, in a dialog or not
    made->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    return made;
}

} // namespace

QPushButton* primary_button(const QString& text, QWidget* parent) {
    return button(text, "primary", parent);
}

QPushButton* quiet_button(const QString& text, QWidget* parent) {
    return button(text, "quiet", parent);
}

QPushButton* link_button(const QString& text, QWidget* parent) {
    QPushButton* made = button(text, "link", parent);
    made->setCursor(Qt::PointingHandCursor);
    return made;
}

QToolButton* drop_button(const QString& text, const QString& accessible_name, QWidget* parent) {
    auto* made = new QToolButton(parent);
    made->setProperty("weir", QStringLiteral("button"));
    made->setText(text % QStringLiteral(" ▾"));
    made->setToolButtonStyle(Qt::ToolButtonTextOnly);
    made->setAccessibleName(accessible_name);
    made->setFocusPolicy(Qt::StrongFocus);
    made->setPopupMode(QToolButton::InstantPopup);
    return made;
}

QToolButton* icon_button(Icon which, const QString& name, QWidget* parent) {
    auto* made = new QToolButton(parent);
    made->setProperty("weir", QStringLiteral("flat"));
    made->setIcon(icon(which));
    made->setIconSize({16, 16});
    made->setToolTip(name);
    made->setAccessibleName(name);
    made->setFocusPolicy(Qt::StrongFocus);
    return made;
}

void set_plain_tooltip(QWidget* widget, const QString& text) {
    widget->setToolTip(plain_tooltip(text));
}

qreal draw_tabular(QPainter& painter, const QPointF& baseline, const QString& text) {
    const QFontMetricsF metrics(painter.font());
    const qreal digit = metrics.horizontalAdvance(QLatin1Char('0'));
    qreal x = baseline.x();
    QString run;
    const auto flush = [&] {
        if (!run.isEmpty()) {
            painter.drawText(QPointF(x, baseline.y()), run);
            x += metrics.horizontalAdvance(run);
            run.clear();
        }
    };
    for (const QChar c : text) {
        if (c < QLatin1Char('0') || c > QLatin1Char('9')) {
            run += c;
            continue;
        }
        flush();
        painter.drawText(QPointF(x + (digit - metrics.horizontalAdvance(c)) / 2, baseline.y()), c);
        x += digit;
    }
    flush();
    return x - baseline.x();
}

qreal tabular_width(const QFont& font, const QString& text) {
    const QFontMetricsF metrics(font);
    const qreal digit = metrics.horizontalAdvance(QLatin1Char('0'));
    qreal width = 0;
    QString run;
    for (const QChar c : text) {
        if (c >= QLatin1Char('0') && c <= QLatin1Char('9')) {
            width += digit + metrics.horizontalAdvance(run);
            run.clear();
        } else {
            run += c;
        }
    }
    return width + metrics.horizontalAdvance(run);
}

} // namespace weir
