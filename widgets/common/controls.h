// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The small parts every view is put together from: cards, buttons, pills, labels.
// Text is always plain text: what comes from events must never be read as markup (law 7).
// Thread contract: GUI thread only.
#pragma once

#include <QFrame>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

#include "models/live/plain_tooltip.h"
#include "widgets/common/icons.h"
#include "widgets/common/theme.h"

namespace weir {

/// A surface with a border and 6 px corners. With an accent colour, a 4 px edge on the left.
class Card : public QFrame {
    Q_OBJECT
  public:
    explicit Card(QWidget* parent = nullptr);
    /// A state's colour along the left edge; Border: none.
    void setEdge(Token token);

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    Token m_edge = Token::Border;
};

/// A word on a soft ground of its state's colour; the word (and ▲ for alarms) says it, too.
class Pill : public QWidget {
    Q_OBJECT
  public:
    enum class Tone { Neutral, Accent, Red, Amber, Green };
    explicit Pill(QWidget* parent = nullptr);
    void setText(const QString& text, Tone tone);
    QString text() const { return m_text; }
    Tone tone() const { return m_tone; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    QString m_text;
    Tone m_tone = Tone::Neutral;
};

enum class TextRole { Body, Strong, Muted, Heading, Mono, MonoMuted };

/// A plain-text label in a role of the theme; follows light and dark.
class TextLabel : public QLabel {
    Q_OBJECT
  public:
    explicit TextLabel(const QString& text = {}, TextRole role = TextRole::Body,
                       QWidget* parent = nullptr);
    void setRole(TextRole role);
    /// A state's colour instead of the role's.
    void setTone(Token token);
    /// One line that takes the width it is given; what is cut ends in "…" and is whole in the
    /// tooltip.
    void setElided();
    QSize minimumSizeHint() const override;

  protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

  private:
    void refresh();
    bool m_elided = false;
    TextRole m_role;
    Token m_tone;
    bool m_refreshing = false;
};

/// The one main action of a place.
QPushButton* primary_button(const QString& text, QWidget* parent = nullptr);
QPushButton* quiet_button(const QString& text, QWidget* parent = nullptr);
/// Text in the accent's colour, for an action within a line of text.
QPushButton* link_button(const QString& text, QWidget* parent = nullptr);
/// A button that opens a menu or a popup: "Last 15 min ▾".
QToolButton* drop_button(const QString& text, const QString& accessible_name,
                         QWidget* parent = nullptr);
/// An icon without a frame; `name` is its tooltip and its accessible name.
QToolButton* icon_button(Icon which, const QString& name, QWidget* parent = nullptr);

/// Its tooltip is the text as it is, whatever it looks like.
void set_plain_tooltip(QWidget* widget, const QString& text);

/// Draws text with every digit in the width of the widest, so that changing numbers stand still.
/// Qt 6.4 cannot ask a font for its tabular figures. Returns the width drawn.
qreal draw_tabular(QPainter& painter, const QPointF& baseline, const QString& text);
qreal tabular_width(const QFont& font, const QString& text);

} // namespace weir
